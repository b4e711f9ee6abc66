"""Where a number comes from: its rules, queries and row counts, and the rows themselves without names or numbers
of people."""

from collections.abc import Sequence
from typing import Any, overload

import pyarrow as pa
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from yigongti.analytics.runner import Explanation, explain, rows_behind
from yigongti.capabilities.measure.facts.tables import MEASURED
from yigongti.capabilities.measure.models import Level
from yigongti.capabilities.measure.selectors import figures, seats
from yigongti.capabilities.measure.selectors.seats import Seat
from yigongti.capabilities.measure.services import inputs
from yigongti.capabilities.measure.web.asking import Asked, asked, indicator_of
from yigongti.kernel.indicators import GROUPS, Indicator
from yigongti.kernel.periods import parse
from yigongti.pages.menu import admits
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.access.scope import scope_of
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules

HIDDEN = {"resident_id", "home_of"}
FLAGS = {"in_numerator": "计入分子", "in_denominator": "计入分母"}
_LABELS = {column.name: column.label for table in MEASURED.values() for column in table.columns}


class ArrowRows(Sequence[dict[str, Any]]):
    """An Arrow table as a sequence of rows; only those asked for are turned into Python."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, int):
            return self.table.slice(place, 1).to_pylist()[0]
        start, stop, _step = place.indices(len(self))
        return self.table.slice(start, stop - start).to_pylist()


def source(request: HttpRequest, key: str) -> HttpResponseBase:
    """The rules, queries and row counts of one number, worked out now; a part of the indicator's page."""
    indicator, found = indicator_of(key), asked(request)
    if found.run is None or found.seat is None:
        raise Http404("no results yet")
    explanation = _explained(indicator, found)
    return render(
        request,
        "measure/source.html",
        {
            "explanation": explanation,
            "again": _value_now(explanation, found.seat),
            "asked": found,
            "facts": _facts(explanation),
            "may_read": may_read(request, found.seat),
        },
    )


def rows(request: HttpRequest, key: str) -> HttpResponseBase:
    """The rows behind one number, for whom the whole of the seat is in scope; every export is audited."""
    indicator, found = indicator_of(key), asked(request)
    if found.run is None or found.seat is None or not may_read(request, found.seat):
        raise Http404("rows outside the scope")
    behind = _behind(request, indicator, found)
    tables = [_table_of(name, table) for name, table in behind.items()]
    if "export" in request.GET:
        subject = f"indicator:{key} {found.seat.address}"
        trail.record("export_rows", actor=request.user.get_username(), subject=subject)
    return answer(
        request,
        "measure/rows.html",
        *tables,
        indicator=indicator,
        label=figures.label_of(indicator),
        asked=found,
        month=request.GET.get("month", ""),
    )


def may_read(request: HttpRequest, seat: Seat) -> bool:
    """Whether the rows of a seat may be shown: a role that reads them, and the whole of the seat in scope."""
    if not admits("indicator_rows", scope_of(request.user).roles):
        return False
    view = seats.view_of(request.user)
    return view.institution_ids is None or (seat.level is Level.INSTITUTION and seat.group in view.institution_ids)


def _explained(indicator: Indicator, found: Asked) -> Explanation:
    assert found.run is not None
    assert found.seat is not None
    by = () if found.seat.level is Level.COUNTY else (found.seat.level.value,)
    facts = inputs.present([indicator])
    return explain(
        indicator,
        tables=facts.sources,
        period=found.run.period,
        rules=county_rules(),
        by=by,
        known_on=found.run.known_on,
    )


def _behind(request: HttpRequest, indicator: Indicator, found: Asked) -> dict[str, pa.Table]:
    assert found.run is not None
    assert found.seat is not None
    month = request.GET.get("month", "")
    filters = {} if found.seat.level is Level.COUNTY else {found.seat.level.value: found.seat.group}
    return rows_behind(
        indicator,
        tables=inputs.present([indicator]).sources,
        period=parse(month) if month else found.run.period,
        rules=county_rules(),
        filters=filters,
        known_on=found.run.known_on,
    )


def _value_now(explanation: Explanation, seat: Seat) -> float | None:
    for row in explanation.result.to_pylist():
        if seat.level is Level.COUNTY or row[seat.level.value] == seat.group:
            return None if row["value"] is None else float(row["value"])
    return None


def _facts(explanation: Explanation) -> list[tuple[str, str, int]]:
    labels = {name: table.label for name, table in MEASURED.items()}
    return [(name, labels.get(name.partition(" ")[0], name), count) for name, count in explanation.facts.items()]


def _table_of(name: str, table: pa.Table) -> Table:
    columns = [Column(column, _label(column), order=None) for column in table.column_names if column not in HIDDEN]
    told = [column for column in columns if column.name in FLAGS] + [c for c in columns if c.name not in FLAGS]
    return Table(name.replace(" ", "-"), told, ArrowRows(table), size=25, caption=name)


def _label(column: str) -> str:
    if column in FLAGS:
        return _(FLAGS[column])
    return _(GROUPS[column][0]) if column in GROUPS else _(_LABELS.get(column, column))
