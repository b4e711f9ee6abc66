"""谁能签约:在世、住在本县、同一时间只有一份;团队有余量;协议期和组合合乎规定。(巴南 第10条,嘉定 第7条)"""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yigongti.capabilities.contract.decisions.evidence import Proof, Wanted, matched
from yigongti.capabilities.contract.decisions.packages import package, suited
from yigongti.capabilities.contract.decisions.risk import Risk, risk_of
from yigongti.capabilities.contract.decisions.schedule import DAY, Window, end_of, schedule, windows
from yigongti.capabilities.contract.decisions.signing import Held, Offer, Person, may_renew, may_sign, may_start
from yigongti.kernel.rules import DEFAULT_POLICY, RuleBook

BOOK = RuleBook.load(DEFAULT_POLICY, ["national"])
RULES = BOOK.on(date(2026, 6, 1))
LIVING = Person(died_on=None)
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def offer(**changed):
    values = {"start_on": date(2026, 6, 1), "end_on": date(2027, 5, 31), "years": 1, "doctors": 1, "people": 0}
    return Offer(**{**values, **changed})


def reasons(found):
    return [reason.rule_id for reason in found.reasons]


def test_a_living_resident_without_a_contract_may_sign():
    assert may_sign(offer(), person=LIVING, others=[], rules=RULES).allowed


@pytest.mark.parametrize(
    ("person", "why"),
    [(Person(date(2026, 1, 1)), "去世"), (Person(None, lives_here=False), "不在本县")],
)
def test_the_dead_and_those_who_moved_away_may_not(person, why):
    found = may_sign(offer(), person=person, others=[], rules=RULES)
    assert found.refused
    assert why in found.reasons[0].text
    assert reasons(found) == ["contract.residents_only"]


@pytest.mark.parametrize(
    ("start", "end", "allowed"),
    [
        (date(2025, 6, 1), date(2026, 5, 31), True),
        (date(2025, 6, 1), date(2026, 6, 1), False),
        (date(2027, 5, 31), date(2028, 5, 30), False),
        (date(2027, 6, 1), date(2028, 5, 31), True),
        (date(2026, 9, 1), date(2026, 10, 1), False),
    ],
)
def test_two_contracts_may_follow_each_other_but_share_no_day(start, end, allowed):
    found = may_sign(offer(), person=LIVING, others=[Held(start, end, "甲院")], rules=RULES)
    assert found.allowed is allowed
    assert reasons(found) == ([] if allowed else ["contract.valid_per_person"])


@given(days, st.integers(0, 900), days, st.integers(0, 900))
def test_an_overlap_is_refused_from_either_side(first, long, second, short):
    one, other = (first, first + DAY * long), (second, second + DAY * short)
    found = [
        may_sign(offer(start_on=a[0], end_on=a[1]), person=LIVING, others=[Held(*b, "")], rules=RULES).allowed
        for a, b in ((one, other), (other, one))
    ]
    assert found[0] == found[1] == (one[1] < other[0] or other[1] < one[0])


@pytest.mark.parametrize(
    ("doctors", "people", "allowed"), [(1, 1999, True), (1, 2000, False), (2, 2000, True), (0, 0, False)]
)
def test_every_family_doctor_has_at_most_as_many_people_as_the_rule_says(doctors, people, allowed):
    assert may_sign(offer(doctors=doctors, people=people), person=LIVING, others=[], rules=RULES).allowed is allowed


def test_every_reason_is_told_at_once():
    held = [Held(date(2026, 1, 1), date(2026, 12, 31), "甲院")]
    found = may_sign(
        offer(years=9, people=2000, institutions=4, is_open=False),
        person=Person(date(2026, 1, 1)),
        others=held,
        rules=RULES,
    )
    assert len(found.reasons) == 6


def test_jiading_combines_three_institutions_at_most():
    rules = RuleBook.load(DEFAULT_POLICY, ["national", "jiading-2020"]).on(date(2026, 6, 1))
    assert may_sign(offer(institutions=3), person=LIVING, others=[], rules=rules).allowed
    found = may_sign(offer(institutions=4), person=LIVING, others=[], rules=rules)
    assert reasons(found) == ["contract.combination_size"]


