"""From a sentence to its targets and rules.

Numbers are framed, weighed (is it an aim or a norm at all?), compared, dated and named; each reading carries its quote.
"""

import re
from dataclasses import dataclass, replace

from yigongti.capabilities.ledger.reading import (
    background,
    kinds,
    measure_words,
    naming,
    norms,
    phrases,
    plausible,
    words,
)
from yigongti.capabilities.ledger.reading.comparators import Bound, combine
from yigongti.capabilities.ledger.reading.deadlines import Deadline
from yigongti.capabilities.ledger.reading.distribution import Share, distributed, each_of, full_measures, paired_years
from yigongti.capabilities.ledger.reading.frames import Frame, Sentence, frames
from yigongti.capabilities.ledger.reading.model import Comparator, Kind, Target, tidy
from yigongti.capabilities.ledger.reading.passage import QUOTE_LIMIT, Passage, Span
from yigongti.capabilities.ledger.reading.quantities import Quantity

_SENTENCE = re.compile(r"[^。!?]{1,800}")  # longer ones are no sentences, and would take their square in time
_UNITS = "|".join(re.escape(unit) for unit in measure_words.ALL)
_MAY_COUNT = re.compile(
    rf"\d|分之|半数|一半|百强|[一二两三四五六七八九]成|[一二两三四五六七八九十百千万亿](?:余|多)?(?:{_UNITS})"
)
_INTRODUCES = re.compile(r"(?:如下|目标|指标|任务|以下|其中|为|是|实现|达到)?:[”]?$")
_BULLET = re.compile(
    r"^(?:--+|-|·|\*|[①-⑳]|\(?\d{1,2}[).、](?!\d)|\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+是)"
)
_EACH_BODY = tuple("每" + body for body in ("个", "家", "所", "县", "镇", "乡", "村", "街道", "院", "支"))
_SHORT = 8  # characters of a subject that leans on the one before it (二类不少于30张)
_TOPIC = 3  # characters of words before a bare year that make it one subject's
_GOES_ON = re.compile(
    r"(?:分别|力争|争取|再|要|应|须|则|均)*(?:达到|达|不低于|不少于|不超过|提高到|提高至|提升到|提升至|降至|降到|下降到|增至|超过|突破|为)\d"
)
_COMPLETION = re.compile(
    r"(?:前|底前)?(?:全部|全面|基本|如期|正式)*(?:建成|完成|投入使用|投用|竣工|交付)(?:并|投用|使用|投入使用|建设|任务)*(?=[,;。)]|$)"
)
_EACH_ALIKE = re.compile(r"(?<![年人月日户次床])[均都](?=达|不|保持|控制|稳定|提|降|低|高|超|在|要|应|力)")
_DOES = re.compile(r"(?<=.)(?:达到|达标|符合|通过|具备|实现|设立|设置|建成|建有|能够|配备|完成|开展).*$")
_NAMES_NONE = re.compile(rf"(?:(?:上述|以上|前述|这些)[^,;。]{{0,8}}|(?:{words.VERB})+)?")
_ADDS = re.compile(r"其中|.{0,12}且(?:不|至少)")
_ATTAINS = re.compile(r"达到|达标|符合|通过|具备(?!条件)")


@dataclass(frozen=True)
class Setting:
    """What holds around a sentence: the document's year, and a deadline set by the heading or an introducing line.

    paired: years named together before it (到2022年和2030年), for the lists of two that name none.
    genre: what kind of document speaks, which helps to tell aims from norms.
    topic: what the clause's heading builds (建设县域医疗服务次中心), for counts that name nothing.
    """

    year: int | None = None
    due: str | None = None
    paired: tuple[str, ...] = ()
    tense: background.Tense = "planned"
    genre: kinds.Genre = "plan"
    topic: str = ""


@dataclass(frozen=True)
class _Found:
    """A number read: its frame, its target, the comparison that led to it, and its part in a distributive list."""

    frame: Frame
    target: Target
    before: Bound | None
    share: Share | None


