"""An institution's statement of a year: what it is due budget by budget, what it had during the year, what remains."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.http import Http404

from yigongti.capabilities.payment.models import LineResult, MonthLine, Run
from yigongti.capabilities.payment.selectors import runs
from yigongti.capabilities.payment.selectors.wording import budget_label
from yigongti.spine.access.rows import scoped


@dataclass(frozen=True)
class StatementLine:
    """One budget's part: what was recorded, due, kept or borne, final; paid: settled during the year already."""

    line: LineResult
    consortium: str
    budget: str
    paid_fen: int

    @property
    def balance_fen(self) -> int:
        """Still to be paid; below 0: to be paid back."""
        return int(self.line.final_fen - self.paid_fen)


@dataclass(frozen=True)
class Statement:
    """The lines of an institution in a run, added up."""

    run: Run
    institution_id: str
    institution: str
    lines: Sequence[StatementLine]
    cleared_on: Any

    @property
    def final_fen(self) -> int:
        return sum(each.line.final_fen for each in self.lines)

    @property
    def recorded_fen(self) -> int:
        return sum(each.line.recorded_fen for each in self.lines)

    @property
    def payable_fen(self) -> int:
        return sum(each.line.payable_fen for each in self.lines)

    @property
    def paid_fen(self) -> int:
        return sum(each.paid_fen for each in self.lines)

    @property
    def balance_fen(self) -> int:
        return self.final_fen - self.paid_fen


def statement_of(run: Run, institution_id: str, user: Any) -> Statement:
    """The statement of one institution.  Raises Http404 where it has no line, or none inside one's scope."""
    lines = list(runs.lines_of(run, user).filter(institution_id=institution_id))
    if not lines:
        raise Http404(f"no statement of {institution_id}")
    called, paid = runs.called(), _paid(run, institution_id, user)
    clearing = getattr(run, "clearing", None)
    listed = [
        StatementLine(
            line, called.consortium(line.pool.consortium_id), budget_label(line.pool), paid.get(_key(line.pool), 0)
        )
        for line in lines
    ]
    return Statement(
        run, institution_id, called.institution(institution_id), listed, clearing.at if clearing is not None else None
    )


def _key(pool: Any) -> tuple[str, str, str]:
    return pool.consortium_id, pool.insured_as, pool.scheme


def _paid(run: Run, institution_id: str, user: Any) -> dict[tuple[str, str, str], int]:
    rows = scoped(MonthLine.objects.filter(month__year=run.year, institution_id=institution_id), user)
    sums = rows.values_list("consortium_id", "insured_as", "scheme").annotate(paid=Sum("settled_fen")).order_by()
    return {(consortium, insured, scheme): paid for consortium, insured, scheme, paid in sums}
