"""During the year: advances, pre-settlement, warnings; before it: the budget reckoned; special cases put forward."""

import csv
from datetime import date

import pytest
from django.http import Http404

from payment_runs import county
from yigongti.capabilities.payment.models import BudgetUse, Composition, Month, MonthLine, SpecialCase, Tone
from yigongti.capabilities.payment.services import runs
from yigongti.capabilities.payment.services.budgeting import compose_budgets, write_budgets
from yigongti.capabilities.payment.services.months import settle_month
from yigongti.capabilities.payment.services.special import put_forward
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.spine.notices.models import Notice


def test_a_month_is_advanced_a_twelfth_of_nine_tenths_and_settled_at_95_percent_of_what_was_recorded(facts):
    month = settle_month(2025, 3, by=None)
    own = MonthLine.objects.filter(month=month, consortium_id="A", scheme="inpatient")
    assert sum(line.advance_fen for line in own) == 9_000_000 * 90 // 100 // 12
    recorded = {line.institution_id: line.recorded_fen for line in own if line.recorded_fen}
    expected = [stay for stay in county.STAYS if stay["discharged_on"] == date(2025, 3, 20)]
    assert sum(recorded.values()) == sum(
        stay["fund_fen"] for stay in expected if stay["resident_id"] in ("R0", "R2", "R4")
    )
    for line in own:
        assert line.settled_fen == (line.recorded_fen * 95 + 50) // 100


def test_twelve_months_advance_the_share_of_the_budget_exactly(facts):
    for month in range(1, 13):
        settle_month(2025, month, by=None)
    lines = MonthLine.objects.filter(consortium_id="B", scheme="inpatient")
    assert sum(line.advance_fen for line in lines) == 9_000_000 * 90 // 100


def test_a_month_is_settled_once_and_not_before_it_is_over(facts):
    settle_month(2025, 3, by=None)
    with pytest.raises(Refusal, match="已经预结算"):
        settle_month(2025, 3, by=None)
    with pytest.raises(Refusal, match="还没有结束"):
        settle_month(2026, 1, by=None)
    with pytest.raises(Refusal, match="没有预算"):
        settle_month(2023, 1, by=None)
    assert Month.objects.count() == 1


def test_at_a_quarters_end_people_are_told_of_a_budget_used_faster_than_time_passes(facts, insurer, somebody):
    manager = somebody("manager", at="H1")
    county.bring(budget=[{**row, "amount_fen": 2_000_000} for row in county.BUDGETS if row["scheme"] == "inpatient"])
    settle_month(2025, 2, by=None)
    assert not Notice.objects.filter(kind="budget_use").exists()
    settle_month(2025, 3, by=None)
    use = BudgetUse.objects.get(month__month=3, consortium_id="A", scheme="inpatient")
    assert use.tone == Tone.BAD
    told = set(Notice.objects.filter(kind="budget_use").values_list("user_id", flat=True))
    assert told == {insurer.pk, manager.pk}
    assert "红色预警" in Notice.objects.filter(user=manager).first().text


def test_the_budget_is_reckoned_by_heads_and_history_with_its_deductions(facts, tmp_path):
    composed = compose_budgets(2026)
    one = next(each for each in composed if each.consortium_id == "A")
    assert one.heads["number"] == 3
    assert one.history_fen[2] is None
    assert one.gross_fen == (one.by_heads_fen + one.by_history_fen + 1) // 2
    assert one.net_fen == one.gross_fen - sum(one.deductions.values()) == sum(one.parts.values())
    path = tmp_path / "budget.csv"
    write_budgets(composed, path)
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    assert sum(int(row["amount_fen"]) for row in rows) == sum(each.net_fen for each in composed)


def test_risk_moves_money_between_consortia_and_makes_none(facts):
    composed = compose_budgets(2026)
    people = sum(each.heads["number"] for each in composed)
    assert abs(sum(each.by_heads_fen for each in composed) - people * 65_000) <= len(composed)


def test_a_second_reckoning_replaces_the_first(facts):
    compose_budgets(2026)
    compose_budgets(2026)
    assert Composition.objects.filter(year=2026).count() == 2


def test_without_people_or_history_no_budget_is_reckoned(db):
    with pytest.raises(Refusal, match="没有参保居民"):
        compose_budgets(2026)
    county.bring(place=county.PLACES, institution=county.INSTITUTIONS, resident=county.RESIDENTS)
    with pytest.raises(Refusal, match="没有一个完整年度"):
        compose_budgets(2026)
    assert not Composition.objects.exists()


def dear(facts_day=date(2025, 12, 20)):
    return county.stay(400, "H1", 0, facts_day, 9_000_000)


def test_a_special_case_is_put_forward_by_its_own_institution_once_and_in_time(facts, somebody):
    manager = somebody("manager", at="H1")
    county.bring(stay=[dear()])
    put_forward("S400", ground="high_cost", note="多器官衰竭", by=manager)
    with pytest.raises(Refusal, match="已经申报"):
        put_forward("S400", ground="high_cost", note="", by=manager)
    with pytest.raises(Refusal, match="已过申报期限"):
        put_forward("S100", ground="high_cost", note="", by=manager)
    with pytest.raises(Refusal, match="不认识的理由"):
        put_forward("S132", ground="because", note="", by=manager)
    with pytest.raises(Http404):
        put_forward("S101", ground="high_cost", note="", by=manager)
    assert SpecialCase.objects.count() == 1


def test_an_admitted_special_case_is_paid_by_what_is_recognised_of_its_cost(facts, somebody, ruled):
    county.bring(stay=[dear()])
    before = runs.settle_year(2025).settlement
    put_forward("S400", ground="high_cost", note="", by=somebody("manager", at="H1"))
    after = runs.settle_year(2025)
    (answer,) = after.run.answers
    assert answer["outcome"] == "allow"
    assert kind_of(after.settlement, "S400") == "special"
    assert after.settlement.run != before.run
    assert points_of(after.settlement, "S400") >= points_of(before, "S400")


def test_a_special_case_beyond_the_quota_or_too_cheap_stays_with_its_group(facts, somebody):
    manager = somebody("manager", at="H1")
    with clock.at(date(2025, 2, 1)):
        put_forward("S100", ground="high_cost", note="", by=manager)
    found = runs.settle_year(2025)
    assert found.run.answers[0]["outcome"] == "refuse"
    assert kind_of(found.settlement, "S100") != "special"


def kind_of(settlement, stay_id):
    return row_of(settlement, stay_id)["kind"]


def points_of(settlement, stay_id):
    return row_of(settlement, stay_id)["points_e4"]


def row_of(settlement, stay_id):
    return next(row for row in settlement.cases.to_pylist() if row["stay_id"] == stay_id)
