"""Keeping teams and packages: who works in a team, and a package's new version with the document that decides it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from tests.contract import people

from yigongti.capabilities.contract.decisions.packages import package
from yigongti.capabilities.contract.models import Member, Team
from yigongti.capabilities.contract.selectors import teams
from yigongti.capabilities.contract.services.packages import Decided, write_package
from yigongti.capabilities.contract.services.teams import MemberValues, TeamValues, close, describe_team, join, leave
from yigongti.kernel import clock
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.spine.county_rules import county_rules
from yigongti.spine.home import home
from yigongti.spine.people.models import Staff

pytestmark = pytest.mark.django_db
JOINED = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _own_rules() -> Iterator[None]:
    """The county's own pack is a folder, not a table: what a test writes there goes with it."""
    yield
    shutil.rmtree(home().own_policy, ignore_errors=True)


def staff(key, at):
    return Staff.objects.create(
        staff_id=key, institution_id=at, profession="physician", title="attending", general_practitioner=False
    )


def test_a_specialist_comes_from_the_county_level_and_everybody_else_from_the_teams_own_institution(doctor):
    team = Team.objects.get(pk="A")
    staff("N1", "T1"), staff("S1", "H")
    join(team, MemberValues("S1", "吴医生", "specialist", JOINED), by=doctor, at=clock.now())
    join(team, MemberValues("N1", "张护士", "nurse", JOINED), by=doctor, at=clock.now())
    staff("N2", "T1"), staff("S2", "H")
    with pytest.raises(Refusal, match="来自上级医院"):
        join(team, MemberValues("N2", "", "specialist", JOINED), by=doctor, at=clock.now())
    with pytest.raises(Refusal, match="不在团队的机构"):
        join(team, MemberValues("S2", "", "nurse", JOINED), by=doctor, at=clock.now())


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (MemberValues("NOBODY", "", "nurse", JOINED), "没有编号"),
        (MemberValues("DA", "", "doctor", JOINED), "已在团队中"),
        (MemberValues("N1", "", "leader", JOINED), "已有团队长"),
        (MemberValues("N1", "", "chef", JOINED), "没有职责"),
    ],
)
def test_who_does_not_fit_is_refused(doctor, values, why):
    staff("N1", "T1")
    with pytest.raises(Refusal, match=why):
        join(Team.objects.get(pk="A"), values, by=doctor, at=clock.now())


def test_a_team_with_people_is_neither_closed_nor_left_without_a_doctor(doctor):
    people.signed(doctor)
    team = Team.objects.get(pk="A")
    with pytest.raises(NotAllowed, match="还有签约居民"):
        close(team, by=doctor, at=clock.now())
    with pytest.raises(NotAllowed, match="不能没有家庭医生"):
        leave(team.members.get(duty="leader"), by=doctor, at=clock.now())
    staff("D2", "T1")
    join(team, MemberValues("D2", "", "doctor", JOINED), by=doctor, at=clock.now())
    leave(team.members.get(duty="leader"), by=doctor, at=clock.now())
    assert Member.objects.get(staff_id="DA").until == clock.today()


def test_teams_belong_to_base_level_institutions_and_are_kept_by_those_in_charge(doctor, other_doctor):
    values = TeamValues("T1", "新团队", JOINED)
    assert describe_team(values, by=doctor, at=clock.now()).pk
    with pytest.raises(NotAllowed, match="由所在机构维护"):
        describe_team(values, by=other_doctor, at=clock.now())
    with pytest.raises(Refusal, match="基层"):
        describe_team(replace(values, institution_id="H"), by=people.account("bureau"), at=clock.now())


def test_a_village_doctor_sees_the_team_that_they_belong_to(doctor):
    staff("V1", "T1")
    join(Team.objects.get(pk="A"), MemberValues("V1", "", "village_doctor", JOINED), by=doctor, at=clock.now())
    member = people.account("village_doctor", at="T2", staff_id="V1")
    assert [team.pk for team in teams.own_teams(member)] == ["A"]
    assert {team.pk for team in teams.teams(member)} == {"A", "B"}


def test_a_package_changes_from_its_day_on_and_the_days_before_keep_theirs(county):
    bureau = people.account("bureau")
    basic = package(county_rules(), "basic", on=clock.today())
    fee, *services = basic.items
    decided = Decided("关于调整签约服务费的通知", "云溪卫健〔2026〕7号", "三", date(2026, 2, 20), date(2026, 4, 1))
    items = (replace(fee, price_fen=150_00), *services)
    written = write_package("basic", basic.name, items, decided=decided, by=bureau, at=clock.now())
    assert (written.price_fen, written.version.source.clause, written.version.confidence) == (150_00, "三", "stated")
    assert package(county_rules(), "basic", on=date(2026, 3, 31)).price_fen == 120_00
    assert package(county_rules(), "basic", on=date(2026, 4, 1)).price_fen == 150_00


def test_a_package_is_written_by_the_bureau_and_not_for_days_gone_by(doctor):
    decided, bureau = Decided("通知", "", "1", date(2026, 2, 20), date(2026, 1, 1)), people.account("bureau")
    items = package(county_rules(), "basic", on=clock.today()).items
    with pytest.raises(NotAllowed, match="卫生健康局"):
        write_package("basic", "基础服务包", items, decided=decided, by=doctor, at=clock.now())
    with pytest.raises(Refusal, match="过去的日子"):
        write_package("basic", "基础服务包", items, decided=decided, by=bureau, at=clock.now())
    today = replace(decided, effective_from=clock.today())
    with pytest.raises(Refusal, match="没有项目"):
        write_package("basic", "基础服务包", (), decided=today, by=bureau, at=clock.now())