def read_targets(passage: Passage, setting: Setting = Setting()) -> list[Target]:
    """Every target and rule of a paragraph, in reading order."""
    targets: list[Target] = []
    introduced: str | None = None
    above: Target | None = None
    for match in _SENTENCE.finditer(passage.text):
        text = match.group()
        if not _MAY_COUNT.search(text):
            introduced = None
            continue
        if introduced and not _BULLET.match(text):
            introduced = None
        sentence = Sentence.of(text, offset=match.start(), year=setting.year)
        around = replace(setting, due=introduced) if introduced else setting
        read = _SentenceReader(sentence, passage, around, above if text.startswith("其中") else None).targets()
        targets += read
        above = read[-1] if read else None
        if paired := paired_years(sentence.deadlines):
            setting = replace(setting, paired=paired)
        introduced = introduced or introduced_deadline(text, sentence.deadlines)
    return targets


def introduced_deadline(text: str, deadlines: tuple[Deadline, ...]) -> str | None:
    """The deadline that a line ending in a colon sets for the list under it."""
    if not _INTRODUCES.search(text):
        return None
    return next((deadline.due for deadline in reversed(deadlines) if deadline.kind == "deadline"), None)


class _SentenceReader:
    """Reads the numbers of one sentence from left to right; each may lean on those found before it."""

    def __init__(self, sentence: Sentence, passage: Passage, setting: Setting, above: Target | None) -> None:
        self._passage, self._setting, self._above = passage, setting, above
        self._sentence, self._framed = self._without_passing(sentence)
        self._found: list[_Found] = []

    def targets(self) -> list[Target]:
        """The targets of the sentence; A率和B率均达到90% gives one for each measure."""
        framed = self._framed
        shares = distributed(self._sentence, framed, paired=self._setting.paired)
        for index, frame in enumerate(framed):
            if self._counts(frame, shares.get(index)):
                self._found.append(self._read(frame, shares.get(index)))
        return [target for found in _with_predicates(self._found) for target in _each_measure(found)]

    def _without_passing(self, sentence: Sentence) -> tuple[Sentence, list[Frame]]:
        """The sentence without the numbers of names and conditions, so that they part no words any more; its frames."""
        framed = frames(sentence)
        kept: list[Quantity] = []
        for before, frame, following in zip([None, *framed], framed, [*framed[1:], None], strict=False):
            touches = before is not None and before.quantity.end == frame.quantity.start
            passing = touches and before is not None and before.quantity not in kept
            if passing or plausible.is_in_passing(frame, before, following):
                continue
            if plausible.is_plausible(frame, sentence, due=_due(frame, sentence, self._setting), listed=True):
                kept.append(frame.quantity)
        if len(kept) == len(framed):
            return sentence, framed
        rest = replace(sentence, quantities=tuple(kept))
        return rest, frames(rest)

    def _counts(self, frame: Frame, share: Share | None) -> bool:
        """True for an aim or a norm; false for a number in passing or what was reached already."""
        sentence, year = self._sentence, self._setting.year
        likely = plausible.is_plausible(frame, sentence, due=self._due(frame, share), listed=bool(self._found))
        tense = self._setting.tense
        at = frame.quantity.start
        return likely and not background.is_past(sentence.text, at, sentence.deadlines, year=year, tense=tense)

    def _read(self, frame: Frame, share: Share | None) -> _Found:
        due, base = self._due(frame, share), self._base(frame)
        before = frame.before or self._inherited(frame, share)
        frame = replace(frame, after=share.after) if share and share.after and not frame.after else frame
        name = naming.name_of(frame, self._sentence, earlier=self._last.indicator if self._last else "")
        share = self._by_unit(share, frame) if share and _NAMES_NONE.fullmatch(share.indicator) else share
        phrase = phrases.without_explanation(self._phrase(frame, name, share))
        due = None if self._is_timeless(frame, base) or self._goes_on_timeless(share) else due
        evidence = kinds.Evidence(frame, self._sentence, due, base, self._setting.genre)
        judgement = kinds.judged(evidence)
        kind = self._kind(evidence, judgement)
        target = Target(
            kind=kind,
            indicator=phrase,
            comparator=_comparator(frame, before, name),
            value=tidy(frame.quantity.value),
            upper=None if frame.quantity.upper is None else tidy(frame.quantity.upper),
            unit=frame.quantity.unit,
            due=due,
            per=base,
            quote=self._quote(frame, _span(frame, name, share)),
            unsure=_doubt(frame, phrase, share),
            why=";".join(judgement.reasons_for(kind)),
        )
        return _Found(frame, norms.with_ranged_base(target, frame, self._sentence), before, share)

    @property
    def _last(self) -> Target | None:
        return self._found[-1].target if self._found else None

    def _due(self, frame: Frame, share: Share | None) -> str | None:
        if share is None and frame.chained and self._last is not None and self._last.kind == "target":
            dated = range(self._found[-1].frame.end, frame.quantity.start)
            if not any(deadline.start in dated for deadline in self._sentence.deadlines):
                return self._last.due
        return (share.due if share else None) or _due(frame, self._sentence, self._setting)

    def _phrase(self, frame: Frame, name: naming.Name, share: Share | None) -> str:
        if share and share.indicator:
            return share.indicator
        if not name.phrase or (phrases.opens_with_verb(name.phrase) and not words.FLOW_ONLY.fullmatch(name.phrase)):
            return self._setting.topic or name.phrase
        shared = frame.chained and bool(self._found) and not share
        return naming.with_shared_base(name.phrase, self._found[-1].target.indicator) if shared else name.phrase

    def _base(self, frame: Frame) -> str:
        """每家医院设立2个诊室,配备1台CT: what each is to have goes on after the comma."""
        own = norms.base_of(frame, self._sentence)
        if self._found and self._found[-1].frame.quantity.end == frame.quantity.start:
            return own or self._found[-1].target.per
        if not own and frame.chained and frame.before is not None and frame.before.word.startswith("不"):
            return self._found[-1].target.per if self._found else own
        if self._last and frame.chained and not frame.left:
            return own or self._last.per
        goes_on = self._last and frame.quantity.form == "plain" and (_goes_on(frame) or _is_capped(frame))
        return self._last.per if not own and self._last and goes_on and self._last.per.startswith(_EACH_BODY) else own

    def _by_unit(self, share: Share, frame: Frame) -> Share:
        """改造120所卫生院、600个卫生室,2024年分别完成40所、200个: each by its unit, and among those in its order."""
        others = [found.target for found in self._found if found.share is None or found.share.span != share.span]
        alike = [target.indicator for target in others if target.unit == frame.quantity.unit]
        group = [found for found in self._found if found.share is not None and found.share.span == share.span]
        alone = share.back == 1 and not any(found.target.unit == frame.quantity.unit for found in group)
        if alike:
            return replace(share, indicator=alike[-1 if alone else -min(share.back, len(alike))], unsure="")
        return replace(share, indicator=self._setting.topic) if self._setting.topic else share

    def _kind(self, evidence: kinds.Evidence, judgement: kinds.Judgement) -> Kind:
        """An item of a list, or what goes on with 每年, is of its forerunner's kind; others stand by themselves."""
        frame, base = evidence.frame, evidence.base
        if self._is_timeless(frame, base):
            return "rule"
        if self._goes_on_aim(frame):
            return "target"
        if judgement.is_spoken and not frame.chained:
            return judgement.kind
        last, above = (self._last, self._above) if evidence.due is None else (None, None)
        if not self._found and above is not None and above.due is None and above.unit == frame.quantity.unit:
            return above.kind
        if (
            last is not None
            and last.due is None
            and last.kind == "rule"
            and _ADDS.match(frame.left)
            and not judgement.is_aimed
        ):
            return "rule"
        if last is not None and last.due is None and last.unit == frame.quantity.unit:
            wide = frame.left.startswith("全")  # 全市…: not of each body any more
            short = self._is_short(frame) and not self._sentence.bases and not wide
            own = norms.has_own_measure(frame)
            if frame.chained or (not own and not base and (short or last.per.startswith("每年"))):
                return last.kind
        return judgement.kind

    def _goes_on_aim(self, frame: Frame) -> bool:
        """报告出具不超过30分钟,心电诊断不超过15分钟: a short one with the same words is an aim as the first is."""
        last = self._found[-1] if self._found else None
        if last is None or last.target.kind != "target" or last.target.unit != frame.quantity.unit:
            return False
        same = frame.before is not None and last.before is not None and frame.before.word == last.before.word
        return same and measure_words.is_duration(frame.quantity.unit) and self._is_short(frame)

    def _is_timeless(self, frame: Frame, base: str) -> bool:
        """A norm that no day ends; what only the heading dates is one when it is a rhythm (新生儿访视不少于2次)."""
        if norms.is_timeless(frame, self._sentence, base):
            return True
        if self._goes_on_norm(frame):
            return True
        headed = self._setting.due is not None and _due(frame, self._sentence, replace(self._setting, due=None)) is None
        return headed and norms.is_rhythm(frame, self._sentence, base)

    def _goes_on_norm(self, frame: Frame) -> bool:
        """每年4次随访和1次检查, 标准为94元,新增5元: an item of the same unit is as timeless as the norm before it."""
        last = self._last
        if last is None or last.kind != "rule" or last.due is not None:
            return False
        if last.unit.endswith(("元", "%")) and norms.goes_on_paying(frame):
            return True
        if last.unit != frame.quantity.unit:
            return False
        return frame.chained or last.unit.endswith("元")

    @staticmethod
    def _is_short(frame: Frame) -> bool:
        """二类不少于30张, 博士30万元: too little to stand for itself."""
        if frame.before is not None:
            return frame.before.start <= _SHORT
        return len(frame.left) <= _SHORT and not phrases.starts_with_verb(frame.left) and not frame.right

    def _goes_on_timeless(self, share: Share | None) -> bool:
        """The later items of 分别奖励200万元、100万元 are rules as the first is."""
        last = self._found[-1] if self._found else None
        if share is None or last is None or last.share is None or last.share.span != share.span:
            return False
        return last.target.kind == "rule" and last.target.due is None

    def _inherited(self, frame: Frame, share: Share | None) -> Bound | None:
        """In a 、 list the first item's 达到 or 不低于 speaks for the items that go without."""
        if not self._found:
            return None
        last = self._found[-1]
        if share and last.share and last.share.span == share.span:
            return last.before
        if not frame.chained or frame.after is not None or last.frame.quantity.form != frame.quantity.form:
            return None
        led = last.before is not None and last.before.form in ("prefix", "afloat")
        if last.before is not None and last.before.form == "afloat" and phrases.starts_with_verb(frame.left):
            return None
        return last.before if led and last.before and last.before.sign != "=" else None

    def _quote(self, frame: Frame, span: Span) -> str:
        offset, quantity = self._sentence.offset, frame.quantity
        start, stop = span
        if stop - start > QUOTE_LIMIT:
            stop = max(frame.end, min(stop, start + QUOTE_LIMIT))
            start = max(start, stop - QUOTE_LIMIT)
        return self._passage.quote(
            (offset + start, offset + stop), around=(offset + quantity.start, offset + frame.end)
        )


