"""Lines put together to paragraphs: hard-wrapped lines joined, page furniture dropped, table rows kept apart."""

import re
from dataclasses import dataclass

from yigongti.capabilities.ledger.reading import measure_words
from yigongti.capabilities.ledger.reading.markers import Marker, marker_of
from yigongti.capabilities.ledger.reading.passage import Passage, Span, fold, squeeze

CELL = "\t"

_ENDS = re.compile(r"[。!?;:.”)]$")
_FURNITURE = re.compile(
    r"扫一扫|微信扫|打印(?:本页|此页|文章)?$|关闭(?:窗口|本页)?$|分享(?:到|至|:)?$|版权所有|ICP备|公网安备|网站(?:地图|声明|标识|建设|支持)|责任编辑|^来源:|^编辑:|浏览(?:次数|量)|点击(?:量|数|次数)|阅读(?:量|次数)"
    r"|^[上下]一[篇条]|(?:转发|回复|点赞|评论):\d|相关(?:文章|链接|文档|解读|信息)|^附件下载|^导航|^首页|>首页|^当前位置|^您(?:当前)?的?位置|字(?:体|号):|政策留言板|本文仅代表|^热线:|投稿|举报电话|许可证|验证码|留言与评论|本文地址"
    r"|^\(?此件(?:公开|主动|依申请|不予|删减)|Copyright|收藏本?[页站]|加入收藏|设为首页|返回(?:顶部|首页|列表)|无障碍|繁體|简体|登录|注册$|主办(?:单位)?:|承办(?:单位)?:|技术支持|网站管理|实时·准确|人员查询|关于网站|^\|$|^\.?pdf$"
)
_UNIT = "|".join(re.escape(unit) for unit in measure_words.ALL)
_CELL_ALONE = re.compile(
    rf"(?:{_UNIT}|1?/\d*[百千万]+|[<>≤≥]?\d[\d.:]*%?|预期性|约束性|序号|20\d\d年(?:\d{{1,2}}月)?(?:底|末)?前?"
    r"|[一-鿿、,()]{2,40}(?:局|委|办|政府|医院|总院|卫生院|各乡镇|单位))"
)
_RULE = re.compile(r"[|:+=_-]+")  # the line under a table's header, a line drawn
_HOLDS_DAY = re.compile(r"20\d\d[-年./]\d{1,2}[-月./]\d{1,2}")
_TAB, _PIPE, _SPACES = re.compile(CELL), re.compile(r"\|"), re.compile(r"[ \u3000]+")
_GAP = re.compile(r"[ \u3000]{3,}")
_SPACED_ROW = re.compile(r"[^\s,\uff0c\u3002;\uff1b]{1,24}(?:[ \u3000]+[^\s,\uff0c\u3002;\uff1b]{1,24}){2,9}")
_SPACED_NUMBER = re.compile(
    r"(?:^|[ \u3000])(?:[<>\u2264\u2265]?\d[\d.:\uff1a-]*%?(?:以[上下内]|左右)?|20\d\d\u5e74)(?=[ \u3000]|$)"
)
_DATE_LINE = re.compile(
    r"^(?:20\d\d|二[零〇][零〇一二三四五六七八九]{2})年[\d一二三四五六七八九十]{1,2}月[\d一二三四五六七八九十]{1,3}日$"
)
_OPEN_BRACKET = re.compile(r"(?:(?<!。)\((?![^()]*(?:负责|牵头|配合|单位|部门|下同|年|试行))[^()]*\)|”|\.)$")
_WIDEST_CELL = 40  # characters of a cell between wide gaps
_OVERHANG = 1.5  # times the usual width that no line goes over where a text is hard-wrapped
_ALONE = re.compile(rf"{_DATE_LINE.pattern}|^[一-鿿]{{1,14}}\[20\d\d\]\d+号$|^各[^。]{{2,60}}:$")


@dataclass(frozen=True)
class Line:
    """A line that is not empty: its span in the source without the white space around it, and its folded text."""

    start: int
    end: int
    text: str
    indented: bool = False

    def written(self, source: str) -> str:
        """The line as the source writes it."""
        return source[self.start : self.end]


@dataclass(frozen=True)
class Paragraph:
    """One or more lines that read as one.  text: folded, no white space.  row: cells of a table row, else empty."""

    spans: tuple[Span, ...]
    text: str
    marker: Marker | None = None
    row: tuple[Span, ...] = ()

    @property
    def start(self) -> int:
        """Where it begins in the source."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Where it ends in the source."""
        return self.spans[-1][1]

    @property
    def is_prose(self) -> bool:
        """A sentence rather than a heading, a label or a signature."""
        long = len(self.text) >= 18 and bool(re.search(r"[。;:,]", self.text))
        return not self.row and (long or (len(self.text) >= 10 and self.text.endswith("。")))

    @property
    def is_day(self) -> bool:
        """A line that is a date and nothing else."""
        return bool(_DATE_LINE.match(self.text))

    def passage(self, source: str) -> Passage:
        """The paragraph as folded text with its positions."""
        return Passage.of(source, self.spans)

    def written(self, source: str) -> str:
        """The paragraph as the source writes it, its line breaks removed."""
        return "".join(source[start:end] for start, end in self.spans)


