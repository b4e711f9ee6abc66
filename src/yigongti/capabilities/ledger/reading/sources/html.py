"""A web page to text: block elements become lines, table rows become lines of cells, scripts and menus fall away."""

import re
from html.parser import HTMLParser

from yigongti.capabilities.ledger.reading.sources import plain

_DROP = re.compile(
    r"<!--.*?-->|<(script|style|noscript|svg|template|select|iframe|object)\b.*?</\1\s*>|\bsrc\s*=\s*([\"'])data:.*?\2",
    re.I | re.S,
)
_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p|table|br|span|meta)\b", re.I)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.I)
_BLOCKS = frozenset(
    (
        *(
            "p",
            "div",
            "br",
            "li",
            "ul",
            "ol",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "section",
            "article",
            "header",
            "footer",
        ),
        *("dl", "dt", "dd", "blockquote", "pre", "hr", "center", "form", "title", "main", "nav", "tbody", "thead"),
    )
)
_LONGEST_CELL = 400


def looks_like_html(data: bytes) -> bool:
    """True for bytes that hold several tags near their beginning."""
    return len(_TAG.findall(data[:20_000])) >= 2 or (data.lstrip()[:1] == b"<" and bool(_TAG.search(data[:2_000])))


def text_of(data: bytes, where: str) -> str:
    """The visible text of a page."""
    text = _decode(data, where)
    plain.check_readable(text, where)
    parser = _Page()
    parser.feed(_DROP.sub(" ", text))
    parser.close()
    return re.sub(r"\n{3,}", "\n\n", parser.text())


def _decode(data: bytes, where: str) -> str:
    if data.startswith(plain.UTF8_MARK):
        return plain.decode(data, where)
    said = _CHARSET.search(data[:4_000])
    encoding = said.group(1).decode("ascii").lower() if said else ""
    if encoding in ("gb2312", "gbk", "gb18030"):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return plain.decode(data, where)


class _Page(HTMLParser):
    """Collects lines; inside a table, cells of a row, so that a row comes out as one line with tabs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._verbatim = False  # inside <pre>, where line breaks are meant
        self._line: list[str] = []
        self._rows: list[list[str]] = []  # rows open, innermost last; each a list of finished cells
        self._cells: list[list[str]] = []  # text of the cell open in each of them
        self._spans: list[dict[int, tuple[int, str]]] = []  # per table: column → rows still covered, text

    def text(self) -> str:
        """All lines."""
        self._break()
        return "\n".join(self._lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._spans.append({})
        elif tag == "tr":
            self._break()
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._cells.append([])
            self._attributes = dict(attrs)
        elif tag in _BLOCKS:
            self._break()
        self._verbatim = self._verbatim or tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cells and self._rows:
            self._end_cell()
        elif tag == "tr" and self._rows:
            self._end_row()
        elif tag == "table" and self._spans:
            self._spans.pop()
            self._break()
        elif tag in _BLOCKS:
            self._break()
        self._verbatim = self._verbatim and tag != "pre"

    def handle_data(self, data: str) -> None:
        for at, piece in enumerate(data.split("\n") if self._verbatim else [data]):
            if at:
                self._break()
            (self._cells[-1] if self._cells else self._line).append(re.sub(r"[ \t\r\n]+", " ", piece))

    def _break(self) -> None:
        if self._cells:
            self._cells[-1].append("\n")
            return
        line = "".join(self._line).strip(" ")
        if line or (self._lines and self._lines[-1]):
            self._lines.append(line)
        self._line = []

    def _end_cell(self) -> None:
        text = "".join(self._cells.pop()).strip()
        row = self._rows[-1]
        self._fill_covered(row)
        across, down = _count(self._attributes.get("colspan")), _count(self._attributes.get("rowspan"))
        if down > 1 and self._spans:
            self._spans[-1][len(row)] = (down - 1, text)
        row.extend([text] * across)

    def _fill_covered(self, row: list[str]) -> None:
        """Put in the cells that a cell of an earlier row reaches down to."""
        spans = self._spans[-1] if self._spans else {}
        while (at := len(row)) in spans and spans[at][0] > 0:
            left, text = spans[at]
            spans[at] = (left - 1, text)
            row.append(text)

    def _end_row(self) -> None:
        row = self._rows.pop()
        filled = [cell for cell in row if cell]
        layout = len(filled) <= 1 or any(len(cell) > _LONGEST_CELL for cell in row)
        lines = (
            [line for cell in filled for line in cell.split("\n")]
            if layout
            else ["\t".join(re.sub(r"\s+", "", cell) for cell in row)]
        )
        if self._cells:
            self._cells[-1].append("\n" + "\n".join(lines) + "\n")
        else:
            self._lines += lines


def _count(written: str | None) -> int:
    return max(1, min(int(written), 30)) if written and written.isdigit() else 1