def _goes_on(frame: Frame) -> bool:
    """True when the words before a number are a verb alone, or a verb, its object and 不少于."""
    if phrases.opens_with_verb(frame.left):
        return True
    least = frame.before is not None and frame.before.word.startswith(("不", "至少"))
    return least and "的" not in frame.left and phrases.starts_with_verb(frame.left)


def _is_capped(frame: Frame) -> bool:
    """每个团队由3-5人组成,…签约居民数量控制在1500人以内: what each may have at most."""
    capped = frame.before is not None and frame.before.sign == "<="
    return capped and not frame.left.startswith(("全", "各"))


def _with_predicates(found: list[_Found]) -> list[_Found]:
    """30%的县城、45%的镇达到卫生镇标准: what the last of a list does is said of all."""
    whole = list(found)
    for at in reversed(range(len(found) - 1)):
        frame, following = whole[at].frame, whole[at + 1].frame
        done = _DOES.search(whole[at + 1].target.indicator)
        listed = following.chained and frame.right.startswith("的") and following.right.startswith("的")
        if not (listed and done and frame.quantity.form == "share" and not _DOES.search(frame.right)):
            continue
        target = whole[at].target
        sign: Comparator = ">=" if target.comparator == "=" and _ATTAINS.match(done.group()) else target.comparator
        whole[at] = replace(
            whole[at], target=replace(target, indicator=target.indicator + done.group(), comparator=sign)
        )
    return whole


