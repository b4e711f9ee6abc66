"""Pages on paper: a Typst template and its content make a PDF, set in a Chinese font of the system.

typeset(TEMPLATE, {"heading": …, "rows": […]}) → bytes; the template reads `json(bytes(sys.inputs.content))`, and finds
the font's name in it as `font`.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from yigongti.kernel.errors import Refusal

FONTS = (
    "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", "SimSun", "STSong", "Songti SC", "Noto Sans CJK SC",
    "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC",
)  # fmt: skip
"""Chinese fonts, the fittest for a document first."""

STATEMENT = Path(__file__).with_name("statement.typ")
"""A statement of accounts: heading, county, institution, standing, columns, rows, totals, foot, signed."""


def typeset(template: Path, content: Mapping[str, Any]) -> bytes:
    """The bytes of the PDF.  Raises Refusal where the machine has no Chinese font."""
    import typst

    shape = {**content, "font": chinese_font()}
    inputs = {"content": json.dumps(shape, ensure_ascii=False, default=str)}
    made: bytes = typst.compile(str(template), format="pdf", sys_inputs=inputs)
    return made


@cache
def chinese_font() -> str:
    """The Chinese font that papers are set in.  Raises Refusal naming what to install where there is none."""
    found = next((name for name in FONTS if name in _families()), None)
    if found is None:
        raise Refusal(
            "本机没有中文字体,无法生成 PDF",
            why="PDF 要把字体嵌入文件,缺字体会显示为空白",
            remedy="请安装 Noto CJK 字体(Debian/Ubuntu:apt install fonts-noto-cjk)后再试;也可先下载 DOCX 或 XLSX",
        )
    return found


def _families() -> frozenset[str]:
    """Names of the font families that Typst finds."""
    import typst

    return frozenset(typst.Fonts(include_system_fonts=True).families())
