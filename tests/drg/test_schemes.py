"""The library of schemes: listed, imported from three forms, checked, compared."""

import csv
import gzip
import json
from datetime import date

import pyarrow as pa
import pytest
import xlsxwriter

from yigongti.capabilities.payment.decisions.drg import Scheme, explain
from yigongti.capabilities.payment.services.drg import (
    check_scheme,
    diff_schemes,
    import_scheme,
    list_schemes,
    read_table,
)
from yigongti.kernel.errors import FileRefused, Refusal
from yigongti.kernel.rules import RuleBook

TABLES = {
    "MDC": (["MDC编码", "MDC名称", "排序"], [["MDCB", "神经", 2], ["MDCA", "先期", 9], ["MDCP", "新生儿", 1]]),
    "ADRG": (
        ["ADRG编码", "ADRG名称", "排序", "规则"],
        [
            ["B00", "未入组", 9, ""],
            ["BR2", "脑缺血", 3, "ZYZD in DI_BR2"],
            ["BB2", "颅脑手术", 1, "(ZYZD in DI_B) and_x000D_\n(ZYSS in OP_BB2)"],
            ["BQY", "歧义", 2, "ZYZD in DI_B and ZYSS in OP_ALL"],
            ["AH1", "通气", 1, "{ZYSS, QTSS} in OP_AH1 OR length(OP_BB2 ∩ {ZYSS, QTSS}) >= 2"],
            ["PR1", "低体重", 1, "ZYZD in DI_P and XSRTL<=28 and XSRTZ < 2500"],
        ],
    ),
    "DRG": (
        ["DRG编码", "DRG名称", "排序", "规则", "基层病组"],
        [
            ["BR25", "脑缺血,不伴", 1, "", "是"],
            ["BR2E", "脑缺血,高龄伴", 2, "QTZD in {MCC, CC} and NL>=70", ""],
            ["BR21", "脑缺血,伴严重", 3, "QTZD in MCC", ""],
            ["BB29", "颅脑手术", 1, "", ""],
            ["AH19", "通气", 1, "", ""],
            ["PR19", "低体重", 1, "", ""],
        ],
    ),
    "集合": (
        ["集合", "编码"],
        [
            ["DI_B", "I63.900"], ["DI_B", "G00.900"], ["DI_BR2", "I63.900"], ["OP_BB2", "01.2400"],
            ["OP_BB2", "01.3100"], ["OP_ALL", "01.2400"], ["OP_ALL", "47.0100"], ["OP_AH1", "96.7201"],
            ["DI_P", "P07.100"],
        ],
    ),
    "CC": (["编码", "类型", "排除表"], [["J96.000", "MCC", "EX_1"], ["E11.200", "CC", "EX_2"]]),
    "排除表": (["排除表", "编码"], [["EX_1", "J44.000"], ["EX_2", "I63.900"], ["EX_3", "I63.900"]]),
}  # fmt: skip
CSV_NAMES = {"MDC": "mdc", "ADRG": "adrg", "DRG": "drg", "集合": "sets", "CC": "cc", "排除表": "exclusions"}


def workbook(path, tables=TABLES):
    with xlsxwriter.Workbook(path) as book:
        for name, (header, rows) in tables.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate([header, *rows]):
                sheet.write_row(number, 0, row)
    return path


