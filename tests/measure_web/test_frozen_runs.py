"""What was frozen stays as it was: nobody can change it, its facts are kept, and a difference is found."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from measure_web import county
from yigongti.analytics.lake import pinned
from yigongti.analytics.lake.manifest import located
from yigongti.analytics.lake.models import Part
from yigongti.capabilities.measure.models import EarlyWarning, Kind, Run, Value
from yigongti.capabilities.measure.services import freezing, runs
from yigongti.kernel.errors import Refusal
from yigongti.spine.home import home

pytestmark = pytest.mark.store


@pytest.fixture
def frozen(facts, bureau):
    return freezing.freeze(runs.evaluate(Kind.ANNUAL, period="2025").pk, by=bureau)


def refused(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError as error:
        return "frozen run" in str(error)
    return False


def test_the_database_itself_refuses_to_change_or_remove_a_frozen_run(frozen):
    run, value = Run.objects.filter(pk=frozen.pk), Value.objects.filter(run=frozen)
    assert refused(lambda: run.update(result_hash="0"))
    assert refused(lambda: run.update(frozen_at=None))
    assert refused(lambda: value.update(value=1.0, why_null=""))
    assert refused(lambda: value.first().delete())
    assert refused(lambda: _run_raw("DELETE FROM measure_run"))
    assert refused(lambda: _add_warning(frozen))


def test_a_run_that_is_not_frozen_can_be_discarded_and_a_frozen_one_cannot(facts, frozen):
    other = runs.evaluate(Kind.ANNUAL, period="2024")
    freezing.discard(other.pk)
    assert not Run.objects.filter(pk=other.pk).exists()
    with pytest.raises(Refusal, match="固化的批次不能删除"):
        freezing.discard(frozen.pk)


def test_an_everyday_refresh_cannot_be_frozen_nor_a_run_twice(measured, frozen, bureau):
    with pytest.raises(Refusal, match="日常计算不能固化"):
        freezing.freeze(measured.pk, by=bureau)
    with pytest.raises(Refusal, match="已经固化"):
        freezing.freeze(frozen.pk, by=bureau)


def test_a_frozen_run_is_worked_out_again_although_the_lake_has_moved_on(frozen):
    county.bring(visit=[county.visit(1, "C1", date(2025, 1, 1))])
    _sweep_everything()
    again = freezing.reproduce(frozen.pk)
    assert again.is_identical


def test_a_run_whose_facts_are_gone_is_reported(frozen):
    for file in (home().path / "frozen" / frozen.pk).rglob("*.parquet"):
        file.unlink()
    _sweep_everything()
    with pytest.raises(pinned.InputsGone, match="已不在或已改变"):
        freezing.reproduce(frozen.pk)


def test_a_value_that_was_tampered_with_is_found(facts, bureau):
    run = runs.evaluate(Kind.ANNUAL, period="2025")
    run.values.filter(indicator="primary_visit_share", level="county").update(value=0.99)
    again = freezing.reproduce(run.pk)
    found = [each for each in again.differences if each.level == "county"]
    assert [(each.indicator, each.recorded, each.columns) for each in found] == [
        ("primary_visit_share", 0.99, ("value",))
    ]


def _run_raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _add_warning(run) -> None:
    day = date(2025, 12, 31)
    EarlyWarning.objects.create(
        run=run, indicator="x", level="county", kind="missed_target", severity="red", period_start=day, period_end=day,
        text="x", clause="x",
    )  # fmt: skip


def _sweep_everything() -> None:
    for path in Part.objects.values_list("path", flat=True):
        located(path).unlink(missing_ok=True)
