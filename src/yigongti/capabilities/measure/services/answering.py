"""Numbers for the command line: any period, any indicators, any grouping, straight from the lake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

from yigongti.analytics.runner import Explanation, explain, rows_behind, run
from yigongti.capabilities.measure.services import inputs
from yigongti.kernel.errors import Refusal
from yigongti.kernel.indicators import Indicator
from yigongti.kernel.periods import Period
from yigongti.kernel.registry import REGISTRY
from yigongti.spine.county_rules import county_rules


@dataclass(frozen=True)
class Why:
    """An explanation, and the files that hold the rows behind the number (relation → file, rows)."""

    explanation: Explanation
    files: Mapping[str, tuple[Path, int]]


def measure(period: Period, *, indicators: Sequence[str] = (), by: Sequence[str] = ()) -> pa.Table:
    """Work indicators out now (all of them where none is named); columns as `analytics.runner.schema(by)`.

    Raises Refusal for an indicator or a group that does not exist.
    """
    wanted = [_indicator(key) for key in indicators] or list(REGISTRY.indicators.values())
    return run(wanted, tables=inputs.present(wanted).sources, period=period, rules=county_rules(), by=by)


def why(key: str, period: Period, *, out: Path, by: Mapping[str, str] | None = None) -> Why:
    """Everything behind one number; its rows are written to `out`, a CSV file a relation.

    by: group → value, to see one institution's or one month's rows.
    Raises Refusal for an indicator that does not exist, or cannot be computed or broken down so.
    """
    indicator, book = _indicator(key), county_rules()
    tables = inputs.present([indicator]).sources
    explanation = explain(indicator, tables=tables, period=period, rules=book, by=tuple(by or ()))
    rows = rows_behind(indicator, tables=tables, period=period, rules=book, filters=by)
    out.mkdir(parents=True, exist_ok=True)
    return Why(explanation, {name: _written(table, out / f"{key}-{name}.csv") for name, table in rows.items()})


def _written(table: pa.Table, path: Path) -> tuple[Path, int]:
    """Lists are joined by “|”, as in the county's fact files."""
    for place, field in enumerate(table.schema):
        if pa.types.is_list(field.type):
            joined = pyarrow.compute.binary_join(table.column(place), "|")
            table = table.set_column(place, field.name, joined)
    path = path.with_name(path.name.replace(" ", "-"))
    pyarrow.csv.write_csv(table, path)
    return path, table.num_rows


def _indicator(key: str) -> Indicator:
    if key not in REGISTRY.indicators:
        near = "、".join(name for name in REGISTRY.indicators if key.lower() in name)[:200]
        raise Refusal(f"没有指标“{key}”", remedy=f"您是不是要找:{near}" if near else "yigongti indicators 列出全部指标")
    return REGISTRY.indicators[key]