def lines_of(source: str) -> list[Line]:
    """The lines that hold something, page furniture left out."""
    lines: list[Line] = []
    at = 0
    for raw in source.split("\n"):
        body = raw.strip(" \r\u3000\xa0\u200b\ufeff" + ("" if CELL in raw.strip() else "\t"))
        start = at + raw.find(body) if body else at
        at += len(raw) + 1
        text = squeeze(body)
        if text and not _is_furniture(text) and not _RULE.fullmatch(text):
            indent = len(raw) - len(raw.lstrip())
            lines.append(Line(start, start + len(body), text, indent >= 2))
    return lines


def _is_furniture(text: str) -> bool:
    return len(text) < 60 and bool(_FURNITURE.search(text)) and not _HOLDS_DAY.search(text)


def paragraphs_of(source: str) -> list[Paragraph]:
    """The paragraphs of a source text in order."""
    lines = lines_of(source)
    width, indent_tells = _wrap_width(lines), _indent_tells(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _continues(groups[-1], line, source, width=width, indent_tells=indent_tells):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_paragraph(group, source) for group in groups]


def _paragraph(group: list[Line], source: str) -> Paragraph:
    spans = tuple((line.start, line.end) for line in group)
    text = "".join(line.text for line in group)
    row = _cells(source, spans[0]) if len(group) == 1 else ()
    return Paragraph(spans, text, None if row else marker_of(text), row)


def _cells(source: str, span: Span) -> tuple[Span, ...]:
    """The cells of a line that has tabs or pipes between them."""
    line = source[span[0] : span[1]]
    if CELL in line or line.count("|") >= 2:
        joint = _TAB if CELL in line else _PIPE
    elif _is_gapped_row(line):
        joint = _GAP
    elif _is_spaced_row(line):
        joint = _SPACES
    else:
        return ()
    pieces, at = [], 0
    for gap in (*joint.finditer(line), None):
        piece = line[at : gap.start() if gap else len(line)]
        stripped = piece.strip()
        begin = span[0] + at + (piece.find(stripped) if stripped else 0)
        pieces.append((begin, begin + len(stripped)))
        at = gap.end() if gap else at
    framed = joint is _PIPE and line.startswith("|") and line.endswith("|")
    return tuple(pieces[1:-1] if framed else pieces)


def _is_spaced_row(line: str) -> bool:
    """序号 指标 单位 2020年 2025年: cells with only spaces between them."""
    return bool(_SPACED_ROW.fullmatch(line)) and len(_SPACED_NUMBER.findall(line)) >= 2


def _is_gapped_row(line: str) -> bool:
    """指标        2025 年        属性: cells held apart by wide gaps, as a PDF gives them."""
    cells = _GAP.split(line.strip()) if _GAP.search(line) else ()
    return len(cells) >= 3 and all(len(cell) <= _WIDEST_CELL for cell in cells)


def _is_row(line: str) -> bool:
    return CELL in line or line.count("|") >= 2 or _is_gapped_row(line) or _is_spaced_row(line)


def _continues(group: list[Line], line: Line, source: str, *, width: int | None, indent_tells: bool) -> bool:
    last = group[-1]
    if width is None or (_ENDS.search(last.text) and not _OPEN_BRACKET.search(last.text)) or marker_of(line.text):
        return False
    if (
        _CELL_ALONE.fullmatch(line.text)
        or len(last.text) < width
        or (indent_tells and line.indented)
        or _ALONE.search(line.text)
    ):
        return False
    return not any(_is_row(piece) for piece in (last.written(source), line.written(source)))


def _wrap_width(lines: list[Line]) -> int | None:
    """The length from which a line without a full stop goes on in the next; null when lines are whole paragraphs."""
    long = [line for line in lines if len(line.text) >= 14 and CELL not in line.text and line.text.count("|") < 2]
    open_ended = sorted(len(line.text) for line in long if not _ENDS.search(line.text) and not marker_of(line.text))
    if len(long) >= 4 and len(open_ended) >= max(3, len(long) * 0.3):
        usual = open_ended[int(len(open_ended) * 0.8)]
        over = sum(len(line.text) > _OVERHANG * usual for line in long)
        return max(14, int(usual * 0.7)) if usual <= 120 and over <= len(long) * 0.15 else None
    longest = max((len(line.text) for line in long), default=0)
    wrapped = 26 <= longest <= 60 and bool(open_ended) and open_ended[-1] >= 0.85 * longest
    return max(14, int(longest * 0.7)) if wrapped else None


def _indent_tells(lines: list[Line]) -> bool:
    indented = sum(line.indented for line in lines)
    return 0 < indented < 0.7 * len(lines)


def folded(source: str, span: Span) -> str:
    """A piece of the source in the grammar's spelling, white space at its ends removed."""
    return fold(source[span[0] : span[1]]).strip()
