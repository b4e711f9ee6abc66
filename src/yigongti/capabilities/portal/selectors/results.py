"""Results in plain language: the latest measurements with what they mean, and the exams with where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yigongti.capabilities.portal.decisions.plain import Judged, Meaning, blood_pressure, fasting_glucose
from yigongti.capabilities.portal.selectors.naming import plain
from yigongti.capabilities.record import api as record
from yigongti.kernel import clock
from yigongti.kernel.rules import Rules
from yigongti.spine.county_rules import county_rules
from yigongti.spine.record.selectors import timeline

LATEST = 20
WORDS: Mapping[tuple[str, Meaning], str] = {
    ("bp", Meaning.FINE): gettext_noop("血压在管理目标以内,请继续保持。"),
    ("bp", Meaning.HIGH): gettext_noop("血压高于管理目标。请按时服药、少盐,并联系您的家庭医生。"),
    ("bp", Meaning.DANGER): gettext_noop("血压很高,有危险。请马上就医;如有胸痛、头痛、肢体无力,请拨打 120。"),
    ("glucose", Meaning.FINE): gettext_noop("空腹血糖在管理目标以内,请继续保持。"),
    ("glucose", Meaning.HIGH): gettext_noop("空腹血糖高于管理目标。请控制饮食、按时用药,并联系您的家庭医生。"),
    ("glucose", Meaning.DANGER): gettext_noop("空腹血糖很高,有危险。请马上就医。"),
    ("glucose", Meaning.LOW): gettext_noop("血糖过低,有危险。请马上吃糖或含糖食物,并就医。"),
}
TONES = {Meaning.FINE: "good", Meaning.HIGH: "warn", Meaning.DANGER: "bad", Meaning.LOW: "bad"}


@dataclass(frozen=True)
class Result:
    """A value, when it was taken, and what it means ("" where no rule says)."""

    label: str
    value: str
    day: str
    text: str = ""
    tone: str = "plain"
    rule_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exam:
    """An exam and where it stands."""

    title: str
    day: str
    institution: str
    text: str
    tone: str


def results(resident_id: str, *, age: int) -> list[Result]:
    """The latest of each measurement; blood pressure as a pair."""
    rules, vitals = county_rules().on(clock.today()), {each.code: each for each in record.vitals(resident_id)}
    found = [*_pressure(vitals, age, rules), *_glucose(vitals, rules)]
    others = (each for code, each in vitals.items() if code not in ("sbp", "dbp", "fbg"))
    return found + [Result(each.label, f"{each.latest} {each.unit}", each.day) for each in others]


def exams(resident_id: str) -> list[Exam]:
    """The latest exams, newest first."""
    moments = record.story(resident_id, record.Wanted(table="exam"), naming=plain()).moments[:LATEST]
    facts = {item.key: item.facts for item in timeline(resident_id, tables=["exam"])}
    return [_exam(each, facts.get(each.key, {})) for each in moments]


def _pressure(vitals: Mapping[str, record.Vital], age: int, rules: Rules) -> Sequence[Result]:
    high, low = vitals.get("sbp"), vitals.get("dbp")
    if high is None or low is None or high.day != low.day:
        return []
    judged = blood_pressure(high.values[-1], low.values[-1], age=age, rules=rules)
    return [_judged("bp", _("血压"), f"{high.latest}/{low.latest} {high.unit}", high.day, judged)]


def _glucose(vitals: Mapping[str, record.Vital], rules: Rules) -> Sequence[Result]:
    value = vitals.get("fbg")
    if value is None:
        return []
    judged = fasting_glucose(value.values[-1], rules=rules)
    return [_judged("glucose", value.label, f"{value.latest} {value.unit}", value.day, judged)]


def _judged(kind: str, label: str, value: str, day: str, judged: Judged) -> Result:
    return Result(label, value, day, _(WORDS[kind, judged.meaning]), TONES[judged.meaning], judged.rule_ids)


def _exam(moment: record.Moment, facts: Mapping[str, object]) -> Exam:
    if facts.get("critical"):
        text, tone = _("报告为危急值:请马上联系医生,不要等下次就诊。"), "bad"
    elif facts.get("reported_at"):
        text, tone = _("报告已出"), "good"
    else:
        text, tone = _("报告还没有出来。"), "none"
    return Exam(moment.title, moment.day.isoformat(), moment.institution, text, tone)
