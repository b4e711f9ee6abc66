"""The pages of institutions and villages."""

from typing import Any

import pytest
from tests.browsing import page_of
from tests.spine.county import account

from yigongti.kernel.roles import Role
from yigongti.spine.places.models import Institution


@pytest.fixture
def bureau(client: Any, db: None) -> Any:
    client.force_login(
        account("bureau", (Role.BUREAU, "county", None)), backend="yigongti.spine.access.backend.Accounts"
    )
    return client


def test_an_empty_county_says_what_to_load_first(bureau):
    assert "请先装载机构表" in page_of(bureau.get("/institutions/"))
    assert "还没有计算过指标" in page_of(bureau.get("/villages/"))


def test_the_list_is_narrowed_by_kind_zone_consortium_and_words(bureau, town):
    assert "R1" not in page_of(bureau.get("/institutions/?kind=township_center"))
    assert "东坪镇卫生院" in page_of(bureau.get("/institutions/?kind=township_center"))
    assert "没有符合条件的机构" in page_of(bureau.get("/institutions/?zone_id=西"))
    found = page_of(bureau.get("/institutions/?consortium_id=甲&q=派驻+卫生室"))
    assert "派驻村卫生室" in found
    assert "有人村卫生室" not in found


def test_an_institution_that_has_closed_is_listed_apart(bureau, town):
    Institution.objects.filter(pk="R1").update(closed_on="2025-06-30")
    assert "有人村卫生室" not in page_of(bureau.get("/institutions/"))
    assert "有人村卫生室" in page_of(bureau.get("/institutions/?closed=1"))


def test_an_institution_shows_who_works_there_and_who_is_posted(bureau, town):
    page = page_of(bureau.get("/institutions/C/"))
    assert "执业医师" in page
    assert "派驻村卫生室" in page
    assert "短期支援" not in page
    assert "没有在岗人员" in page_of(bureau.get("/institutions/R3/"))


def test_an_institution_that_nobody_knows_is_not_found(bureau, town):
    assert bureau.get("/institutions/nowhere/").status_code == 404


def test_an_institution_that_came_with_a_name_only_is_listed_with_what_it_lacks(bureau, town):
    Institution.objects.create(institution_id="F1", name="某某医院", is_lead=False)
    page = page_of(bureau.get("/institutions/incomplete/"))
    assert "某某医院" in page
    assert "机构类别、级别、举办性质、地区编号、是否县域内" in page
    assert "有 1 家机构" in page_of(bureau.get("/institutions/"))
    assert "还缺少" in page_of(bureau.get("/institutions/F1/"))


def test_numbers_are_shown_to_who_has_the_institution_in_scope(client, measured):
    own, other = (account(name, (Role.MANAGER, "institution", at)) for name, at in (("own", "C"), ("other", "R1")))
    for user, seen in ((own, "这家机构还没有可算的指标"), (other, "不在您的管辖范围内")):
        client.force_login(user, backend="yigongti.spine.access.backend.Accounts")
        assert seen in page_of(client.get("/institutions/C/"))


def test_the_map_and_the_list_of_blank_spots_name_the_clause_and_what_to_do(bureau, measured):
    page = page_of(bureau.get("/villages/"))
    assert "小空村" in page
    assert "安排卫生院定期巡诊" in page
    assert "1 个村没有经纬度" in page
    assert "data-map" in page


def test_the_list_of_blank_spots_is_taken_away_as_a_file(bureau, measured):
    answer = bureau.get("/villages/?export=blank.csv")
    assert "大空村" in b"".join(answer.streaming_content).decode("utf-8-sig")
