"""A scheme given as six tables (the CHS-DRG 3.0 workbook's sheets, or CSV files of that shape) → the neutral format.

- mdc (sheet MDC): code, name, sort, rule — the major categories; MDCA first, then by sort.
- adrg (ADRG): code, name, mdc?, sort, rule — the core groups; without mdc, by the first letter; `xQY` is the ambiguous
  group, `x00` the ungrouped one.
- drg (DRG): code, name, adrg?, sort, rule, base? — the groups; without adrg, by the first three characters; an empty
  rule is the default and goes last; base: a base-level group.
- sets (集合): set, code — the codes of each set.
- cc (CC): code, type, exclusion — the complications, MCC or CC, each with its exclusion set.
- exclusions (排除表): exclusion, code — the principal diagnoses of each exclusion set.

Rules are texts as `rule_text` reads them.  Nothing is guessed: what does not parse is told by table and row.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yigongti.capabilities.payment.decisions.drg.rule_text import RuleError, parse_rule

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "mdc": ("code", "name", "sort", "rule"),
    "adrg": ("code", "name", "mdc", "sort", "rule"),
    "drg": ("code", "name", "adrg", "sort", "rule", "base"),
    "sets": ("set", "code"),
    "cc": ("code", "type", "exclusion"),
    "exclusions": ("exclusion", "code"),
}
OPTIONAL = {"mdc": {"name", "rule", "sort"}, "adrg": {"name", "mdc"}, "drg": {"name", "adrg", "base"}}
SHEET_NAMES = {"mdc": "MDC", "adrg": "ADRG", "drg": "DRG", "sets": "集合", "cc": "CC", "exclusions": "排除表"}
HEADERS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "编码", "代码", "诊断编码", "手术编码", "疾病编码", "诊断代码"),
    "name": ("name", "名称"),
    "sort": ("sort", "排序", "顺序", "序号"),
    "rule": ("rule", "规则", "条件", "入组规则", "分组规则", "入组条件"),
    "mdc": ("mdc", "mdc编码", "mdc代码"),
    "adrg": ("adrg", "adrg编码", "adrg代码"),
    "base": ("base", "基层病组", "是否基层病组"),
    "set": ("set", "集合", "集合编码", "集合名称", "集合代码"),
    "type": ("type", "类型", "cc类型", "级别"),
    "exclusion": ("exclusion", "排除集合", "排除表", "排除表编号", "排除表编码"),
}
OWN_HEADERS = {
    table: {"code": (f"{table}编码", f"{table}代码", table), "name": (f"{table}名称",)}
    for table in ("mdc", "adrg", "drg")
}
YES = {"1", "是", "true", "y", "√"}


@dataclass(frozen=True)
class Row:
    """One row of a table: its number as the spreadsheet shows it, and its cells by column name (text, trimmed)."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class SheetProblem:
    """What does not parse, where: sheet and row (0: the sheet itself)."""

    sheet: str
    row: int
    text: str

    def __str__(self) -> str:
        return f"{self.sheet} 第 {self.row} 行:{self.text}" if self.row else f"{self.sheet}:{self.text}"


@dataclass(frozen=True)
class Assembled:
    """The neutral document, and every problem; the document is whole only where there are none."""

    document: dict[str, Any]
    problems: tuple[SheetProblem, ...]


def column_names(table: str, header: Iterable[str]) -> list[str]:
    """The column of each header cell of a table, "" for a column that is not used."""
    known = {
        alias: column
        for column in COLUMNS[table]
        for alias in (*HEADERS[column], *OWN_HEADERS.get(table, {}).get(column, ()))
    }
    known |= {alias: column for column, aliases in OWN_HEADERS.get(table, {}).items() for alias in aliases}
    return [known.get(str(cell or "").strip().lower(), "") for cell in header]


def assemble(tables: Mapping[str, list[Row]], *, name: str, title: str) -> Assembled:
    """Put the six tables together; tables: by the names of COLUMNS."""
    return _Assembly(tables).result(name, title)


