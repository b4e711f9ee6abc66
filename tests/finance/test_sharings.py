"""A sharing from facts to books: who gets what and why, by two people, once, and back again where it was wrong."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from yigongti.capabilities.finance.models import POOL, Kind, Line, Posting, Run
from yigongti.capabilities.finance.selectors.statements import statement_of
from yigongti.capabilities.finance.services import running
from yigongti.capabilities.finance.services.pool import balance, note_centre_cost, take_in
from yigongti.capabilities.finance.services.running import post, prepare, take_back
from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import parse
from yigongti.spine.county_rules import county_rules

pytestmark = [pytest.mark.django_db, pytest.mark.store]
YEAR = parse("2025")


def reckoned(people, kind=Kind.DISTRIBUTION, total=1_000_001, **changed):
    given = {
        "consortium_id": "C1",
        "period": YEAR,
        "total_fen": total,
        "source": "结余",
        "by": people.manager,
        **changed,
    }
    return prepare(kind, **given)


def fund(people, amount=5_000_000, request_id="in-1"):
    return take_in("C1", source="surplus", amount_fen=amount, memo="", day=date(2026, 1, 5), request_id=request_id,
                   by=people.bureau)  # fmt: skip


def parts(run, factor):
    return {line.institution_id: line.amount_fen for line in run.lines.filter(factor=factor)}


def test_a_distribution_goes_by_four_factors_and_sums_to_the_fen(people, frozen):
    run = reckoned(people)
    assert run.lines.aggregate(total=Sum("amount_fen"))["total"] == 1_000_001
    assert set(run.lines.values_list("factor", flat=True)) == {
        "staff",
        "equipment",
        "service_capacity",
        "participation",
    }


def test_a_village_rooms_work_counts_for_the_centre_that_keeps_its_books(people, frozen):
    capacity = parts(reckoned(people), "service_capacity")
    assert set(capacity) == {"T1", "T2"}
    # 30 visits × 100 % against 10 visits × 80 % (half of the targets met)
    assert capacity["T1"] / capacity["T2"] == pytest.approx(30 / 8, rel=1e-4)


def test_staff_and_equipment_are_not_cut_by_the_evaluation(people, frozen):
    assert len(set(parts(reckoned(people, total=900_000), "equipment").values())) == 1


def test_nothing_is_distributed_before_the_evaluation_is_frozen(people):
    with pytest.raises(Refusal, match="还没有固化"):
        reckoned(people)
    assert not Run.objects.exists()


def test_a_member_without_books_stops_it_by_name(people, frozen):
    with pytest.raises(Refusal, match="没有 2024 的账"):
        reckoned(people, Kind.ZONES, period=parse("2024"))


def test_the_one_who_reckons_does_not_post(people, frozen):
    fund(people)
    run = reckoned(people)
    with pytest.raises(Refusal, match="两个人"):
        post(run.pk, by=people.manager)
    assert post(run.pk, by=people.bureau).state == "已入账"


def test_the_pool_cannot_be_overdrawn_and_nothing_is_half_posted(people, frozen):
    fund(people, amount=1_000_000)
    run = reckoned(people)
    with pytest.raises(Refusal, match="不够支付"):
        post(run.pk, by=people.bureau)
    assert balance("C1") == 1_000_000
    assert Run.objects.get(pk=run.pk).posted_at is None


def test_one_period_is_shared_once(people, frozen):
    fund(people)
    first, second = reckoned(people), reckoned(people)
    post(first.pk, by=people.bureau)
    with pytest.raises(Refusal, match="只分一次"):
        post(second.pk, by=people.bureau)
    with pytest.raises(Refusal, match="只分一次"):
        reckoned(people, period=parse("2025H1"))


def test_taking_back_reverses_every_posting_and_frees_the_period(people, frozen):
    fund(people)
    run = reckoned(people)
    post(run.pk, by=people.bureau)
    assert balance("C1") == 5_000_000 - 1_000_001
    take_back(run.pk, reason="数据有误", by=people.bureau)
    assert balance("C1") == 5_000_000
    owners = {name for pair in Posting.objects.values_list("from_owner", "to_owner") for name in pair} - {POOL}
    for owner in owners - {"source:surplus"}:
        into = sum(Posting.objects.filter(to_owner=owner).values_list("amount_fen", flat=True))
        assert into == sum(Posting.objects.filter(from_owner=owner).values_list("amount_fen", flat=True))
    assert reckoned(people).state == "测算"


def test_centre_costs_fall_on_those_who_use_the_centre(people):
    note_centre_cost(
        "C1", centre="ecg", institution_id="H", month="2025-03", amount_fen=60_001, evidence="台账", by=people.manager
    )
    run = reckoned(people, Kind.APPORTIONMENT)
    assert parts(run, "ecg") == {"T1": 40_001, "T2": 20_000}
    post(run.pk, by=people.bureau)
    assert set(Posting.objects.values_list("from_owner", "to_owner")) == {("T1", "H"), ("T2", "H")}


def test_a_month_that_is_apportioned_takes_no_more_cost(people):
    cost = {"centre": "ecg", "institution_id": "H", "month": "2025-03", "evidence": "台账", "by": people.manager}
    note_centre_cost("C1", amount_fen=60_000, **cost)
    post(reckoned(people, Kind.APPORTIONMENT).pk, by=people.bureau)
    with pytest.raises(Refusal, match="已分摊入账"):
        note_centre_cost("C1", amount_fen=70_000, **cost)


def test_a_request_said_twice_is_entered_once(people):
    assert fund(people).pk == fund(people).pk
    assert balance("C1") == 5_000_000


def test_the_database_itself_keeps_what_is_posted(people, frozen):
    fund(people)
    run = post(reckoned(people).pk, by=people.bureau)
    for change in (
        lambda: Posting.objects.update(amount_fen=1),
        lambda: Posting.objects.all().delete(),
        lambda: Line.objects.filter(run=run).update(amount_fen=1),
        lambda: Run.objects.filter(pk=run.pk).update(total_fen=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_director_follows_the_statement_from_the_total_to_his_own_line(people, frozen):
    fund(people)
    run = post(reckoned(people).pk, by=people.bureau)
    found = statement_of("T1", 2025, people.bureau)
    assert found.received_fen == sum(line.amount_fen for line in run.lines.filter(institution_id="T1"))
    [part] = found.parts
    assert "本单位 30 ÷ 全体 38" in next(line.reckoning for line in part.lines if line.factor == "服务能力")


def test_pay_that_makes_a_payment_standard_a_quota_is_refused_with_what_it_offends(people, frozen, monkeypatch):
    tiers = county_rules().rules["finance.performance.tiers"]
    layers = {
        pack: tuple(replace(each, note="超过病种支付标准的部分由医师承担") for each in versions)
        for pack, versions in tiers.layers.items()
    }
    book = replace(county_rules(), rules={**county_rules().rules, tiers.id: replace(tiers, layers=layers)})
    monkeypatch.setattr(running, "county_rules", lambda: book)
    with pytest.raises(Refusal, match="支付标准") as told:
        reckoned(people, Kind.PERFORMANCE)
    assert "限额" in told.value.why
    assert not Run.objects.exists()
