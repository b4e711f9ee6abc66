"""Numbers with their units, as they stand in a sentence: 2-3个, 百分之八十, 5000万元, 1:80, 12/10万, 前80强."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yigongti.capabilities.ledger.reading import measure_words
from yigongti.capabilities.ledger.reading.numerals import (
    ARABIC,
    MAGNITUDE,
    NUMBER,
    SPELLED,
    adjacent_range,
    is_spelled,
    number_of,
)

RATIO_UNIT = "1:n"
REVERSED = "n:1"
RANK_UNITS = ("强", "名", "位")

_UNIT = "|".join(re.escape(unit) for unit in measure_words.ALL)
_PER = (
    rf"/(?:每)?(?:{MAGNITUDE}|\d+{MAGNITUDE}?)?"
    rf"(?P<whose>常住人口|户籍人口|服务人口|人口|居民|人|床|张床|年|月|日|天|次|周|床日|例|户|村|家|所|个|名|台|项)?(?:[/·](?:年|月|次|天|日))?"
)
_PLAIN = re.compile(
    rf"(?P<first>{NUMBER})(?P<mag1>{MAGNITUDE})?(?P<more1>余|多)?"
    rf"(?:(?P<unit1>{_UNIT})?(?P<sep>[-至到、])(?P<second>{ARABIC}|{SPELLED})(?P<mag2>{MAGNITUDE})?)?"
    rf"(?P<more2>余|多)?(?P<unit>{_UNIT})(?:{_PER})?"
)
_SAID_SHARE = re.compile(
    rf"(?P<base>百|千|万|十万)分之(?P<first>{NUMBER})(?:[-至到](?:(?:百|千|万)分之)?(?P<second>{NUMBER}))?"
)
_TENTHS = re.compile(r"(?P<first>[一二两三四五六七八九]|\d)成(?P<half>半)?(?![为立员果本功效熟都人])")
_FRACTION = re.compile(
    r"(?P<whole>[二三四五六七八九十]|[2-9])分之(?P<part>[一二两三四五六七八九]|\d)|(?P<p>[1-9])/(?P<w>[2-9])(?!\d)"
)
_HALF = re.compile(r"一半(?=以上|左右|的)|半数(?=以上|的)|过半数?")
_RATIO = re.compile(rf"(?<![\d:])(?P<left>{ARABIC}):(?P<right>{ARABIC})(?:[-至](?:1:)?(?P<upper>{ARABIC}))?(?![\d:])")
_PER_HEAD = re.compile(
    rf"(?P<first>{ARABIC})(?:[-](?P<second>{ARABIC}))?(?P<per>/(?:\d*{MAGNITUDE}))(?:常住人口|户籍人口|人口|人|活产)?"
)
_RANK = re.compile(
    rf"(?:前|(?=百强(?!县|市|镇|区)))(?P<first>{ARABIC}|[一二三四五六七八九十]+|百)(?P<unit>[强名位]|%)?(?!季度|期|列|年|个月|置|述|提|景|后)"
)
_BARE = re.compile(
    rf"(?<=[到于过在持至达≥≤<>为])(?P<first>{ARABIC})(?:[-](?P<second>{ARABIC}))?(?=(?:以上|以下|以内|左右|之间)?(?:[,;。、)]|$))"
)
_TEN_THOUSANDS = re.compile(
    rf"(?<=[到于过在持至达≥≤<>为])(?P<first>{ARABIC})(?P<unit>万|亿)(?=(?:以上|以下|以内|左右)?(?:[,;。、)]|$))"
)
_BARE_LIST = re.compile(rf"(?<=分别为)(?P<list>{ARABIC}(?:[、和]{ARABIC})+)(?=[,;。]|$)")
_POINT_LIST = re.compile(r"(?P<first>\d+(?:\.\d+)?)个(?=(?:、\d+(?:\.\d+)?个)*(?:、|和)\d+(?:\.\d+)?个百分点)")
_MULTIPLE = re.compile(r"(?<=翻)(?P<times>[一两1-3])?番|(?<=提高|提升|增长|增加|扩大|上升)(?P<fold>[一两])倍")
_POINTS = {"个百分点": "百分点", "个千分点": "千分点"}
_HUNDREDS = re.compile(r"(?:每|超|近|约|引进|培养|选派|选树|建设|打造|评选|招聘|上)$")
_PEOPLE = re.compile(
    rf"(?<=每)(?P<first>{ARABIC}){MAGNITUDE}?[-至到](?P<second>{ARABIC})(?P<mag>{MAGNITUDE})?(?:名|常住|户籍|服务)?(?:人口|居民|人)"
)
_SAID_UNIT = {"百": "%", "千": "‰", "万": "‱", "十万": "/10万"}


@dataclass(frozen=True)
class Quantity:
    """A number with its unit.  start, end: its span in the folded text.  spelled: in Chinese numerals.

    form: `plain`, `share` (of a whole), `ratio` (1:n), `rank` (前N), `bare` (no unit).  approximate: 余, 多.
    """

    start: int
    end: int
    value: float
    unit: str
    form: str
    upper: float | None = None
    spelled: bool = False
    approximate: bool = False
    unsure: str = ""


def find_quantities(screened: str) -> list[Quantity]:
    """Every quantity of a screened text, left to right, none overlapping another."""
    found: list[Quantity] = []
    for reader in _READERS:
        for quantity in reader(screened):
            if all(quantity.end <= other.start or quantity.start >= other.end for other in found):
                found.append(quantity)
    return sorted(found, key=lambda quantity: quantity.start)


def _said_shares(text: str) -> Iterator[Quantity]:
    for match in _SAID_SHARE.finditer(text):
        value, upper = number_of(match["first"]), number_of(match["second"]) if match["second"] else None
        if value is not None:
            yield Quantity(*match.span(), value, _SAID_UNIT[match["base"]], "share", upper, spelled=True)


def _tenths(text: str) -> Iterator[Quantity]:
    for match in _TENTHS.finditer(text):
        tenths = number_of(match["first"])
        if tenths is not None:
            yield Quantity(*match.span(), tenths * 10 + (5 if match["half"] else 0), "%", "share", spelled=True)


def _fractions(text: str) -> Iterator[Quantity]:
    for match in _FRACTION.finditer(text):
        part, whole = number_of(match["part"] or match["p"]), number_of(match["whole"] or match["w"])
        if part and whole and part < whole:
            share, reason = round(part / whole * 100, 2), "分数已换算为百分数"
            form = "rank" if text[: match.start()].endswith("前") else "share"
            yield Quantity(*match.span(), share, "%", form, spelled=True, unsure=reason)


def _halves(text: str) -> Iterator[Quantity]:
    for match in _HALF.finditer(text):
        yield Quantity(*match.span(), 50, "%", "share", spelled=True, unsure="“半数”按50%读取")


def _multiples(text: str) -> Iterator[Quantity]:
    """翻一番, 翻番, 提高一倍."""
    for match in _MULTIPLE.finditer(text):
        value = number_of(match["times"] or match["fold"] or "一")
        if value is not None:
            yield Quantity(*match.span(), value, "倍" if match["fold"] else "番", "plain")


def _ratios(text: str) -> Iterator[Quantity]:
    for match in _RATIO.finditer(text):
        left, right = float(match["left"]), float(match["right"])
        if left == 1 or right == 1:
            value, unit = (right, RATIO_UNIT) if left == 1 else (left, REVERSED)
            upper = float(match["upper"]) if match["upper"] else None
            yield Quantity(*match.span(), value, unit, "ratio", upper)


def _per_head(text: str) -> Iterator[Quantity]:
    for match in _PER_HEAD.finditer(text):
        upper = float(match["second"]) if match["second"] else None
        yield Quantity(*match.span(), float(match["first"]), match["per"], "plain", upper)


def _point_lists(text: str) -> Iterator[Quantity]:
    """3个、2个、1个百分点: all are points."""
    for match in _POINT_LIST.finditer(text):
        yield Quantity(*match.span(), float(match["first"]), "百分点", "plain")


def _ranks(text: str) -> Iterator[Quantity]:
    for match in _RANK.finditer(text):
        value = number_of(match["first"])
        if value is not None:
            yield Quantity(
                match.start("first"),
                match.end(),
                value,
                match["unit"] or "名",
                "rank",
                spelled=is_spelled(match["first"]),
            )


def _people(text: str) -> Iterator[Quantity]:
    """每3-10万居民: the people one body is for."""
    for match in _PEOPLE.finditer(text):
        low, high = number_of(match["first"]), number_of(match["second"])
        if low is not None and high is not None and low < high:
            yield Quantity(*match.span(), low, (match["mag"] or "") + "人", "plain", high)


def _plain(text: str) -> Iterator[Quantity]:
    at = 0
    while match := _PLAIN.search(text, at):
        quantity = _read_plain(match)
        at = quantity.end if quantity else match.start() + 1
        if quantity:
            yield quantity


def _bare_lists(text: str) -> Iterator[Quantity]:
    """系数分别为1、0.88、0.72."""
    for whole in _BARE_LIST.finditer(text):
        for match in re.finditer(ARABIC, whole["list"]):
            start = whole.start("list")
            yield Quantity(start + match.start(), start + match.end(), number_of(match.group()) or 0.0, "", "bare")


def _bare(text: str) -> Iterator[Quantity]:
    for match in _TEN_THOUSANDS.finditer(text):
        yield Quantity(*match.span(), number_of(match["first"]) or 0.0, match["unit"], "bare")
    for match in _BARE.finditer(text):
        upper = float(match["second"]) if match["second"] else None
        yield Quantity(*match.span(), number_of(match["first"]) or 0.0, "", "bare", upper)


def _read_plain(match: "re.Match[str]") -> Quantity | None:
    if match["sep"] == "、" and not _is_loose_range(match):
        return _cut_before_list(match)
    both = adjacent_range(match["first"]) if not match["second"] else None
    if match["first"] in ("百", "千") and not match["second"] and not _HUNDREDS.search(match.string, 0, match.start()):
        return None
    value, upper = both or (number_of(match["first"]), number_of(match["second"]) if match["second"] else None)
    if value is None or (
        upper is not None and upper <= value and not match["unit1"] and match["mag1"] == match["mag2"]
    ):
        return None
    magnitude, per = match["mag2"] or match["mag1"] or "", match.group(0)[match.end("unit") - match.start() :]
    if match["mag1"] and match["mag2"] and match["mag1"] != match["mag2"]:
        return None
    unit = magnitude + _POINTS.get(match["unit"], match["unit"]) + _without_people(per)
    return Quantity(
        *match.span(),
        value,
        unit,
        "share" if measure_words.is_share(match["unit"]) else "plain",
        upper,
        is_spelled(match["first"]),
        bool(match["more1"] or match["more2"]),
    )


def _is_loose_range(match: "re.Match[str]") -> bool:
    """3、4个 is a range; 20%、10% and 3家、4家 are lists."""
    low, high = number_of(match["first"]), number_of(match["second"] or "")
    return not match["unit1"] and low is not None and high == low + 1


def _cut_before_list(match: "re.Match[str]") -> Quantity | None:
    value = number_of(match["first"])
    if value is None or not match["unit1"]:
        return None
    unit = (match["mag1"] or "") + match["unit1"]
    form = "share" if measure_words.is_share(match["unit1"]) else "plain"
    return Quantity(match.start(), match.end("unit1"), value, unit, form, spelled=is_spelled(match["first"]))


def _without_people(per: str) -> str:
    """名/10万常住人口 is written 名/10万."""
    return re.sub(r"(?<=[百千万亿])(?:常住|户籍|服务)?(?:人口|居民|人)$", "", per)


_READERS = (
    _people,
    _bare_lists,
    _point_lists,
    _said_shares,
    _tenths,
    _fractions,
    _halves,
    _multiples,
    _ranks,
    _ratios,
    _per_head,
    _plain,
    _bare,
)
