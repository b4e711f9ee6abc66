"""Results as text: JSON and CSV for programs, a table and an explanation for people."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from rich.console import Group
from rich.syntax import Syntax
from rich.table import Column, Table
from rich.text import Text

from yigongti.capabilities.measure.selectors.wording import why_in_words
from yigongti.capabilities.measure.services.answering import Why
from yigongti.kernel.indicators import GROUPS
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.rules import RuleVersion
from yigongti.pages.numbers import shown

MET = {True: "达标", False: "未达标", None: "—"}


def as_json(results: pa.Table) -> str:
    """A list of rows; days as ISO text, rule versions as an object, target as {low, high, text}."""
    return json.dumps([_plain(row) for row in results.to_pylist()], ensure_ascii=False, indent=1, default=str)


def as_csv(results: pa.Table) -> str:
    """A heading and a line a row; the target as its text, rule versions as id=version joined by “|”."""
    text = io.StringIO()
    writer = csv.DictWriter(text, results.column_names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_flat(row) for row in results.to_pylist())
    return text.getvalue()


def as_table(results: pa.Table) -> Table:
    """A table for a terminal, values in their units; why there is none where there is none."""
    groups = [name for name in results.column_names if name in GROUPS]
    table = Table(
        Column("指标", overflow="fold"), *(GROUPS[name][0] for name in groups), "数值", "目标", "状况", "分子", "分母"
    )
    for row in results.to_pylist():
        indicator = REGISTRY.indicators[row["indicator"]]
        target = (row["target"] or {}).get("text") or "—"
        state = why_in_words(row["why_null"]) if row["why_null"] else MET[row["met"]]
        value = shown(row["value"], unit=indicator.unit)
        parts = (shown(row["numerator"]), shown(row["denominator"]))
        table.add_row(indicator.label, *(row[name] or "—" for name in groups), value, target, state, *parts)
    return table


def explained(why: Why) -> Group:
    """Definition, clause, rules, counts, queries and result, to read in a terminal."""
    told = why.explanation
    facts = "、".join(f"{name} {count:,} 行" for name, count in told.facts.items())
    lines = [
        f"{told.indicator.label}({told.indicator.id})  {told.period.label}",
        f"定义:{told.indicator.definition}",
        f"出处:{told.clause}",
        *(f"规则:{_rule(version)}" for version in told.rules),
        *([f"目标:{_rule(told.target)}"] if told.target else []),
        f"数据:{facts}",
        *(f"记录:{name} {count:,} 行 → {path}" for name, (path, count) in why.files.items()),
    ]
    queries = [part for name, sql in told.sql.items() for part in (Text(f"查询 {name}:"), Syntax(sql, "sql"))]
    return Group(*(Text(line) for line in lines), as_table(told.result), *queries)


def _rule(version: RuleVersion) -> str:
    return f"{version.label} {version.text}({version.rule_id},{version.key},{version.source.text})"


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "rule_versions": dict(row["rule_versions"] or [])}


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    versions = "|".join(f"{rule_id}={key}" for rule_id, key in row["rule_versions"] or [])
    return {**row, "rule_versions": versions, "target": (row["target"] or {}).get("text", "")}