def _each_measure(found: _Found) -> list[Target]:
    target, left = found.target, found.frame.left
    parted = each_of if _EACH_ALIKE.search(left) and target.indicator in left else full_measures
    return [replace(target, indicator=measure) for measure in parted(target.indicator)] or [target]


def _due(frame: Frame, sentence: Sentence, setting: Setting) -> str | None:
    """The nearest deadline before the number, else one in its own words after it, else what the heading sets."""
    deadlines = [deadline for deadline in sentence.deadlines if deadline.kind == "deadline"]
    begun = max(
        (d.start for d in sentence.deadlines if d.kind == "since" and d.start < frame.quantity.start), default=-1
    )
    said = [d for d in deadlines if begun < d.start < frame.quantity.start]
    ahead = [d for d in said if _governs(d, frame, sentence)]
    if ahead and not (ahead[-1].bare and said[-1] is not ahead[-1] and said[-1].bare):
        return ahead[-1].due
    stop = min((cut for cut in sentence.cuts if cut >= frame.end), default=len(sentence.text))
    stop += 2 if sentence.text[stop : stop + 1] == "(" else 0
    behind = [d for d in deadlines if frame.end <= d.start < stop or (frame.end <= d.start and _completes(d, sentence))]
    return behind[0].due if behind else setting.due


