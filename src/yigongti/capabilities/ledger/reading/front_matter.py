"""What stands around a document's clauses: its title, number, issuer and date."""

import re
from dataclasses import dataclass

from yigongti.capabilities.ledger.reading.paragraphs import Paragraph
from yigongti.capabilities.ledger.reading.passage import fold, squeeze

_TYPES = (
    "实施方案|行动方案|工作方案|建设方案|改革方案|专项方案|方案|发展规划|专项规划|规划纲要|规划|行动计划|工作计划|三年计划|计划|工作要点|要点|若干措施|政策措施|措施|实施意见|指导意见|若干意见|意见"
    "|实施办法|管理办法|暂行办法|办法|通知|规定|实施细则|细则|条例|决定|纲要|工作任务|重点任务|任务清单|清单|举措|政策|指南|规范|责任书|工作安排|安排|制度"
)
_TITLE = re.compile(
    rf"^(?![(\[]?(?:附件|名称|标题|索引号|主题)).*?(?:{_TYPES})(?:\((?:[^()]{{1,24}})\)|\[[^\]]{{1,16}}\]|(?:-?20\d\d-20\d\d年?)|\d{{4}}年?版)*$"
)
_NOTICE = re.compile(r"^(?P<by>.{4,60}?)?(?:关于)?(?:转发|印发|下发|发布|公布)(?P<what>.+?)的?通知$")
_PROMULGATES = re.compile(r"(?:印发|下发|发布|制定了?)(?:了)?《(?P<what>[^《》]{6,70})》")
_NUMBER = re.compile(r"[一-鿿]{1,14}[\[(〔](?:19|20)\d\d[\])〕](?:第)?\d{1,5}号")
_ANNEX = re.compile(r"附件\d{0,2}:(?=.{6,60}$)")
_SUBTITLE = re.compile(r"^\((?:20\d\d(?:年?-20\d\d)?年?版?|试行|暂行|征求意见稿|送审稿|修订稿?)\)$")
_CITED = re.compile(
    r"[\[(](?=20\d\d[\])]\d+号)(20\d\d)|(?<!\d)(?=20\d\d年\d{1,2}月[^。;\n]{0,16}(?:出台|印发|下发))(20\d\d)"
)
_NUMBER_LABEL = re.compile(r"(?:发文字号|文号|文件编号|发文号|文件字号|发文文号)\]?[:：]?")
_DAY = re.compile(r"(?P<year>(?:19|20)\d\d)(?:年|[-./])(?P<month>\d{1,2})(?:月|[-./])(?P<day>\d{1,2})日?")
_SPELLED_DAY = re.compile(
    r"(?P<year>[零一二三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
_DAY_LABELS = (
    r"成文日期|成文时间|生成日期|制发日期",
    r"发文日期|发文时间|印发日期|印发时间|签发日期",
    r"发布日期|发布时间|公开日期|发布于|日期|时间",
)
_ISSUER_LABEL = re.compile(
    r"(?:发布机构|发文机关|发文单位|制发机关|发布单位|发布机关|制定机关|公开机构|责任部门|发文机构)\]?[:]?"
)
_NEXT_LABEL = re.compile(
    r"(?:发文日期|发布日期|成文日期|公开|主题|索引|文号|名称|有效性|关键词|生成日期|发文字号|体裁|分类|效力)"
)
_OFFICE = re.compile(
    r"^[一-鿿()]{2,40}(?:办公室|人民政府|委员会|局|厅|政府办|党委|部|委|领导小组|领导小组办公室|指挥部|联席会议|管委会|中心|院|会)$"
)
_NOT_OFFICE = re.compile(r"总体|目标|任务|保障|工作|体系|建设|管理中心$|组织实施|加强|推进|完善")
_YEARS = re.compile(r"(20\d\d)(?:-20\d\d年?|年)")  # 健康某地2030 names its aim, not its beginning
_PLAN_START = {"十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026}
LONGEST_TITLE = 90


@dataclass(frozen=True)
class FrontMatter:
    """Title, number, issuer, ISO day; null where the page does not say.  year: the first one planned for."""

    title: str
    number: str | None
    issuer: str | None
    issued_on: str | None
    year: int | None


def is_title(paragraph: Paragraph) -> bool:
    """True for a line that reads like the title of a policy document."""
    text = paragraph.text
    return (
        6 <= len(text) <= LONGEST_TITLE
        and paragraph.marker is None
        and not paragraph.row
        and not re.search(r"[>。;!?]|:(?!.*专项)|,.*,", text)
        and bool(_TITLE.match(text.strip("《》")))
    )


def names_document(text: str) -> bool:
    """True when folded text promulgates a document by name (印发《…方案》)."""
    match = _PROMULGATES.search(text)
    return bool(match and re.search(rf"(?:{_TYPES})", match["what"]))


def front_matter(before: list[Paragraph], after: list[Paragraph], source: str) -> FrontMatter:
    """Read the lines before the first clause and the lines after the last."""
    title = _title(before, source)
    number = _number(before)
    day, sure = _issued_on(before, after)
    starts = [
        int(text) for text in (day[:4] if day and sure else None, _title_year(title), _number_year(number)) if text
    ]
    year = min(starts) if starts else _cited_year(source)
    return FrontMatter(title, number, _issuer(before, after, source), day, year)


def _title(before: list[Paragraph], source: str) -> str:
    promulgated = _PROMULGATES.search(
        "".join(re.sub(r"\s", "", fold(paragraph.written(source))) for paragraph in before)
    )
    own = [at for at, paragraph in enumerate(before) if is_title(paragraph)]
    written = _whole_title(before, own[-1], source) if own else ""
    notice = _NOTICE.match(squeeze(written))
    if promulgated and (
        not written or notice or squeeze(promulgated["what"]).endswith(squeeze(written).rstrip("》")[-8:])
    ):
        return _as_written(promulgated["what"], before, source)
    if notice:
        return re.sub(r"^.*?(?:印发|转发|下发|发布|公布)|的?通知$", "", written).strip("《》<>")
    return written or _fallback(before, source)


def _as_written(folded: str, before: list[Paragraph], source: str) -> str:
    """The promulgated title in the source's own spelling."""
    for paragraph in before:
        written = re.sub(r"\s", "", paragraph.written(source))
        at = fold(written).find(folded)
        if at >= 0:
            return written[at : at + len(folded)]
    return folded


def _whole_title(before: list[Paragraph], at: int, source: str) -> str:
    """A title broken over lines, put together: the lines above it that are neither prose, label nor date."""
    parts = [before[at]]
    while at > 0 and len(parts) < 4 and _belongs_to_title(before[at - 1], parts[0]):
        at -= 1
        parts.insert(0, before[at])
    if (below := before.index(parts[-1]) + 1) < len(before) and _SUBTITLE.match(before[below].text):
        parts.append(before[below])
    return re.sub(r"\s", "", "".join(part.written(source) for part in parts))


def _belongs_to_title(paragraph: Paragraph, below: Paragraph) -> bool:
    text = paragraph.text
    complete = len(below.text) > 14 and not re.match(r"(?:关于|印发|转发|实施|行动|工作|\()", below.text)
    return (
        not complete
        and 4 <= len(text) <= 40
        and not re.search(r"[。:;>,·]$|[:>]|日$|号$|\)$|^\(", text)
        and paragraph.marker is None
        and not is_title(paragraph)
    )


def _fallback(before: list[Paragraph], source: str) -> str:
    """An annex's name, else the longest line that may be one."""
    annexed = (_ANNEX.sub("", squeeze(p.written(source)), count=1) for p in before if _ANNEX.match(p.text))
    if named := next((name for name in annexed if re.search(rf"(?:{_TYPES}|标准)", name)), ""):
        return named
    short = [p for p in before if 6 <= len(p.text) <= 60 and not re.search(r"[:>。|]", p.text) and not p.is_day]
    return re.sub(r"\s", "", max(short, key=lambda p: len(p.text)).written(source)) if short else ""


def _number(before: list[Paragraph]) -> str | None:
    for at, paragraph in enumerate(before):
        label = _NUMBER_LABEL.search(paragraph.text)
        if label:
            following = before[at + 1].text if at + 1 < len(before) else ""
            match = _NUMBER.search(paragraph.text, label.end()) or _NUMBER.search(following)
            if match and len(paragraph.text) < 120:
                return _shaped(match.group())
    alone = (_NUMBER.fullmatch(_DAY.sub("", paragraph.text).strip("()·")) for paragraph in before)
    return next((_shaped(match.group()) for match in alone if match), None)


def _shaped(number: str) -> str:
    return re.sub(r"[\[(](\d{4})[\])]", r"〔\1〕", number)


def _issued_on(before: list[Paragraph], after: list[Paragraph]) -> tuple[str | None, bool]:
    """The day and whether it is the document's own rather than the page's."""
    for labels, sure in zip((*_DAY_LABELS[:1], None, *_DAY_LABELS[1:]), (True, True, True, False), strict=True):
        day = _signed_day([*before, *after]) if labels is None else _labelled_day(before, labels)
        if day:
            return day, sure
    anywhere = (_day(paragraph.text) for paragraph in before if len(paragraph.text) < 60)
    return next((day for day in anywhere if day), None), False


def _signed_day(paragraphs: list[Paragraph]) -> str | None:
    return next((_day(paragraph.text) for paragraph in paragraphs if paragraph.is_day), None)


def _labelled_day(before: list[Paragraph], labels: str) -> str | None:
    for at, paragraph in enumerate(before):
        label = re.search(labels, paragraph.text)
        if label and len(paragraph.text) < 120:
            following = before[at + 1].text if at + 1 < len(before) else ""
            day = _day(paragraph.text[label.end() :]) or (_day(following) if len(following) < 30 else None)
            if day:
                return day
    return None


def _day(text: str) -> str | None:
    match = _DAY.search(text)
    if match and 1 <= int(match["month"]) <= 12 and 1 <= int(match["day"]) <= 31:
        return f"{match['year']}-{int(match['month']):02d}-{int(match['day']):02d}"
    spelled = _SPELLED_DAY.search(text)
    if not spelled:
        return None
    year = "".join(str("零一二三四五六七八九".index(char)) for char in spelled["year"])
    return f"{year}-{_small(spelled['month']):02d}-{_small(spelled['day']):02d}"


def _small(written: str) -> int:
    tens, _, ones = written.rpartition("十") if "十" in written else ("", "", written)
    digits = "零一二三四五六七八九"
    ten = (digits.index(tens) if tens else 1) * 10 if "十" in written else 0
    return ten + (digits.index(ones) if ones else 0)


def _issuer(before: list[Paragraph], after: list[Paragraph], source: str) -> str | None:
    lines = [*before, *after]
    for at, paragraph in enumerate(lines):
        if paragraph.is_day and at and _is_office(lines[at - 1].text):
            return re.sub(r"\s", "", lines[at - 1].written(source))
    for paragraph in before:
        notice = re.match(r"^(.{4,50}?)关于(?:印发|转发|下发|公布|发布|做好|开展|进一步|加强|推进)", paragraph.text)
        if notice and _is_office(notice.group(1)):
            return re.sub(r"\s", "", paragraph.written(source))[: len(notice.group(1))]
    return _labelled_issuer(before) or next((p.text for p in reversed(before) if _is_office(p.text)), None)


def _is_office(text: str) -> bool:
    return bool(_OFFICE.match(text)) and not _NOT_OFFICE.search(text)


def _labelled_issuer(before: list[Paragraph]) -> str | None:
    for at, paragraph in enumerate(before):
        label = _ISSUER_LABEL.search(paragraph.text)
        if label and len(paragraph.text) < 120:
            rest = paragraph.text[label.end() :].strip("[]:· ") or (
                before[at + 1].text.strip("· ") if at + 1 < len(before) else ""
            )
            stop = _NEXT_LABEL.search(rest)
            name = rest[: stop.start()] if stop else rest
            return name if 3 <= len(name) <= 40 else None
    return None


def _title_year(title: str) -> str | None:
    match = _YEARS.search(fold(title))
    if match:
        return match.group(1)
    return next((str(year) for plan, year in _PLAN_START.items() if plan in title), None)


def _cited_year(source: str) -> int | None:
    """A document is no older than the documents it cites and the publishing it tells of."""
    cited = _CITED.findall(fold(source))
    return max(int(number or told) for number, told in cited) if cited else None


def _number_year(number: str | None) -> str | None:
    match = re.search(r"20\d\d", number or "")
    return match.group() if match else None