def folder(path, tables=TABLES):
    path.mkdir()
    for name, (header, rows) in tables.items():
        with (path / f"{CSV_NAMES[name]}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    return path


def changed(sheet, row, cell, value):
    header, rows = TABLES[sheet]
    rows = [list(each) for each in rows]
    rows[row][cell] = value
    return {**TABLES, sheet: (header, rows)}


@pytest.fixture(params=["workbook", "csv"])
def imported(request, tmp_path):
    source = workbook(tmp_path / "book.xlsx") if request.param == "workbook" else folder(tmp_path / "tables")
    return Scheme.load(import_scheme(source, home=tmp_path / "home", name="chs-3-small").path)


def drg(scheme, *dx, procedures=(), **more):
    case = {"id": 1, "sex": "male", "age_years": 50, "dx": dx, "procedures": procedures}
    return explain({**case, **more}, scheme).drg


def test_categories_go_a_first_then_by_their_order(imported):
    assert [mdc.code for mdc in imported.mdcs] == ["MDCA", "MDCP", "MDCB"]


def test_rules_of_the_workbook_mean_what_they_say(imported):
    assert drg(imported, "I63.900") == "BR25"
    assert drg(imported, "I63.900", procedures=["01.2400"]) == "BB29"
    assert drg(imported, "I63.900", procedures=["47.0100"]) == "BQY"
    assert drg(imported, "G00.900", procedures=["99.9900", "96.7201"]) == "AH19"
    assert drg(imported, "G00.900", procedures=["01.2400", "01.3100"]) == "AH19"
    assert drg(imported, "P07.100", age_days=3, birth_weight_g=2000) == "PR19"


def test_an_empty_rule_is_the_default_and_comes_last(imported):
    assert drg(imported, "I63.900", "J96.000") == "BR21"
    assert drg(imported, "I63.900", "J96.000", age_years=70) == "BR2E"


def test_a_principal_diagnosis_may_void_several_exclusion_lists(imported):
    assert drg(imported, "I63.900", "E11.200", age_years=80) == "BR25"


def test_a_case_no_group_of_its_category_takes_ends_ungrouped(imported):
    trace = explain({"id": 1, "sex": "male", "age_years": 50, "dx": ["G00.900"], "procedures": []}, imported)
    assert (trace.drg, trace.status) == ("B00", "ungrouped")


def test_base_level_groups_are_flagged(imported):
    assert imported.base_level == {"BR25"}


def test_base_level_groups_may_be_named_by_a_rule(tmp_path):
    codes = RuleBook.load().find("payment.drg.base_level_groups", on=date(2027, 1, 1)).codes
    book = workbook(tmp_path / "b.xlsx", changed("DRG", 3, 0, "BB29"))
    assert "BR29" in codes
    taken = import_scheme(book, home=tmp_path, name="x", base_level={"BB29"})
    assert Scheme.load(taken.path).base_level == {"BR25", "BB29"}


def test_rows_the_workbook_is_known_to_lack_are_told_and_not_made_up(tmp_path):
    gaps = RuleBook.load().find("payment.drg.known_exclusion_gaps", on=date(2027, 1, 1)).codes
    tables = changed("CC", 0, 2, "EX_103")
    told = import_scheme(workbook(tmp_path / "b.xlsx", tables), home=tmp_path, name="x", known_gaps=gaps)
    assert any("EX_103" in str(each) and "P22.100、P24.100" in str(each) for each in told.problems)
    mended = {
        **tables,
        "排除表": (tables["排除表"][0], [*tables["排除表"][1], ["EX_103", "P22.100"], ["EX_103", "P24.100"]]),
    }
    told = import_scheme(workbook(tmp_path / "c.xlsx", mended), home=tmp_path, name="y", known_gaps=gaps)
    assert not any("已知的缺行" in str(each) for each in told.problems)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (changed("ADRG", 1, 3, "ZYZD in DI_NOWHERE"), "ADRG 第 3 行.*集合 DI_NOWHERE 不存在"),
        (changed("ADRG", 1, 3, "ZYZD within DI_BR2"), "ADRG 第 3 行"),
        (changed("DRG", 2, 3, "QTZD in"), "DRG 第 4 行.*没有写完"),
        (changed("CC", 1, 1, "XC"), "CC 第 3 行.*不是 MCC 或 CC"),
        (changed("CC", 0, 2, ""), "CC 第 2 行.*缺 exclusion"),
        (changed("DRG", 3, 0, "BX29"), "DRG 第 5 行.*BX2 不在 ADRG 表中"),
        (changed("ADRG", 1, 2, "third"), "ADRG 第 3 行.*不是数"),
    ],
)
def test_what_does_not_parse_is_told_by_sheet_and_row_and_nothing_is_imported(tmp_path, tables, said):
    with pytest.raises(FileRefused, match=said):
        import_scheme(workbook(tmp_path / "book.xlsx", tables), home=tmp_path / "home", name="x")
    assert not (tmp_path / "home").exists()


def test_a_missing_sheet_or_column_is_named(tmp_path):
    with pytest.raises(FileRefused, match="缺工作表 CC"):
        import_scheme(workbook(tmp_path / "a.xlsx", {k: v for k, v in TABLES.items() if k != "CC"}), home=tmp_path)
    short = {**TABLES, "集合": (["集合", "别的"], [["DI_B", "I63.900"]])}
    with pytest.raises(FileRefused, match="集合 缺列 code"):
        import_scheme(workbook(tmp_path / "b.xlsx", short), home=tmp_path)


def test_the_library_lists_what_ships_and_what_was_imported(tmp_path):
    import_scheme(workbook(tmp_path / "book.xlsx"), home=tmp_path, name="mine", title="我县方案")
    found = {entry.name: entry for entry in list_schemes(tmp_path)}
    assert (found["county-core"].origin, found["mine"].origin) == ("shipped", "imported")
    assert (found["mine"].title, found["mine"].mdcs, found["mine"].adrgs, found["mine"].drgs) == ("我县方案", 3, 4, 6)


NEUTRAL = {
    "scheme": "tiny", "title": "", "retry_other_procedures": False,
    "mdcs": [{"code": "MDCB", "when": {"principal_dx_in": "B"}, "steps": [{"adrg": "BR1"}, {"adrg": "BR2"}]}],
    "adrgs": {
        "BR1": {"when": {"any_dx_in": "nowhere"}, "drgs": [{"drg": "BR19", "when": True}], "else": None},
        "BR2": {
            "when": True,
            "drgs": [{"drg": "BR25", "when": True}, {"drg": "BR21", "when": {"has": "mcc"}}],
            "else": None,
        },
        "BR3": {"when": True, "drgs": [], "else": None},
    },
    "drgs": {}, "lists": {"B": ["I63.900", "I63.900"], "idle": []},
    "mcc": {"J96.000": "1"}, "cc": {"J96.000": "1"}, "exclusion_of_principal": {},
}  # fmt: skip


