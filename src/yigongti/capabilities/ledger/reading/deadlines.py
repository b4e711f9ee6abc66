"""The years and days a sentence sets: by when, since when, compared with when."""

import re
from dataclasses import dataclass

_YEAR = r"(?:20[0-4]\d)"
_LATER = (
    r"(?:底|末|年底|年末|终|上半年|下半年|第?[一二三四1-4]季度"
    r"|(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日|底|末|份|中旬|上旬|下旬)?)?"
)
_DATE = re.compile(
    rf"(?P<lead>力争到|力争在|争取到|截至到|截止到|截至|截止|不迟于|到|至|于|在|较|(?<!占)比|与|同|自|从|由|以|相对于|相比|对照|按)?"
    rf"(?P<year>{_YEAR})(?:年(?:度)?){_LATER}(?:[-至到](?P<till>\d{{1,2}})月(?:底|末)?)?"
    r"(?P<tail>(?:之前|以前|前)|(?:起|以来|开始|后)|(?:的?基础上?|为基[数期年]|相比|同期|(?:的)?水平|的(?=\d))|(?:版|级|届|年度考核))?"
)
_PERIOD = re.compile(
    rf"(?P<lead>自|从)?(?P<first>{_YEAR})(?:年)?(?:度)?[-至到](?P<last>{_YEAR})(?:年)?(?:度|间|期间|底)?"
)
_PAIR = re.compile(rf"(?P<lead>到|至)?(?P<first>{_YEAR})年?[底末]?[、和及与](?P<last>{_YEAR})年")
_UNDATED = re.compile(
    r"(?<!\d)(?<!每年)(?<!次年)(?<!每月)(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日|底|末)(?P<tail>前|之前|以前)|(?P<end>(?<![\d一二三四五六七八九十两几])(?:今年(?:底|年底)?(?!内)|年底前?|(?<!基)本年(?!薪)度?|当年底))"
)
_HEADED = re.compile(
    rf"(?:到|至)?(?P<year>{_YEAR})年(?:底|末)?(?:发展|主要|总体|具体|工作|预期|阶段性?|年度|重点|核心|绩效|任务|考核)*(?:目标|指标)"
)
_TITLE = re.compile(r"《[^》]*》")
_IS_YEAR_OF = re.compile(r"是[^,;。]{2,40}(?:年|期|起步|阶段)")  # 2024年是…的关键一年
_IN_BRACKET = re.compile(r"\(20\d\d年?:[^()]{1,12}\)")
_BASE_LEADS = ("较", "比", "与", "同", "以", "相对于", "相比", "对照")
_SINCE = ("起", "以来", "开始", "后")


@dataclass(frozen=True)
class Deadline:
    """A time said in a sentence.  due: `2027` or `2024-06-30`; year for comparisons.

    kind: `deadline`, `base` (compared with), `since` (from when on), `state` (截至: what has been reached).
    bare: a year and no more (2025年), which after a subject speaks for that subject alone.
    """

    start: int
    end: int
    due: str
    kind: str = "deadline"
    bare: bool = False

    @property
    def year(self) -> int:
        """The calendar year."""
        return int(self.due[:4])


def find_deadlines(text: str, *, year: int | None = None) -> list[Deadline]:
    """Every time in a folded sentence, left to right.  year: the document's own, for 年底前 and 6月底前."""
    found: list[Deadline] = []
    titles = [match.span() for match in _TITLE.finditer(text)] if "《" in text else []
    for said, pattern, reader in _READERS:
        if said not in text:
            continue
        for match in pattern.finditer(text):
            if any(start < match.start() < end for start, end in titles):
                continue
            if all(match.end() <= other.start or match.start() >= other.end for other in found):
                found += reader(match, year)
    return sorted(found, key=lambda deadline: deadline.start)


def headed_deadline(heading: str) -> str | None:
    """The year that a heading such as 到2025年主要目标 sets for all below it."""
    match = _HEADED.search(heading)
    return match["year"] if match else None


def _pair(match: "re.Match[str]", _year: int | None) -> list[Deadline]:
    middle = match.end("first") + 1
    bare = not match["lead"]
    return [
        Deadline(match.start(), middle, match["first"], bare=bare),
        Deadline(middle, match.end(), match["last"], bare=bare),
    ]


def _period(match: "re.Match[str]", _year: int | None) -> list[Deadline]:
    return [Deadline(*match.span(), match["last"])]


def _date(match: "re.Match[str]", _year: int | None) -> list[Deadline]:
    bare = not (match["lead"] or match["tail"])
    return [
        Deadline(*match.span(), _day(match["year"], match["till"] or match["month"], match["day"]), _kind(match), bare)
    ]


def _kind(match: "re.Match[str]") -> str:
    lead, tail = match["lead"] or "", match["tail"] or ""
    if _IN_BRACKET.match(match.string, match.start() - 1):
        return "base"
    if _IS_YEAR_OF.match(match.string, match.end()):
        return "name"
    if lead in _BASE_LEADS or "基" in tail or tail in ("相比", "同期", "水平", "的水平"):
        return "base"
    if tail in _SINCE or (lead in ("自", "从", "由") and tail != "前"):
        return "base" if tail == "的" else "since"
    if tail in ("版", "级", "届", "年度考核"):
        return "name"
    return "state" if lead in ("截至", "截止", "截至到", "截止到") and tail != "前" else "deadline"


def _undated(match: "re.Match[str]", year: int | None) -> list[Deadline]:
    said = re.findall(rf"({_YEAR})年", match.string[: match.start()]) if year is None else []
    year = int(said[-1]) if said else year
    if year is None:
        return []
    due = str(year) if match["end"] else _day(str(year), match["month"], match["day"])
    return [Deadline(*match.span(), due)]


def _day(year: str, month: str | None, day: str | None) -> str:
    if not month or not 1 <= int(month) <= 12:
        return year
    last = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(int(month), 31)
    return f"{year}-{int(month):02d}-{int(day) if day else last:02d}"


# What a text has to hold for a pattern to be worth looking for, the pattern, and what reads it.
_READERS = (("20", _PAIR, _pair), ("20", _PERIOD, _period), ("20", _DATE, _date), ("", _UNDATED, _undated))
