"""Files refused whole: each message says what, where, why and what to do, and nothing of the file is stored."""

import errno
import gzip
from pathlib import Path
from unittest import mock

import pytest
import xlsxwriter
from tests.files.offices import brought, csv_file, in_lake, institution, loaded, parquet_file, refusal, visit

from yigongti.analytics import lake
from yigongti.exchange.files.loading import load
from yigongti.exchange.files.models import Load
from yigongti.spine.record.models import Entry

pytestmark = pytest.mark.django_db


def told(error: dict[str, str], *parts: str) -> None:
    """The whole message holds these parts, and says where and what to do."""
    assert error["where"]
    assert error["remedy"]
    message = "".join(error.values())
    assert [part for part in parts if part not in message] == []


def test_a_file_that_is_not_there(county: Path) -> None:
    told(refusal(county / "visit.csv"), "文件不存在", "visit.csv")


def test_a_file_that_may_not_be_read(county: Path) -> None:
    path = csv_file(county / "visit.csv", [visit()])
    with mock.patch.object(Path, "open", side_effect=PermissionError(errno.EACCES, "Permission denied")):
        told(refusal(path), "Permission denied", "权限")


@pytest.mark.parametrize("name", ["visit.csv", "visit.ndjson", "visit.parquet", "visit.xlsx"])
@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_an_empty_file(county: Path, name: str, content: bytes) -> None:
    (county / name).write_bytes(content)
    told(refusal(county / name), "文件是空的", "重新导出")


def test_a_parquet_file_cut_short(county: Path) -> None:
    path = parquet_file(county / "visit.parquet", [visit(i) for i in range(100)])
    path.write_bytes(path.read_bytes()[:-200])
    told(refusal(path), "不完整或已损坏", "重新传输")


