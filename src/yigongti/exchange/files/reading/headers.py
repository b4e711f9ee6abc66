"""Which dictionary column each header of a file is: English name, Chinese label, or both; money in fen or in yuan."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yigongti.exchange.files.reading.naming import suggestion
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.facts import FactTable, Kind

QUARANTINE_NUMBER = "_quarantine"
"""The column of an export for mending that says which quarantined row this was; no fact, not stored."""

ASIDE = (REASON := "_reason", ORIGINAL := "_original")
"""Columns of such an export that are not read: why the row was refused, and its text where it had no columns."""


@dataclass(frozen=True)
class Header:
    """The file's headers understood: original header → dictionary column; which are in yuan; which money columns
    have a label without unit; which header is the quarantine number ("" where none)."""

    columns: Mapping[str, str]
    yuan: frozenset[str] = frozenset()
    unitless: frozenset[str] = frozenset()
    quarantine: str = ""


def understand(headers: Sequence[str], table: FactTable, *, file: str) -> Header:
    """Match every header.  Raises FileRefused on an unknown, repeated, or missing required column."""
    header = matched(headers, table, file=file)
    _require(set(header.columns.values()), table, file=file)
    return header


def matched(headers: Sequence[str], table: FactTable, *, file: str) -> Header:
    """Match every header, of which some may be missing.  Raises FileRefused on an unknown or repeated column."""
    names = _names(table)
    columns: dict[str, str] = {}
    yuan, unitless, quarantine = set(), set(), ""
    for header in headers:
        plain = normalised(header)
        if plain == QUARANTINE_NUMBER:
            quarantine = header
        if plain in (QUARANTINE_NUMBER, *ASIDE):
            continue
        column, unit = names.get(plain) or _both(plain, names) or _unknown(header, table, names, file=file)
        if column in columns.values():
            raise _repeated(header, column, columns, file=file)
        columns[header] = column
        if unit == "yuan":
            yuan.add(column)
        if unit == "none":
            unitless.add(column)
    return Header(columns, frozenset(yuan), frozenset(unitless), quarantine)


def normalised(header: str) -> str:
    """Case, width and blanks aside; a required mark (*) aside."""
    text = unicodedata.normalize("NFKC", str(header)).replace("\ufeff", "").casefold()
    return re.sub(r"[\s*]+", "", text)


def _names(table: FactTable) -> dict[str, tuple[str, str]]:
    """Normalised name → (column, unit): "fen", "yuan", "none" (money whose label tells no unit), "" (no money)."""
    known: dict[str, tuple[str, str]] = {}
    for column in table.columns:
        money = column.kind is Kind.FEN
        for name, unit in _spellings(column.label, column.name, column.yuan_name if money else ""):
            known.setdefault(normalised(name), (column.name, unit if money else ""))
    return known


def _spellings(label: str, name: str, yuan_name: str) -> Iterable[tuple[str, str]]:
    yield name, "fen"
    yield label, "none"
    yield f"{label}(分)", "fen"
    if yuan_name:
        yield yuan_name, "yuan"
        yield f"{label}(元)", "yuan"
        yield f"{yuan_name}_yuan", "yuan"


def _both(plain: str, names: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """A header of label and English name together (`就诊编号 visit_id`, `总费用(分)total_fen`): both must agree."""
    for split in range(1, len(plain)):
        first, second = names.get(plain[:split]), names.get(plain[split:].strip("()/|·-"))
        if first and second and first[0] == second[0]:
            units = {unit for _, unit in (first, second)} - {"none"}
            return (first[0], units.pop()) if len(units) == 1 else None
    return None


def _unknown(header: str, table: FactTable, names: Iterable[str], *, file: str) -> tuple[str, str]:
    raise FileRefused(
        f"“{table.label}”({table.name})没有“{header}”这一列",
        where=f"{file} 的表头",
        why="表头只能是事实字典里的列(英文名或中文名),否则数据会被漏掉",
        remedy=suggestion(normalised(header), list(names)) or "请改正列名,或删去该列;表头上面的标题行也请删去",
    )


def _repeated(header: str, column: str, columns: Mapping[str, str], *, file: str) -> FileRefused:
    other = next(given for given, name in columns.items() if name == column)
    return FileRefused(
        f"“{header}”与“{other}”是同一列({column})",
        where=f"{file} 的表头",
        why="一列只能出现一次",
        remedy="请只保留其中一列",
    )


def _require(present: set[str], table: FactTable, *, file: str) -> None:
    missing = [column for column in table.columns if not column.null and column.name not in present]
    if missing:
        listed = "、".join(f"{column.label}({column.name})" for column in missing)
        raise FileRefused(
            f"缺少必需的列:{listed}",
            where=f"{file} 的表头",
            why=f"“{table.label}”的这些列不能没有",
            remedy="请补上这些列;可用 yigongti templates 生成带说明的模板",
        )
