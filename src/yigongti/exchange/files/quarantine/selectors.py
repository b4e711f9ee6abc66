"""What lies in quarantine: counts by table and rule, rows to look at, one row whole."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from yigongti.exchange.files.models import QuarantinedRow
from yigongti.kernel.errors import Refusal


@dataclass(frozen=True)
class Tally:
    """How many open rows of a table break a sort of rule (a key of checking.words.RULES), in how many files."""

    table: str
    rule: str
    rows: int
    files: int


def tallies() -> list[Tally]:
    """Open rows by table and rule, most first."""
    counted = (
        waiting().order_by().values_list("table", "rule").annotate(rows=Count("pk"), files=Count("file", distinct=True))
    )
    return [Tally(*row) for row in counted.order_by("-rows", "table", "rule")]


def waiting(*, table: str = "", file: str = "", rule: str = "") -> "QuerySet[QuarantinedRow]":
    """Open rows in the order in which they came, narrowed where a filter is given."""
    filters = {name: value for name, value in (("table", table), ("file", file), ("rule", rule)) if value}
    return QuarantinedRow.objects.filter(state=QuarantinedRow.OPEN, **filters).order_by("pk")


def quarantined(number: int) -> QuarantinedRow:
    """One row by its number.  Raises Refusal where there is none."""
    row = QuarantinedRow.objects.filter(pk=number).select_related("load").first()
    if row is None:
        raise Refusal(f"隔离区没有 {number} 号", remedy="可用 yigongti quarantine list 查看编号")
    return row