def test_a_compressed_file_cut_short(county: Path) -> None:
    path = csv_file(county / "visit.csv", [visit(i) for i in range(5000)])
    packed = gzip.compress(path.read_bytes())
    (county / "visit.csv.gz").write_bytes(packed[: len(packed) // 2])
    told(refusal(county / "visit.csv.gz"), "压缩文件不完整")
    assert in_lake("visit") == []


def test_a_workbook_cut_short(county: Path) -> None:
    path = county / "visit.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("visit").write_row(0, 0, list(visit()))
    path.write_bytes(path.read_bytes()[:-300])
    told(refusal(path), "工作簿不完整或已损坏")


@pytest.mark.parametrize("head", [b"MZ\x90\0", b"\x7fELF\x02", b"PK\x03\x04..", b"%PDF-1.7"])
def test_something_else_renamed_to_csv(county: Path, head: bytes) -> None:
    (county / "visit.csv").write_bytes(head + b"\0\x01" * 100)
    told(refusal(county / "visit.csv"), "文件头与扩展名不符", "不要只改扩展名")


def test_an_executable_renamed_to_a_workbook(county: Path) -> None:
    (county / "visit.xlsx").write_bytes(b"MZ" + b"\0" * 600)
    told(refusal(county / "visit.xlsx"), "可执行程序")


def test_text_in_utf_16(county: Path) -> None:
    path = csv_file(county / "visit.csv", [visit()], encoding="utf-16")
    told(refusal(path), "文字编码", "CSV UTF-8")


def test_bytes_that_are_neither_utf_8_nor_gbk(county: Path) -> None:
    path = csv_file(county / "visit.csv", [visit(department="")])
    path.write_bytes(path.read_bytes() + b"\xff\xff\xff\n" * 3)
    told(refusal(path), "文字编码")


def test_a_bad_byte_far_down_a_utf_8_file_is_told_with_its_line(county: Path) -> None:
    path = csv_file(county / "visit.csv", [visit(i) for i in range(1, 2001)])
    lines = path.read_bytes().split(b"\n")
    lines[1500] = lines[1500].replace("全科".encode(), "全科".encode("gbk"))
    path.write_bytes(b"\n".join(lines))
    told(refusal(path), "第 1501 行", "UTF-8")
    assert in_lake("visit") == []


def test_lines_of_two_encodings_in_a_short_file_are_told_and_not_turned_into_nonsense(county: Path) -> None:
    path = csv_file(county / "visit.csv", [visit(1)])
    row = ",".join(map(str, visit(2).values()))
    path.write_bytes(path.read_bytes() + row.encode("gbk") + b"\n")
    told(refusal(path), "第 3 行", "UTF-8", "只能用一种编码")
    alone = csv_file(county / "visit.csv", [visit(1, department="联通"), visit(2)], encoding="gbk")
    assert brought(alone).loaded == 2


def test_an_unknown_column_with_the_nearest_name(county: Path) -> None:
    path = csv_file(county / "visit.csv", [{**visit(), "departmnt": "全科"}])
    told(refusal(path), "没有“departmnt”这一列", "是不是“department”?", "表头")


def test_a_missing_required_column(county: Path) -> None:
    row = visit()
    del row["day"], row["kind"]
    told(refusal(csv_file(county / "visit.csv", [row])), "缺少必需的列", "就诊日期(day)", "就诊方式(kind)")


def test_one_column_twice(county: Path) -> None:
    told(refusal(csv_file(county / "visit.csv", [{**visit(), "就诊日期": "2025-01-01"}])), "是同一列(day)")


def test_fen_and_yuan_of_one_amount(county: Path) -> None:
    told(refusal(csv_file(county / "visit.csv", [{**visit(), "total": "100.00"}])), "是同一列(total_fen)")


def test_amounts_with_decimals_under_a_label_without_a_unit(county: Path) -> None:
    row = {("总费用" if name == "total_fen" else name): value for name, value in visit().items()}
    path = csv_file(county / "visit.csv", [{**row, "总费用": "100.00"}])
    told(refusal(path), "没有写单位", "总费用(元)", "总费用(分)")


def test_a_table_nobody_knows(county: Path) -> None:
    told(refusal(csv_file(county / "vist.csv", [visit()])), "认不出“vist.csv”", "是不是“visit”?")


def test_a_kind_of_file_nobody_knows(county: Path) -> None:
    (county / "visit.docx").write_bytes(b"PK\x03\x04")
    told(refusal(county / "visit.docx"), "不认识“.docx”类型的文件")


def test_a_sheet_nobody_knows_keeps_the_whole_workbook_out(county: Path) -> None:
    path = county / "上报.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("visit", "vist"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(visit()))
            sheet.write_row(1, 0, list(visit().values()))
    told(refusal(path), "工作表“vist”不是事实表", "是不是“visit”?")
    assert in_lake("visit") == []


def test_the_other_files_load_and_the_exit_code_is_2(county: Path) -> None:
    (county / "stay.csv").write_bytes(b"")
    good = csv_file(county / "visit.csv", [visit()])
    report = load([county / "stay.csv", good])
    assert [(file.table, file.loaded, bool(file.error)) for file in report.files] == [
        ("visit", 1, False),
        ("stay", 0, True),
    ]
    assert report.exit_code == 2
    assert Load.objects.get(table="stay").error["what"] == "文件是空的"


def no_space(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("moment", ["yigongti.analytics.lake.parts.settled", "yigongti.analytics.lake.parts.part_path"])
def test_a_full_disk_while_the_lake_is_written(county: Path, moment: str) -> None:
    path = csv_file(county / "visit.csv", [visit(i) for i in range(1, 50)])
    with mock.patch(moment, side_effect=no_space):
        told(refusal(path), "磁盘已满", "已有数据未受影响", "腾出空间")
    assert (in_lake("visit"), Entry.objects.count()) == ([], 0)
    assert brought(path).loaded == 49


def test_a_full_disk_while_a_file_is_staged(county: Path) -> None:
    path = csv_file(county / "visit.csv", [visit()])
    with mock.patch("yigongti.analytics.lake.staging.Staging.add", side_effect=no_space):
        told(refusal(path), "磁盘已满")


def test_a_refused_file_leaves_what_was_loaded_before(county: Path) -> None:
    brought(csv_file(county / "visit.csv", [visit(i) for i in range(1, 10)]))
    before = in_lake("visit")
    changed = csv_file(county / "visit.csv", [visit(i, department="内科") for i in range(1, 20)])
    with mock.patch("yigongti.analytics.lake.rewriting.settled", side_effect=no_space):
        told(refusal(changed), "磁盘已满")
    assert in_lake("visit") == before
    assert lake.history("visit", ["V1"])[0].row["department"] == "全科"
    assert len(lake.history("visit", ["V1"])) == 1


HOLDING = """
import fcntl, sys
lock = open(sys.argv[1])
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_load_while_another_writes_is_told_to_wait(county: Path) -> None:
    import subprocess
    import sys

    from yigongti.kernel.errors import Refusal
    from yigongti.spine.home import home

    path = csv_file(county / "visit.csv", [visit()])
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, home().lake / ".lock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        assert other.stdin
        other.stdout.readline()
        with pytest.raises(Refusal, match="另一个装载或整理正在写数据湖"):
            load([path])
        other.stdin.close()
    assert brought(path).loaded == 1


def test_an_institution_file_with_a_bad_row_still_loads_the_others(county: Path) -> None:
    report = loaded(csv_file(county / "institution.csv", [institution(3), institution(4, level="特级")]))[0]
    assert (report.loaded, report.quarantined) == (1, 1)