class _Assembly:
    def __init__(self, tables: Mapping[str, list[Row]]) -> None:
        self.tables = tables
        self.problems: list[SheetProblem] = []
        self.sets: dict[str, list[str]] = {}

    def result(self, name: str, title: str) -> Assembled:
        self._check_cells()
        for row in self._rows("sets"):
            self.sets.setdefault(row["set"], []).append(row["code"])
        document = {
            "scheme": name,
            "title": title,
            "retry_other_procedures": False,
            "mdcs": self._mdcs(),
            "adrgs": self._adrgs(),
            "drgs": {row["code"]: row["name"] for table in ("adrg", "drg") for row in self._rows(table)},
            "lists": self.sets,
            **self._complications(),
            "exclusion_of_principal": self._exclusions(),
            "base_level": [row["code"] for row in self._rows("drg") if row["base"].lower() in YES],
        }
        return Assembled(
            document, tuple(sorted(self.problems, key=lambda p: (list(SHEET_NAMES.values()).index(p.sheet), p.row)))
        )

    def _check_cells(self) -> None:
        for table, columns in COLUMNS.items():
            needed = [column for column in columns if column not in OPTIONAL.get(table, set()) | {"rule", "sort"}]
            for row in self._rows(table):
                for column in needed:
                    if not row[column]:
                        self._problem(table, row, f"缺 {column}")

    def _rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def _problem(self, table: str, row: Row, text: str) -> None:
        self.problems.append(SheetProblem(SHEET_NAMES[table], row.number, text))

    def _mdcs(self) -> list[dict[str, Any]]:
        by_mdc: dict[str, list[Row]] = {}
        for row in self._in_order("adrg"):
            by_mdc.setdefault((row["mdc"] or row["code"][:1]).removeprefix("MDC"), []).append(row)
        rows = sorted(self._in_order("mdc"), key=lambda row: row["code"].removeprefix("MDC") != "A")
        letters = [row["code"].removeprefix("MDC") for row in rows]
        for row in self._rows("adrg"):
            if (row["mdc"] or row["code"][:1]).removeprefix("MDC") not in letters:
                self._problem("adrg", row, f"{row['code']} 所属的 MDC 不在 MDC 表中")
        return [
            {
                "code": f"MDC{letter}",
                "when": self._rule("mdc", row),
                "steps": [self._step(adrg) for adrg in by_mdc.get(letter, [])],
            }
            for letter, row in zip(letters, rows, strict=True)
        ]

    def _step(self, row: Row) -> dict[str, Any]:
        code = row["code"]
        ending = "ambiguous" if code[1:] == "QY" else "ungrouped" if code[1:] == "00" else None
        return {ending: code, "when": self._rule("adrg", row)} if ending else {"adrg": code}

    def _adrgs(self) -> dict[str, Any]:
        drgs: dict[str, list[Row]] = {}
        for row in self._in_order("drg"):
            drgs.setdefault(row["adrg"] or row["code"][:3], []).append(row)
        own = [row for row in self._rows("adrg") if row["code"][1:] not in ("QY", "00")]
        codes = [row["code"] for row in own]
        self._twice("adrg", own)
        for adrg, rows in drgs.items():
            if adrg not in codes:
                self._problem("drg", rows[0], f"{rows[0]['code']} 所属的 ADRG {adrg} 不在 ADRG 表中")
        for row in own:
            if row["code"] not in drgs:
                self._problem("adrg", row, f"{row['code']} 没有 DRG")
        return {row["code"]: self._adrg(row, drgs.get(row["code"], [])) for row in own}

    def _adrg(self, row: Row, drgs: list[Row]) -> dict[str, Any]:
        self._twice("drg", drgs)
        with_rule = sorted(drgs, key=lambda drg: not drg["rule"])
        groups = [{"drg": drg["code"], "when": self._rule("drg", drg)} for drg in with_rule]
        return {"when": self._rule("adrg", row), "drgs": groups, "else": None}

    def _twice(self, table: str, rows: list[Row]) -> None:
        seen: set[str] = set()
        for row in rows:
            if row["code"] in seen:
                self._problem(table, row, f"{row['code']} 写了两次")
            seen.add(row["code"])

    def _rule(self, table: str, row: Row) -> Any:
        try:
            return parse_rule(row["rule"], self.sets)
        except RuleError as error:
            problem = SheetProblem(SHEET_NAMES[table], row.number, f"规则“{row['rule']}”:{error}")
            if problem not in self.problems:
                self.problems.append(problem)
            return False

    def _in_order(self, table: str) -> list[Row]:
        keyed = list(self._keyed(table))
        return [row for _, row in sorted(keyed, key=lambda pair: pair[0])]

    def _keyed(self, table: str) -> Iterator[tuple[float, Row]]:
        for row in self._rows(table):
            try:
                yield float(row["sort"] or row.number), row
            except ValueError:
                problem = SheetProblem(SHEET_NAMES[table], row.number, f"排序“{row['sort']}”不是数")
                if problem not in self.problems:
                    self.problems.append(problem)

    def _complications(self) -> dict[str, dict[str, str]]:
        tables: dict[str, dict[str, str]] = {"mcc": {}, "cc": {}}
        for row in self._rows("cc"):
            level = row["type"].lower()
            if level not in tables:
                self._problem("cc", row, f"类型“{row['type']}”不是 MCC 或 CC")
            elif any(row["code"] in table for table in tables.values()):
                self._problem("cc", row, f"{row['code']} 写了两次")
            else:
                tables[level][row["code"]] = row["exclusion"]
        return tables

    def _exclusions(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self._rows("exclusions"):
            found.setdefault(row["code"], []).append(row["exclusion"])
        return found