def neutral(path, **changes):
    path.write_bytes(gzip.compress(json.dumps({**NEUTRAL, **changes}).encode()))
    return path


@pytest.mark.parametrize(
    "said",
    [
        "BR1:条件用到的列表 nowhere 不存在",
        "BR21:永远轮不到",
        "BR3:没有一个 MDC 的步骤用到它",
        "BR3:既没有细分组",
        "J96.000:同时是严重并发症和并发症",
        "列表 B:编码重复",
        "列表 idle:没有条件用到它",
    ],
)
def test_a_check_finds_what_is_wrong_or_idle(tmp_path, said):
    assert any(said in str(problem) for problem in check_scheme(neutral(tmp_path / "s.json.gz")))


@pytest.mark.parametrize(
    "broken",
    [
        {"mdcs": [{"code": "MDCB", "when": {"principal_dx_within": "B"}, "steps": []}]},
        {"mdcs": [{"code": "MDCB", "when": {"age_years": ["~", 3]}, "steps": []}]},
        {"mdcs": [{"code": "MDCB", "when": True, "steps": [{"adrg": "XX1"}]}]},
        {"mdcs": [{"code": "MDCB", "when": {"sex": "both"}, "steps": []}]},
        {"mdcs": "none"},
        {"mcc": {"J96.000": None}},
        {"lists": None},
    ],
)
def test_a_scheme_that_breaks_the_format_is_refused(tmp_path, broken):
    with pytest.raises(Refusal) as refusal:
        Scheme.load(neutral(tmp_path / "s.json.gz", **broken))
    assert refusal.value.where


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / "s.json.gz").write_bytes(b"\x1f\x8bnothing")
    with pytest.raises(FileRefused, match="读不出来"):
        Scheme.load(tmp_path / "s.json.gz")


def test_a_difference_counts_who_moves_where_and_the_money(tmp_path):
    first = neutral(tmp_path / "first.json.gz")
    second = neutral(tmp_path / "second.json.gz", lists={"B": ["I63.900"], "nowhere": ["E11.200"]})
    cases = tmp_path / "cases.jsonl"
    rows = [{"id": i, "dx": ["I63.900", "E11.200"] if i < 3 else ["I63.900"], "procedures": []} for i in range(10)]
    cases.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "w.json").write_text('{"BR25": "1.50", "BR19": "2.25"}')
    weights = (tmp_path / "w.json", tmp_path / "w.json")
    result = diff_schemes(first, second, read_table(cases), weights=weights, price_fen=600000)
    assert (result.found.cases, result.found.moved) == (10, 3)
    assert [(move.before, move.after, move.cases) for move in result.found.moves] == [("BR25", "BR19", 3)]
    assert (result.before_fen, result.after_fen) == (15 * 600000, 15 * 600000 + 3 * 450000)


def test_without_weights_the_countys_own_costs_say_which_institution_gains_and_the_whole_stays(tmp_path):
    first = neutral(tmp_path / "first.json.gz")
    second = neutral(tmp_path / "second.json.gz", lists={"B": ["I63.900"], "nowhere": ["E11.200"]})
    stays = pa.table(
        {
            "stay_id": ["a", "b", "c", "d"],
            "institution_id": ["H", "H", "T", "T"],
            "dx": [["I63.900", "E11.200"], ["I63.900"], ["I63.900"], ["I63.900"]],
            "procedures": pa.array([[], [], [], []], pa.list_(pa.string())),
            "total_fen": [900_000, 300_000, 300_000, 300_000],
        }
    )
    result = diff_schemes(first, second, stays)
    assert (result.before_fen, result.after_fen, result.price_fen) == (1_800_000, 1_800_000, 450_000)
    assert [(each.institution_id, each.moved, each.before_fen, each.after_fen) for each in result.institutions] == [
        ("H", 1, 900_000, 1_200_000), ("T", 0, 900_000, 600_000),
    ]  # fmt: skip


def test_a_price_below_nothing_is_refused(tmp_path):
    with pytest.raises(Refusal, match="负"):
        diff_schemes("county-core", "county-core", pa.table({}), price_fen=-1)


def test_a_neutral_file_is_imported_as_it_is_and_never_replaced_by_another_of_its_name(tmp_path):
    source = neutral(tmp_path / "s.json.gz")
    first = import_scheme(source, home=tmp_path / "home")
    assert (first.name, import_scheme(source, home=tmp_path / "home").path) == ("tiny", first.path)
    assert any("nowhere" in str(problem) for problem in first.problems)
    kept = first.path.read_bytes()
    with pytest.raises(FileRefused, match="已有同名而内容不同"):
        import_scheme(neutral(source, title="another"), home=tmp_path / "home")
    assert first.path.read_bytes() == kept