def test_a_contract_is_neither_backdated_nor_made_ahead_longer_than_the_rules_say():
    today = date(2026, 6, 1)
    back, ahead = (RULES[name].days for name in ("contract.backdated_at_most", "contract.ahead_at_most"))
    for start, refused_by in (
        (today - DAY * back, []),
        (today - DAY * (back + 1), ["contract.backdated_at_most"]),
        (today + DAY * ahead, []),
        (today + DAY * (ahead + 1), ["contract.ahead_at_most"]),
    ):
        assert reasons(may_start(start_on=start, on=today, rules=RULES)) == refused_by


def test_renewing_is_for_the_ninety_days_before_the_end():
    end = date(2026, 12, 31)
    assert may_renew(end_on=end, on=end - timedelta(days=90), rules=RULES).allowed
    assert reasons(may_renew(end_on=end, on=end - timedelta(days=91), rules=RULES)) == ["contract.renew_from"]


def test_four_times_a_year_means_four_quarters_of_the_contract_and_not_of_the_calendar():
    found = list(windows(date(2026, 3, 2), date(2027, 3, 1), times=4))
    assert [window.due_on for window in found] == [
        date(2026, 5, 31), date(2026, 8, 30), date(2026, 11, 29), date(2027, 3, 1),
    ]  # fmt: skip


@given(start=days, years=st.integers(1, 3), times=st.integers(1, 52))
def test_windows_follow_one_another_and_cover_the_contract(start, years, times):
    end = end_of(start, years=years)
    found = list(windows(start, end, times=times))
    assert len(found) == times * years
    assert (found[0].opens_on, found[-1].due_on) == (start, end)
    assert all(after.opens_on == before.due_on + DAY for before, after in pairwise(found))


@given(start=days, length=st.integers(0, 1200), times=st.integers(1, 52))
def test_a_contract_that_ends_early_keeps_the_windows_that_began(start, length, times):
    end = start + DAY * length
    found = list(windows(start, end, times=times))
    assert found[0].opens_on == start
    assert found[-1].due_on == end
    assert all(window.opens_on <= window.due_on for window in found)


def test_a_fee_is_nothing_to_be_done_and_falls_due_never():
    chronic = package(BOOK, "chronic", on=date(2026, 6, 1))
    due = schedule(chronic.items, start=date(2026, 1, 1), end=date(2026, 12, 31))
    assert "sign_up" not in {each.item.code for each in due}
    assert len(due) == 4 + 4 + 1 + 2 + 2


@pytest.mark.parametrize(
    ("evidence", "proof", "found"),
    [
        ("follow_up:hypertension|diabetes", ("follow_up", "diabetes"), True),
        ("follow_up:hypertension|diabetes", ("follow_up", "copd"), False),
        ("follow_up", ("follow_up", "copd"), True),
        ("visit:home", ("visit", "outpatient"), False),
        ("measurement:sbp", ("measurement", "sbp"), True),
        ("entry", ("follow_up", "copd"), False),
    ],
)
def test_what_the_record_shows_fulfils_an_item_of_that_kind(evidence, proof, found):
    window = Window(date(2026, 1, 1), date(2026, 3, 31))
    facts = [Proof(*proof, day, key, "T1") for day, key in ((date(2026, 2, 2), "B"), (date(2026, 1, 5), "A"))]
    assert {key: each.key for key, each in matched([Wanted(7, evidence, window, {"T1"})], by=facts).items()} == (
        {7: "A"} if found else {}
    )


@pytest.mark.parametrize(
    ("institution", "found"), [("T1", True), ("room of T1", True), ("hospital", False), (None, False)]
)
def test_only_what_the_teams_own_sites_did_fulfils_an_item(institution, found):
    window = Window(date(2026, 1, 1), date(2026, 3, 31))
    visit = Proof("visit", "outpatient", date(2026, 2, 2), "V", institution)
    assert bool(matched([Wanted(7, "visit", window, {"T1", "room of T1"})], by=[visit])) is found


def test_somebody_in_several_groups_is_at_the_highest_risk_of_them():
    version = RULES["contract.risk"]
    assert risk_of(["elderly", "severe_mental_disorder"], version=version) is Risk.HIGH
    assert risk_of(["hypertension"], version=version) is Risk.MEDIUM
    assert risk_of([], version=version) is Risk.LOW


def test_packages_are_suggested_by_key_group():
    assert suited(["elderly", "diabetes", "hypertension"], RULES["contract.package_suits"]) == ["elderly", "chronic"]
