"""A report as a PDF, set by Typst with a Chinese font of the system."""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from yigongti.capabilities.ledger.selectors.reports import Report
from yigongti.kernel.errors import Refusal

TEMPLATE = Path(__file__).with_name("report.typ")
FONTS = (
    "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "SimSun", "STSong", "Songti SC", "Noto Sans CJK SC",
    "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC",
)  # fmt: skip
"""Chinese fonts, the fittest for a document first."""


def pdf(report: Report) -> bytes:
    """The bytes of the PDF.  Raises Refusal where the machine has no Chinese font."""
    import typst

    words = {
        "phrase": _("指标"), "wanted": _("要求"), "due": _("期限"), "value": _("实测"), "light": _("灯"),
        "why": _("说明"), "papers": _("佐证"), "as_of": _("截至"), "source": _("监测数据"),
    }  # fmt: skip
    shape = {**asdict(report), "heading": report.heading, "words": words, "font": chinese_font()}
    inputs = {"report": json.dumps(shape, ensure_ascii=False, default=str)}
    made: bytes = typst.compile(str(TEMPLATE), format="pdf", sys_inputs=inputs)
    return made


@cache
def chinese_font() -> str:
    """The Chinese font that reports are set in.  Raises Refusal naming what to install where there is none."""
    found = next((name for name in FONTS if name in _families()), None)
    if found is None:
        raise Refusal(
            "本机没有中文字体,无法生成 PDF",
            why="PDF 要把字体嵌入文件,缺字体会显示为空白",
            remedy="请安装 Noto CJK 字体(Debian/Ubuntu:apt install fonts-noto-cjk)后再试;也可先下载 DOCX",
        )
    return found


def _families() -> frozenset[str]:
    """Names of the font families that Typst finds."""
    import typst

    return frozenset(typst.Fonts(include_system_fonts=True).families())
