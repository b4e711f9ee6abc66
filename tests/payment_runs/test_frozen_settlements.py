"""Settlement runs: kept, cleared once a year, corrected with a difference statement, worked out again bit for bit."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import DatabaseError, connection, transaction

from payment_runs import county
from yigongti.analytics.lake import pinned
from yigongti.analytics.lake.manifest import located
from yigongti.analytics.lake.models import Part
from yigongti.capabilities.measure.models import Kind, Value
from yigongti.capabilities.measure.models import Run as Measured
from yigongti.capabilities.payment.models import Clearing, LineResult, PoolResult, Run
from yigongti.capabilities.payment.selectors.differences import difference
from yigongti.capabilities.payment.services import runs
from yigongti.capabilities.payment.services.settle import book_of
from yigongti.kernel import clock
from yigongti.kernel.errors import FileRefused, Refusal
from yigongti.spine.home import home

pytestmark = pytest.mark.store
NEEDED = {"payment.clearing.by_evaluation": "是"}


@pytest.fixture
def settled(facts):
    return runs.settle_year(2025)


@pytest.fixture
def cleared(settled, insurer):
    return runs.clear_year(settled.run.pk, by=insurer)


def refused_by_database(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError as error:
        return "cleared run" in str(error)
    return False


def bring_another_stay():
    county.bring(stay=[county.stay(300, "C1", 0, date(2025, 9, 9), 777_777)])


def mend_a_stay():
    """A stay that was there is replaced, so that its file is written anew."""
    county.bring(stay=[{**county.STAYS[-2], "fund_fen": 1, "total_fen": 150_001}])


def sweep_everything():
    for part in Part.objects.exclude(retired_at=None):
        located(part.path).unlink(missing_ok=True)


def test_every_settlement_keeps_its_run_with_pools_lines_and_stays(settled):
    found, run = settled.settlement.as_dict(), settled.run
    assert run.pk == found["run"]
    lines = LineResult.objects.filter(pool__run=run)
    assert sum(line.final_fen for line in lines) == found["totals"]["final_fen"]
    assert run.cases_rows == sum(1 for stay in county.STAYS if stay["discharged_on"].year == 2025)
    assert (home().path / run.cases_file).exists()


def test_the_same_facts_and_rules_give_the_same_run_which_is_kept_once(settled):
    assert runs.settle_year(2025).run == settled.run
    assert Run.objects.count() == 1


def test_a_supposition_is_not_kept(facts):
    before, after = runs.suppose(2025, ["payment.clearing.surplus_share=0%"])
    assert before.settlement.run != after.settlement.run
    assert Run.objects.count() == 0
    assert not (home().path / "settled").exists()


def test_a_year_is_cleared_once(cleared):
    bring_another_stay()
    again = runs.settle_year(2025)
    with pytest.raises(Refusal, match="2025 年已经清算") as refused:
        runs.clear_year(again.run.pk, by=None)
    assert "--corrects" in refused.value.remedy
    with pytest.raises(Refusal, match="已经是清算"):
        runs.clear_year(cleared.run_id, by=None)
    assert Clearing.objects.count() == 1


def test_a_correction_says_what_it_corrects_and_why_and_states_the_difference(cleared, insurer):
    bring_another_stay()
    again = runs.settle_year(2025).run
    with pytest.raises(Refusal, match="没有写原因"):
        runs.clear_year(again.pk, by=insurer, corrects=cleared.run_id)
    with pytest.raises(Refusal, match="现行的清算不是"):
        runs.clear_year(again.pk, by=insurer, corrects="0000", reason="漏报")
    correction = runs.clear_year(again.pk, by=insurer, corrects=cleared.run_id[:16], reason="漏报一例住院")
    found = difference(cleared.run_id, correction.run_id)
    total = {
        run: sum(line.final_fen for line in LineResult.objects.filter(pool__run=run)) for run in (cleared.run, again)
    }
    assert found.change == total[again] - total[cleared.run]
    assert "C1" in {line.institution_id for line in found.lines}
    assert "stay" in found.tables
    assert not found.rules


def test_nothing_can_be_corrected_before_it_is_cleared(settled):
    with pytest.raises(Refusal, match="还没有清算"):
        runs.clear_year(settled.run.pk, by=None, corrects="abc", reason="错")


def test_the_database_itself_refuses_to_change_or_remove_a_cleared_run(cleared):
    run, pools = Run.objects.filter(pk=cleared.run_id), PoolResult.objects.filter(run=cleared.run)
    assert refused_by_database(lambda: run.update(result_hash="0"))
    assert refused_by_database(lambda: pools.update(budget_fen=1, final_fen=1, kept_by_fund_fen=0, fund_share_fen=0))
    assert refused_by_database(lambda: LineResult.objects.filter(pool__in=pools).update(stays=0))
    assert refused_by_database(lambda: Clearing.objects.filter(pk=cleared.pk).update(reason="x"))
    assert refused_by_database(lambda: raw("DELETE FROM payment_clearing"))
    assert refused_by_database(lambda: raw("DELETE FROM payment_lineresult"))


def raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_cleared_run_is_worked_out_again_bit_for_bit_although_the_facts_have_moved_on(cleared):
    mend_a_stay()
    sweep_everything()
    again = runs.reproduce(cleared.run_id[:12])
    assert again.is_identical
    assert again.hash == again.recorded_hash
    assert runs.settle_year(2025).run.pk != cleared.run_id


def test_a_run_whose_facts_have_gone_says_so(settled):
    mend_a_stay()
    sweep_everything()
    with pytest.raises(pinned.InputsGone, match="已不在或已改变"):
        runs.reproduce(settled.run.pk)
    with pytest.raises(Refusal, match="已不在"):
        runs.clear_year(settled.run.pk, by=None)


def test_a_file_of_stays_that_was_touched_is_noticed(cleared):
    path = home().path / cleared.run.cases_file
    path.write_bytes(path.read_bytes() + b"0")
    assert not runs.reproduce(cleared.run_id).is_identical


def test_only_a_year_that_is_over_and_by_the_countys_own_rules_is_cleared(facts):
    elsewhere = runs.settle_year(2025, book=book_of("jiading-2020"))
    with pytest.raises(Refusal, match="按 jiading-2020 的办法试算"):
        runs.clear_year(elsewhere.run.pk, by=None)
    with clock.at(date(2025, 12, 1)):
        early = runs.settle_year(2025)
        with pytest.raises(Refusal, match="还没有结束"):
            runs.clear_year(early.run.pk, by=None)


def frozen_evaluation(met: int, of: int) -> Measured:
    run = Measured.objects.create(
        kind=Kind.ANNUAL, period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), trend_start=date(2025, 1, 1),
        rule_sets=[{}], code_version="0", result_hash="0",
    )  # fmt: skip
    for consortium in ("A", "B"):
        for number in range(of):
            Value.objects.create(
                run=run, indicator=f"i{number}", level="consortium", group=consortium, period_start=date(2025, 1, 1),
                period_end=date(2025, 12, 31), value=1.0, met=number < met, rule_set=0,
            )  # fmt: skip
    Measured.objects.filter(pk=run.pk).update(frozen_at=clock.now())
    return run


def test_where_results_have_consequences_a_year_is_not_cleared_before_its_evaluation_is_frozen(facts, ruled):
    ruled(NEEDED)
    trial = runs.settle_year(2025)
    assert "尚未固化" in trial.notes[0]
    with pytest.raises(Refusal, match="年度评价尚未固化"):
        runs.clear_year(trial.run.pk, by=None)
    frozen_evaluation(8, 10)
    with pytest.raises(Refusal, match="固化之前试算"):
        runs.clear_year(trial.run.pk, by=None)


def test_the_quality_factor_comes_from_the_frozen_evaluation(facts, ruled):
    ruled(NEEDED)
    evaluation = frozen_evaluation(8, 10)
    run = runs.settle_year(2025).run
    assert run.evaluation_id == evaluation.pk
    assert {Fraction(pool.quality) for pool in run.pools.all()} == {Fraction("0.95")}
    assert runs.clear_year(run.pk, by=None).year == 2025
    assert runs.reproduce(run.pk).is_identical


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{**county.BUDGETS[4], "amount_fen": -5}], "为负"),
        ([{**county.BUDGETS[4], "scheme": "global", "amount_fen": 5}], "预算不平"),
    ],
)
def test_a_budget_that_cannot_be_is_refused_and_nothing_is_kept(facts, rows, said):
    county.bring(budget=rows)
    with pytest.raises(Refusal, match=said):
        runs.settle_year(2025)
    assert Run.objects.count() == 0
    assert not (home().path / "settled").exists()


def test_an_unknown_scheme_and_a_year_without_budget_are_refused(facts):
    with pytest.raises(FileRefused, match="没有分组方案"):
        runs.settle_year(2025, scheme="nowhere")
    with pytest.raises(Refusal, match="没有预算"):
        runs.settle_year(2023)
    with pytest.raises(Refusal, match="没有编号"):
        runs.clear_year("", by=None)
    with pytest.raises(Refusal, match="没有编号"):
        runs.reproduce("nothing")
