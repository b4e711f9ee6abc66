"""Headers: every spelling that an office may use means one column, and only that one."""

import pytest

from yigongti.exchange.files.reading.headers import Header, understand
from yigongti.exchange.files.reading.naming import table_named
from yigongti.exchange.files.templates import header
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.facts import COUNTY, Column, FactTable, Kind


def spellings(column: Column) -> list[str]:
    """A column's English name, label, both together as in the template, in other case, width and with blanks."""
    money = [f"{column.label}(元)", f"{column.label} (分)"] if column.kind is Kind.FEN else []
    return [
        column.name,
        column.name.upper(),
        f" {column.name} ",
        column.label,
        f"{column.label}*",
        header(column),
        *money,
    ]


@pytest.mark.parametrize("table", COUNTY.values(), ids=lambda table: table.name)
def test_every_spelling_of_every_column_is_understood(table: FactTable) -> None:
    for column in table.columns:
        others = [other.name for other in table.columns if other is not column]
        for spelling in spellings(column):
            assert understand([spelling, *others], table, file="f").columns[spelling] == column.name, spelling


def test_money_without_suffix_is_in_yuan() -> None:
    names = [name.removesuffix("_fen") for name in COUNTY["visit"].names]
    assert understand(names, COUNTY["visit"], file="f").yuan == {"total_fen", "fund_fen", "self_fen"}


def test_the_template_s_headers_are_in_fen_and_leave_no_doubt() -> None:
    found = understand([header(column) for column in COUNTY["visit"].columns], COUNTY["visit"], file="f")
    assert (found.yuan, found.unitless) == (frozenset(), frozenset())


def test_the_columns_of_an_export_for_mending_are_no_facts() -> None:
    found = understand(["_quarantine", *COUNTY["death"].names, "_original", "_reason"], COUNTY["death"], file="f")
    assert found == Header({name: name for name in COUNTY["death"].names}, quarantine="_quarantine")


def test_a_label_and_a_name_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(FileRefused, match="没有“就诊日期 kind”这一列"):
        understand(["就诊日期 kind", *COUNTY["visit"].names], COUNTY["visit"], file="f")


@pytest.mark.parametrize(
    ("name", "table"),
    [("visit", "visit"), ("Visit_2025-01", "visit"), ("visit2025", "visit"), ("住院", "stay"), ("住院-2025年", "stay"),
     ("prescription_line(1)", "prescription_line"), ("visitors", None), ("住院病案", None)],
)  # fmt: skip
def test_a_file_s_name_is_the_table_s_perhaps_with_a_date_or_number(name: str, table: str | None) -> None:
    found = table_named(name)
    assert (found.name if found else None) == table
