"""What cannot be read is refused with what, where, why and what to do, and quickly."""

import time
import zipfile
from io import BytesIO

import pytest
from ledger_files import docx, paragraph, pdf

from yigongti.capabilities.ledger.reading import read, read_file
from yigongti.kernel.errors import FileRefused


def refusal_of(data: bytes | str, *, name: str = "文件") -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(data, name=name)
    refusal = caught.value
    assert refusal.what
    assert refusal.where
    assert refusal.why
    assert refusal.remedy
    return refusal


def zipped(name: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


POLICY = "某县医共体建设实施方案\n一、目标\n到2025年,县域内就诊率达到90%。\n二、任务\n完善制度。\n"


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf", b"\x00\x00\x00"])
def test_an_empty_file(data: bytes) -> None:
    assert "空" in refusal_of(data).what


@pytest.mark.parametrize("magic", [b"MZ\x90\x00", b"\x7fELF\x02\x01"])
def test_a_program_named_docx(magic: bytes) -> None:
    assert "可执行程序" in refusal_of(magic + b"\x00" * 200, name="方案.docx").what


@pytest.mark.parametrize("data", [b"PK\x03\x04 not really", zipped("xl/workbook.xml")])
def test_a_damaged_or_other_archive_named_docx(data: bytes) -> None:
    refusal_of(data, name="方案.docx")


def test_a_word_document_of_pictures_only() -> None:
    assert "没有文字" in refusal_of(docx(paragraph("")), name="扫描.docx").what


def test_a_scanned_pdf_without_text() -> None:
    assert "没有文字" in refusal_of(pdf(""), name="扫描.pdf").what


def test_a_damaged_pdf() -> None:
    refusal_of(b"%PDF-1.7 broken", name="坏.pdf")


def test_a_picture_and_an_old_word_document() -> None:
    refusal_of(b"\x89PNG\r\n\x1a\n" + b"\x00" * 50)
    refusal_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 50, name="方案.doc")


def test_text_that_was_stored_in_the_wrong_encoding() -> None:
    garbled = (POLICY * 5).encode("utf-8").decode("latin-1").encode("utf-8")
    assert "乱码" in refusal_of(garbled).what
    twice = (POLICY * 5).encode("utf-8").decode("gbk", errors="replace").encode("utf-8")
    assert "乱码" in refusal_of(twice).what


@pytest.mark.parametrize(
    "text",
    [
        "今天天气很好,我们去公园散步。",
        "姓名,年龄,性别\n张三,45,男\n李四,52,女\n王五,38,男\n",
        "本报讯 记者从会议上获悉,全市已建成医院12家,床位达到5000张,比去年增长10%。",
        "购物清单\n牛奶2盒\n面包1个\n鸡蛋10个",
    ],
)
def test_a_file_with_no_policy_in_it(text: str) -> None:
    assert "没有读到政策文件" in refusal_of(text).what


def test_a_table_without_its_header() -> None:
    rows = "\n".join(f"人均指标{at}\n{at}.5\n{at}.9\n预期性" for at in range(1, 9))
    assert "没有表头" in refusal_of(f"一、指标\n{rows}").what


def test_a_page_of_five_megabytes_is_answered_quickly() -> None:
    noise = ("<html><body>" + "<p>新闻资讯栏目内容更新。</p>" * 150_000 + "</body></html>").encode()
    started = time.perf_counter()
    assert "太大" in refusal_of(noise, name="页面.html").what
    assert time.perf_counter() - started < 10


def test_a_page_heavy_with_scripts_and_pictures_is_still_read() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 3_000_000}">'
    page = f"<html><head><script>{'x=1;' * 400_000}</script></head><body>{picture}<pre>{POLICY}</pre></body></html>"
    assert read(page.encode(), name="页面.html").documents[0].targets[0].value == 90


def test_a_path_that_is_not_there(tmp_path) -> None:
    with pytest.raises(FileRefused, match="找不到文件"):
        read_file(tmp_path / "没有.txt")
