"""From a sentence to its targets and rules.

Numbers are framed, weighed (is it an aim or a norm at all?), compared, dated and named; each reading carries its quote.
"""

import re
from dataclasses import dataclass, replace

from yigongti.capabilities.ledger.reading import background, kinds, naming, phrases, plausible
from yigongti.capabilities.ledger.reading.comparators import Bound, combine
from yigongti.capabilities.ledger.reading.deadlines import Deadline
from yigongti.capabilities.ledger.reading.distribution import Share, distributed, full_measures
from yigongti.capabilities.ledger.reading.frames import Frame, Sentence, frames
from yigongti.capabilities.ledger.reading.model import Comparator, Kind, Target, tidy
from yigongti.capabilities.ledger.reading.passage import QUOTE_LIMIT, Passage, Span

_SENTENCE = re.compile(r"[^。!?]{1,800}")  # longer ones are no sentences, and would take their square in time
_INTRODUCES = re.compile(r"(?:如下|目标|指标|任务|以下|其中|为|是|实现|达到)?:[”]?$")
_BULLET = re.compile(
    r"^(?:--+|-|·|\*|[①-⑳]|\(?\d{1,2}[).、](?!\d)|\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+是)"
)
_EACH_BODY = tuple("每" + body for body in ("个", "家", "所", "县", "镇", "乡", "村", "街道", "院", "支"))
_SHORT = 8  # characters of a subject that leans on the one before it (二类不少于30张)
_ATTAINS = re.compile(r"达到|达标|符合|通过|具备(?!条件)")


@dataclass(frozen=True)
class Setting:
    """What holds around a sentence: the document's year, and a deadline set by the heading or an introducing line."""

    year: int | None = None
    due: str | None = None


@dataclass(frozen=True)
class _Found:
    frame: Frame
    target: Target
    before: Bound | None
    share: Share | None


def read_targets(passage: Passage, setting: Setting = Setting()) -> list[Target]:
    """Every target and rule of a paragraph, in reading order."""
    targets: list[Target] = []
    introduced: str | None = None
    for match in _SENTENCE.finditer(passage.text):
        text = match.group()
        if introduced and not _BULLET.match(text):
            introduced = None
        sentence = Sentence.of(text, offset=match.start(), year=setting.year)
        targets += _read_sentence(sentence, passage, replace(setting, due=introduced or setting.due))
        introduced = introduced or introduced_deadline(text, sentence.deadlines)
    return targets


def introduced_deadline(text: str, deadlines: tuple[Deadline, ...]) -> str | None:
    """The deadline that a line ending in a colon sets for the list under it."""
    if not _INTRODUCES.search(text):
        return None
    return next((deadline.due for deadline in reversed(deadlines) if deadline.kind == "deadline"), None)


def _read_sentence(sentence: Sentence, passage: Passage, setting: Setting) -> list[Target]:
    found: list[_Found] = []
    sentence = _without_passing(sentence, setting)
    framed = frames(sentence)
    shares = distributed(sentence, framed)
    for index, frame in enumerate(framed):
        reading = _read_frame(frame, sentence, passage, setting, found, shares.get(index))
        if reading:
            found.append(reading)
    return [target for reading in found for target in _each_measure(reading.target)]


def _without_passing(sentence: Sentence, setting: Setting) -> Sentence:
    """The sentence without the numbers that are part of names and conditions, so that they part no words any more."""
    framed = frames(sentence)
    kept = [
        frame.quantity
        for before, frame, following in zip([None, *framed], framed, [*framed[1:], None], strict=False)
        if not plausible.is_in_passing(frame, before, following)
        and plausible.is_plausible(frame, sentence, due=_due(frame, sentence, setting), listed=True)
    ]
    return replace(sentence, quantities=tuple(kept))


def _each_measure(target: Target) -> list[Target]:
    """A率和B率均达到90%: one target for each measure."""
    measures = full_measures(target.indicator)
    return [replace(target, indicator=measure) for measure in measures] or [target]


def _read_frame(
    frame: Frame, sentence: Sentence, passage: Passage, setting: Setting, found: list[_Found], share: Share | None
) -> _Found | None:
    due = (share.due if share else None) or _due(frame, sentence, setting)
    if due == "" or not plausible.is_plausible(frame, sentence, due=due, listed=bool(found)):
        return None
    if background.is_past(sentence.text, frame.quantity.start, sentence.deadlines, year=setting.year):
        return None
    before = frame.before or _inherited(frame, found, share)
    quantity = frame.quantity
    name = naming.name_of(frame, sentence, earlier=found[-1].target.indicator if found else "")
    share = _by_unit(share, frame, found) if share and share.unsure else share
    phrase = share.indicator if share and share.indicator else name.phrase
    if frame.chained and found and not share:
        phrase = naming.with_shared_base(phrase, found[0].target.indicator)
    base = kinds.base_of(frame, sentence) or _base_before(frame, found)
    target = Target(
        kind=_kind(frame, sentence, found, due=due, base=base),
        indicator=phrase,
        comparator=_comparator(frame, before, name),
        value=tidy(quantity.value),
        upper=None if quantity.upper is None else tidy(quantity.upper),
        unit=quantity.unit,
        due=due,
        per=base,
        quote=_quote(frame, sentence, passage, _span(frame, name, share)),
        unsure=_doubt(frame, phrase, share),
    )
    return _Found(frame, kinds.with_ranged_base(target, frame, sentence), before, share)