def _governs(deadline: Deadline, frame: Frame, sentence: Sentence) -> bool:
    """到2027年 governs to the full stop; 2025年 after a subject (素养水平2025年达到25%) to the end of its clause."""
    if not deadline.bare:
        return True
    opening = max((cut + 1 for cut in sentence.cuts if cut < deadline.start), default=0)
    words = phrases.subject(sentence.text[opening : deadline.start])
    goes_on = deadline.start > 0 and bool(_GOES_ON.match(sentence.text, deadline.end))
    closing = min((cut for cut in sentence.cuts if cut >= deadline.end), default=len(sentence.text))
    return (len(words) < _TOPIC and not goes_on) or frame.quantity.start < closing


def _completes(deadline: Deadline, sentence: Sentence) -> bool:
    """…,2024年建成投用: a clause that only says by when."""
    opens = sentence.text[deadline.start - 1 : deadline.start] == ","
    return opens and bool(_COMPLETION.match(sentence.text, deadline.end))


def _comparator(frame: Frame, before: Bound | None, name: naming.Name) -> Comparator:
    if frame.quantity.form == "rank":
        return "<="
    if name.form == "share" and before is None and frame.after is None:
        return ">=" if _ATTAINS.search(frame.right) and not _ATTAINS.search(frame.left) else "="
    return combine(before, frame.after, ranged=frame.quantity.upper is not None)


def _doubt(frame: Frame, phrase: str, share: Share | None) -> str:
    if share and share.unsure:
        return share.unsure
    if frame.quantity.unsure:
        return frame.quantity.unsure
    if plausible.is_project_size(frame):
        return "项目规模,请核对是否作为目标"
    return "" if phrase else "未找到指标名称"


def _span(frame: Frame, name: naming.Name, share: Share | None) -> Span:
    """What to quote: the number's own words, or the whole of a distributive list when that is short enough."""
    if share and share.span and share.span[1] - share.span[0] <= QUOTE_LIMIT:
        return share.span
    return frame.left_start, max(name.end, frame.end)
