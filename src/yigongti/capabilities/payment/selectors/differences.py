"""The difference statement of two runs: what a correction changes, line by line, and what it rests on otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yigongti.capabilities.payment.models import LineResult, Run
from yigongti.capabilities.payment.selectors.wording import budget_label


@dataclass(frozen=True)
class ChangedLine:
    """An institution's share of a pool that differs; 0 where one of the runs has no such line."""

    institution_id: str
    consortium_id: str
    insured_as: str
    scheme: str
    before: int
    after: int

    @property
    def pool(self) -> str:
        """The budget in words."""
        return f"{self.consortium_id} {budget_label(self)}"

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class RunDifference:
    """lines: those that differ; rules: id → (before, after) where they differ; tables: facts whose files differ."""

    before_id: str
    after_id: str
    lines: Sequence[ChangedLine]
    rules: Mapping[str, tuple[str, str]]
    tables: Sequence[str]

    @property
    def change(self) -> int:
        """What the later run pays more, in fen."""
        return sum(line.change for line in self.lines)


def difference(before_id: str, after_id: str) -> RunDifference:
    """What differs between two runs.  Raises Run.DoesNotExist where one is not there."""
    before, after = Run.objects.get(pk=before_id), Run.objects.get(pk=after_id)
    was, now = _finals(before), _finals(after)
    lines = [
        ChangedLine(*key, was.get(key, 0), now.get(key, 0))
        for key in sorted({*was, *now})
        if was.get(key, 0) != now.get(key, 0)
    ]
    rules = {
        name: (before.rules.get(name, ""), after.rules.get(name, ""))
        for name in sorted({*before.rules, *after.rules})
        if before.rules.get(name) != after.rules.get(name)
    }
    return RunDifference(before.pk, after.pk, lines, rules, _tables(before, after))


def _finals(run: Run) -> dict[tuple[str, str, str, str], int]:
    rows = LineResult.objects.filter(pool__run=run).values_list(
        "institution_id", "pool__consortium_id", "pool__insured_as", "pool__scheme", "final_fen"
    )
    return {(name, pool, insured, scheme): final for name, pool, insured, scheme, final in rows}


def _tables(before: Run, after: Run) -> list[str]:
    def files(run: Run, name: str) -> list[tuple[str, int]]:
        return sorted((part["path"], part["rows"]) for part in run.inputs.get(name, []))

    return [name for name in sorted({*before.inputs, *after.inputs}) if files(before, name) != files(after, name)]
