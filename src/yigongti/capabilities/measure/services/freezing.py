"""Frozen runs: unchangeable, with the data files they rest on kept, and worked out again on request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from yigongti import __version__
from yigongti.capabilities.measure.models import Kind, Run, Value
from yigongti.capabilities.measure.services import inputs
from yigongti.capabilities.measure.services.computing import Computed, Row, compute, key_of
from yigongti.capabilities.measure.services.runs import question
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal

COLUMNS = [field.name for field in Value._meta.fields if field.name not in ("id", "run")]


@dataclass(frozen=True)
class Difference:
    """One value that did not come out as recorded; None where there is no such value."""

    indicator: str
    level: str
    group: str
    recorded: float | None
    again: float | None
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Reproduction:
    """A run worked out again; code_version is that of the program now at work."""

    run_id: str
    recorded_hash: str
    hash: str
    differences: Sequence[Difference]
    recorded_version: str
    code_version: str

    @property
    def is_identical(self) -> bool:
        """Whether every value came out as it was, bit for bit."""
        return self.recorded_hash == self.hash


@transaction.atomic
def freeze(run_id: str, *, by: Any) -> Run:
    """Make a run unchangeable, and keep the data files that it rests on.

    Raises Refusal for an everyday refresh, for a run already frozen, and where its data files have gone since.
    """
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.kind == Kind.REFRESH:
        raise Refusal("日常计算不能固化", str(run), "它随数据更新而替换", "请先做半年监测或年度评价,再固化")
    if run.is_frozen:
        raise Refusal("这一批次已经固化", str(run), f"固化于 {run.frozen_at:%Y-%m-%d}", "不需要再次固化")
    inputs.recorded(run)
    run.inputs = inputs.keep(run)
    run.frozen_at, run.frozen_by = clock.now(), by
    run.save(update_fields=["inputs", "frozen_at", "frozen_by"])
    return run


@transaction.atomic
def discard(run_id: str) -> None:
    """Remove a run that was never frozen.  Raises Refusal for a frozen one."""
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.is_frozen:
        raise Refusal("固化的批次不能删除", str(run), "监测评价的结果须可复核", "可以另做一批,与它并存")
    run.delete()


def reproduce(run_id: str) -> Reproduction:
    """Work a run out again from the facts and rules that it recorded, and compare every value.

    Raises Refusal where there is no such run, pinned.InputsGone where its facts are not there any more, or are not
    what they were.
    """
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        raise Refusal(
            f"没有编号为“{run_id}”的批次", remedy="yigongti evaluate 结束时打印批次编号;网页的监测评价里也列着"
        )
    facts = inputs.recorded(run)
    again = compute(question(run.period, run.trend, known_on=run.known_on), sources=facts.sources)
    recorded = Computed([_recorded(value) for value in run.values.iterator()], run.rule_sets)
    return Reproduction(
        run.pk, run.result_hash, again.digest, differences(recorded, again), run.code_version, __version__
    )


def differences(before: Computed, after: Computed) -> list[Difference]:
    """The values that are not equal in every column, and those that only one of the two has."""
    old, new = _by_key(before), _by_key(after)
    return [_difference(old.get(key), new.get(key)) for key in sorted({*old, *new}) if old.get(key) != new.get(key)]


def _by_key(computed: Computed) -> dict[tuple[str, ...], Row]:
    return {key_of(row): {**row, "rule_set": computed.rule_sets[row["rule_set"]]} for row in computed.rows}


def _difference(was: Row | None, now: Row | None) -> Difference:
    either = was or now
    assert either is not None
    unequal = tuple(name for name in COLUMNS if was and now and was[name] != now[name])
    recorded, again = (row["value"] if row else None for row in (was, now))
    return Difference(either["indicator"], either["level"], either["group"], recorded, again, unequal)


def _recorded(value: Value) -> Row:
    return model_to_dict(value, fields=COLUMNS)
