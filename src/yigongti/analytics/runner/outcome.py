"""The one shape of a result, whatever was asked."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from yigongti.analytics.runner.answers import Answers
from yigongti.kernel.indicators import Target

TARGET = pa.struct([("low", pa.float64()), ("high", pa.float64()), ("text", pa.string())])
RULE_VERSIONS = pa.map_(pa.string(), pa.string())


def schema(by: Sequence[str]) -> pa.Schema:
    """The columns of a result: what, when, the groups, the number, its target, and what it rests on."""
    return pa.schema(
        [
            ("indicator", pa.string()),
            ("period_start", pa.date32()),
            ("period_end", pa.date32()),
            *((group, pa.string()) for group in by),
            ("numerator", pa.float64()),
            ("denominator", pa.float64()),
            ("value", pa.float64()),
            ("target", TARGET),
            ("met", pa.bool_()),
            ("rule_versions", RULE_VERSIONS),
            ("facts_as_of", pa.date32()),
            ("code_version", pa.string()),
            ("why_null", pa.string()),
        ]
    )


def table_of(answered: Sequence[Answers], *, by: Sequence[str], code_version: str) -> pa.Table:
    """All answers as one Arrow table."""
    if not answered:
        return schema(by).empty_table()
    sizes = [len(each.keys) for each in answered]
    which = pa.array(np.repeat(np.arange(len(answered)), sizes))

    def repeated(values: Iterable[Any], kind: pa.DataType) -> pa.Array:
        return pa.array(list(values), kind).take(which)

    columns = [
        repeated((each.indicator.id for each in answered), pa.string()),
        repeated((each.period.start for each in answered), pa.date32()),
        repeated((each.period.end for each in answered), pa.date32()),
        *_groups(answered, by),
        *(_numbers(answered, name) for name in ("numerator", "denominator", "value")),
        repeated((_target(each.target) for each in answered), TARGET),
        _numbers(answered, "met").cast(pa.bool_()),
        repeated((_versions(each) for each in answered), RULE_VERSIONS),
        repeated((each.as_of for each in answered), pa.date32()),
        repeated((code_version for _ in answered), pa.string()),
        pa.array([text or None for each in answered for text in each.why], pa.string()),
    ]
    return pa.Table.from_arrays(columns, schema=schema(by))


def _groups(answered: Sequence[Answers], by: Sequence[str]) -> list[pa.Array]:
    keys = [key for each in answered for key in each.keys]
    return [pa.array([_text(key[place]) for key in keys], pa.string()) for place in range(len(by))]


def _text(part: str | date | None) -> str | None:
    return f"{part:%Y-%m}" if isinstance(part, date) else part


def _numbers(answered: Sequence[Answers], name: str) -> pa.Array:
    return pa.array(np.concatenate([getattr(each, name) for each in answered]), pa.float64(), from_pandas=True)


def _target(target: Target | None) -> dict[str, Any] | None:
    return None if target is None else {"low": target.low, "high": target.high, "text": target.text}


def _versions(answer: Answers) -> list[tuple[str, str]]:
    return sorted((rule_id, version.key) for rule_id, version in answer.versions.items())