def _base_before(frame: Frame, found: list[_Found]) -> str:
    """每家医院设立2个诊室,配备1台CT: what each is to have goes on after the comma."""
    base = found[-1].target.per if found and frame.quantity.form == "plain" else ""
    return base if base.startswith(_EACH_BODY) and phrases.opens_with_verb(frame.left) else ""


def _by_unit(share: Share, frame: Frame, found: list[_Found]) -> Share:
    """改造120所卫生院、600个卫生室,2024年分别完成40所、200个: each by its unit."""
    for reading in reversed(found):
        if reading.target.unit == frame.quantity.unit and (reading.share is None or reading.share.span != share.span):
            return replace(share, indicator=reading.target.indicator, unsure="")
    return share


def _kind(frame: Frame, sentence: Sentence, found: list[_Found], *, due: str | None, base: str) -> Kind:
    """An item of a list, or what goes on with 每年, is of its forerunner's kind; anything else is judged by itself."""
    earlier = found[-1].target if found and due is None else None
    short = frame.before is not None and frame.before.start <= _SHORT and not sentence.bases
    goes_on = frame.chained or (earlier is not None and not base and (short or earlier.per.startswith("每年")))
    if earlier is not None and goes_on and earlier.unit == frame.quantity.unit and earlier.due is None:
        return earlier.kind
    return kinds.kind_of(frame, sentence, due=due, base=base)


def _comparator(frame: Frame, before: Bound | None, name: naming.Name) -> Comparator:
    if frame.quantity.form == "rank":
        return "<="
    if name.form == "share" and before is None and frame.after is None:
        return ">=" if _ATTAINS.search(frame.right) and not _ATTAINS.search(frame.left) else "="
    return combine(before, frame.after, ranged=frame.quantity.upper is not None)


def _inherited(frame: Frame, found: list[_Found], share: Share | None) -> Bound | None:
    """In a 、 list the first item's 达到 or 不低于 speaks for the items that go without."""
    if share and found and found[-1].share and found[-1].share.span == share.span:
        return found[-1].before
    if not (frame.chained and frame.after is None and found) or found[-1].frame.quantity.form != frame.quantity.form:
        return None
    before = found[-1].before
    return before if before and before.form == "prefix" and before.sign != "=" else None


def _due(frame: Frame, sentence: Sentence, setting: Setting) -> str | None:
    """The nearest deadline before the number, else one in its own words after it, else what the heading sets."""
    ahead = [d for d in sentence.deadlines if d.kind == "deadline" and d.start < frame.quantity.start]
    if ahead:
        return ahead[-1].due
    stop = min((cut for cut in sentence.cuts if cut >= frame.end), default=len(sentence.text))
    stop += 2 if sentence.text[stop : stop + 1] == "(" else 0
    behind = [d for d in sentence.deadlines if d.kind == "deadline" and frame.end <= d.start < stop]
    return behind[0].due if behind else setting.due


def _doubt(frame: Frame, phrase: str, share: Share | None) -> str:
    if share and share.unsure:
        return share.unsure
    if frame.quantity.unsure:
        return frame.quantity.unsure
    if not phrase:
        return "未找到指标名称"
    return "项目规模,是否作为目标请核对" if plausible.is_project_size(frame) else ""


def _span(frame: Frame, name: naming.Name, share: Share | None) -> Span:
    """What to quote: the number's own words, or the whole of a distributive list when that is short enough."""
    if share and share.span and share.span[1] - share.span[0] <= QUOTE_LIMIT:
        return share.span
    return frame.left_start, max(name.end, frame.end)


def _quote(frame: Frame, sentence: Sentence, passage: Passage, span: Span) -> str:
    offset, quantity = sentence.offset, frame.quantity
    start, stop = span
    if stop - start > QUOTE_LIMIT:
        stop = max(frame.end, min(stop, start + QUOTE_LIMIT))
        start = max(start, stop - QUOTE_LIMIT)
    return passage.quote((offset + start, offset + stop), around=(offset + quantity.start, offset + frame.end))
