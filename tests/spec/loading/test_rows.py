"""Which rows load and which are kept in quarantine, and what is said of them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.files.offices import (
    brought,
    charge,
    counts,
    csv_file,
    exam,
    in_lake,
    institution,
    ndjson_file,
    resident,
    visit,
)  # fmt: skip

from yigongti.exchange.files.models import QuarantinedRow
from yigongti.exchange.files.quarantine.selectors import waiting
from yigongti.kernel import clock
from yigongti.kernel.facts import Kind

pytestmark = pytest.mark.django_db
MAKERS = {"visit": visit, "charge": charge, "exam": exam, "resident": resident, "institution": institution}


def refused(county: Path, table: str, **wrong: Any) -> QuarantinedRow:
    """The one quarantined row of a file of three, whose second has the wrong values; the other two load."""
    make = MAKERS[table]
    report = brought(csv_file(county / f"{table}.csv", [make(11), make(12, **wrong), make(13)]))
    assert counts(report) == (2, 0, 0, 1)
    row = waiting().get()
    assert (row.table, row.line, row.original) == (table, 3, {**make(12), **wrong})
    assert row.remedy
    return row


@pytest.mark.parametrize(
    ("table", "column", "value", "reason"),
    [
        ("visit", "day", "2025-02-30", "不是日期"),
        ("visit", "day", "31/01/2025", "不是日期"),
        ("visit", "day", "1899-12-31", "超出范围:“就诊日期”应为 不小于 1900-01-01"),
        ("visit", "day", "", "“就诊日期”不能为空"),
        ("visit", "kind", "门诊部", "“门诊部”不在“就诊方式”的取值之内"),
        ("visit", "total_fen", "一百元", "不是以分计的整数金额"),
        ("visit", "total_fen", "100.5", "不是以分计的整数金额"),
        ("visit", "total_fen", "9999999999999999999", "不是以分计的整数金额"),
        ("visit", "fund_fen", "-100", "超出范围:“基金支付”应为 不小于 0.00 元"),
        ("visit", "tcm", "Y", "不是是非值"),
        ("visit", "visit_id", "V" * 65, "“就诊编号”超过 64 个字符"),
        ("visit", "institution_id", "H99", "“机构编号”不在机构表里"),
        ("charge", "quantity", "三", "不是数字"),
        ("charge", "quantity", "nan", "不是数字"),
        ("exam", "ordered_at", "2025-02-15T08:30:00", "时间没有写时区"),
        ("exam", "ordered_at", "上午八点", "不是时间"),
        ("exam", "ordered_by", "H99", "不在机构表里"),
        ("resident", "key_groups", "elderly|老师", "“老师”不在“重点人群”的取值之内"),
        ("resident", "died_on", "1950-01-01", "“死亡日期”早于“出生日期”"),
        ("institution", "lon", "190", "超出范围:“经度”应为 -180 到 180"),
        ("institution", "parent_id", "H99", "“上级机构编号”不在机构表里"),
    ],
)
def test_a_value_that_breaks_a_rule_is_told_with_column_value_and_reason(
    county: Path, table: str, column: str, value: str, reason: str
) -> None:
    row = refused(county, table, **{column: value})
    assert row.column == column
    assert row.value == value
    assert reason in row.reason


def test_a_day_after_today_is_refused_and_today_is_not(county: Path) -> None:
    with clock.at(date(2025, 6, 30)):
        rows = [visit(1, day="2025-06-30"), visit(2, day="2025-07-01")]
        assert counts(brought(csv_file(county / "visit.csv", rows))) == (1, 0, 0, 1)
    assert waiting().get().reason == "“就诊日期”晚于今天(2025-06-30)"


def test_amounts_that_do_not_add_up_are_told_with_both_sums(county: Path) -> None:
    row = refused(county, "visit", total_fen="12000")
    assert row.reason == "金额不平:基金支付+个人负担 应等于 总费用,现为 100.00 元,而“总费用”是 120.00 元"


def test_a_charge_may_differ_by_a_fen_of_rounding_and_not_by_more(county: Path) -> None:
    rows = [charge(1, amount_fen="10000"), charge(2, amount_fen="10001"), charge(3, quantity="0.5", amount_fen="1667")]
    assert counts(brought(csv_file(county / "charge.csv", rows))) == (2, 0, 0, 1)
    assert waiting().get().reason == "金额不平:数量×单价=99.99 元,而“金额”是 100.01 元"


def test_the_first_of_two_rows_with_one_key_loads_and_the_other_names_its_line(county: Path) -> None:
    rows = [visit(1), visit(2), visit(1, department="内科")]
    assert counts(brought(csv_file(county / "visit.csv", rows))) == (2, 0, 0, 1)
    assert waiting().get().reason == "就诊编号与第 2 行重复,已装载那一行"
    assert in_lake("visit")[0]["department"] == "全科"


def test_a_row_is_told_everything_that_is_wrong_with_it_at_once(county: Path) -> None:
    row = refused(county, "visit", kind="x", tcm="?", institution_id="H99")
    assert [problem["column"] for problem in row.all_problems] == ["kind", "tcm", "institution_id"]


def test_unknown_residents_and_places_load_and_are_noted(county: Path) -> None:
    report = brought(csv_file(county / "visit.csv", [visit(1), visit(2)]))
    assert report.notes == ("2 行的“居民编号”(resident_id)还不在“居民”表里",)
    brought(csv_file(county / "resident.csv", [resident(1), resident(2)]))
    assert brought(csv_file(county / "visit.csv", [visit(1), visit(2)])).notes == ()


def test_an_institution_may_come_before_its_parent_in_the_file_but_not_without_it(county: Path) -> None:
    rows = [institution(3, parent_id="I4"), institution(4, parent_id="I1"), institution(5, parent_id="I6"),
            institution(6, parent_id="H99")]  # fmt: skip
    assert counts(brought(csv_file(county / "institution.csv", rows))) == (2, 0, 0, 2)
    assert sorted(waiting().values_list("key", flat=True)) == ["I5", "I6"]


def test_what_people_type_is_understood(county: Path) -> None:
    rows = [
        visit(1, day="2025/1/5", kind="急诊", tcm="是", booked="FALSE", total_fen="10000", department=" 内科 "),
        visit(2, day="2025年1月6日", total_fen=" 10,000 ", institution_id=" I1"),
        visit(3, day="20250107", total_fen="10000.0", dx="I10 | "),
    ]
    assert counts(brought(csv_file(county / "visit.csv", rows))) == (3, 0, 0, 0)
    first, second, third = in_lake("visit")
    assert (first["day"].isoformat(), first["kind"], first["tcm"], first["booked"], first["department"]) == (
        "2025-01-05", "emergency", True, False, "内科",
    )  # fmt: skip
    assert (second["total_fen"], second["institution_id"], third["total_fen"], third["dx"]) == (
        10000,
        "I1",
        10000,
        ["I10"],
    )


def test_an_empty_list_is_a_list_without_values(county: Path) -> None:
    brought(csv_file(county / "resident.csv", [resident(1, key_groups="")]))
    assert in_lake("resident")[0]["key_groups"] == []


@pytest.mark.parametrize(("given", "fen"), [("100", 10000), ("0.29", 29), ("1,234.5", 123450), ("19.990", 1999)])
def test_yuan_become_fen_exactly(county: Path, given: str, fen: int) -> None:
    row = {
        **{name.removesuffix("_fen"): value for name, value in visit(1).items()},
        "total": given,
        "fund": "0",
        "self": given,
    }
    brought(csv_file(county / "visit.csv", [row]))
    assert (in_lake("visit")[0]["total_fen"], in_lake("visit")[0]["self_fen"]) == (fen, fen)


def test_less_than_a_fen_is_no_amount(county: Path) -> None:
    row = {**{name.removesuffix("_fen"): value for name, value in visit(1).items()}, "total": "10.005"}
    assert counts(brought(csv_file(county / "visit.csv", [row]))) == (0, 0, 0, 1)
    assert waiting().get().reason == "金额精确到了分以下"


def test_blank_lines_and_line_breaks_in_cells_do_not_shift_the_line_numbers(county: Path) -> None:
    header = ",".join(visit())
    good, bad = ",".join(visit(1).values()), ",".join(visit(2, day="?").values())
    broken = good.replace("V1,", "V3,").replace("全科", '"全\n科"')
    (county / "visit.csv").write_text(
        "\n".join([header, good, "", broken, bad, ",,,,,,,,,,,,", "V9,R1"]), encoding="utf-8"
    )
    assert counts(brought(county / "visit.csv")) == (2, 0, 0, 2)
    assert [(row.line, row.reason) for row in waiting()] == [(6, "不是日期"), (8, "有 2 列,表头有 13 列")]


def test_a_quote_left_open_costs_its_own_row_only(county: Path) -> None:
    lines = [",".join(visit())] + [",".join(visit(i).values()) for i in range(1, 6)]
    lines[2] = lines[2].replace("全科", '"全科')
    (county / "visit.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert counts(brought(county / "visit.csv")) == (4, 0, 0, 1)
    assert (waiting().get().line, waiting().get().reason) == (3, "引号不成对,这一行分不成列")


def test_a_control_character_is_no_text(county: Path) -> None:
    assert counts(brought(ndjson_file(county / "visit.ndjson", [visit(1, department="内\0科"), visit(2)]))) == (
        1,
        0,
        0,
        1,
    )
    row = waiting().get()
    assert (row.column, row.value, row.reason) == ("department", "内␀科", "含有不可见的控制字符")
    assert row.original["department"] == "内\0科"


def test_every_kind_of_column_has_words_for_a_bad_value() -> None:
    from yigongti.exchange.files.checking.words import KINDS

    assert set(Kind) - set(KINDS) == {Kind.CODE, Kind.LIST}, "coded columns are told their choices instead"
