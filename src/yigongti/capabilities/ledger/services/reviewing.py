"""A person's verdict on what was read: confirmed, corrected, rejected, or added where the reader missed something.

Only a draft document can be reviewed; afterwards its values stand, and another document changes them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from yigongti.capabilities.ledger.decisions.dues import due_day
from yigongti.capabilities.ledger.models import Clause, ClauseUnit, Part, PolicyDocument, Target, Verdict
from yigongti.capabilities.ledger.services.measuring import must_be_dated, must_measure
from yigongti.capabilities.ledger.workflow import KEEPERS
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.rules.model import LEVEL_LABELS
from yigongti.spine.access.scope import may
from yigongti.spine.audit import trail

DESCRIBABLE = ("draft", "confirmed", "in_force")
"""States in which a document's heading may be corrected."""
_STAMPED = ("verdict", "decided_at", "decided_by")


@dataclass(frozen=True)
class TargetValues:
    """What a person says a target is; as the columns of Target."""

    kind: str
    phrase: str
    comparator: str
    value: float
    quote: str
    upper: float | None = None
    unit: str = ""
    per: str = ""
    due: str = ""
    indicator: str = ""
    baseline: float | None = None
    baseline_on: date | None = None


@dataclass(frozen=True)
class ClauseValues:
    """What a person says a clause asks for: whether it is a task, and who answers (part → names)."""

    is_task: bool
    units: Mapping[str, Sequence[str]] = field(default_factory=dict)


def parts_of(units: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Unit → its part, from part → names; who leads and supports at once leads."""
    found: dict[str, str] = {}
    for part in Part:
        for name in filter(None, (each.strip() for each in units.get(part, ()))):
            found.setdefault(name, part.value)
    return found


def as_it_stands(clause: Clause) -> ClauseValues:
    """A clause's values, unchanged."""
    units = list(clause.units.all())
    return ClauseValues(clause.is_task, {part: [unit.name for unit in units if unit.part == part] for part in Part})


class Outdated(Refusal):
    """Somebody else decided on the same reading since it was looked at."""


@dataclass(frozen=True)
class Heading:
    """What a person says a document is."""

    title: str
    level: str
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None


@transaction.atomic
def decide_target(target: Target, verdict: str, *, by: Any, at: datetime) -> None:
    """Confirm or reject a target as it stands.

    Raises NotAllowed for another than the bureau, or past the draft; Outdated where it was decided on since
    `target.decided_at`.
    """
    _must_be_open(target.clause.document, by)
    _must_be_as_seen(target)
    _stamp(target, verdict, by=by, at=at)
    target.save(update_fields=_STAMPED)
    _tell(f"{verdict}_target", target.clause, by=by, at=at, detail={"target": target.pk})


@transaction.atomic
def correct_target(target: Target, values: TargetValues, *, by: Any, at: datetime) -> None:
    """Correct a target and confirm it.  Raises Refusal on values that cannot be, else as decide_target."""
    _must_be_open(target.clause.document, by)
    _must_be_as_seen(target)
    _check(target.clause, values)
    for name, value in vars(values).items():
        setattr(target, name, value)
    _stamp(target, Verdict.CONFIRMED, by=by, at=at)
    target.save(update_fields=[*vars(values), *_STAMPED])
    _tell("correct_target", target.clause, by=by, at=at, detail={"target": target.pk, "said": _plain(values)})


@transaction.atomic
def add_target(clause: Clause, values: TargetValues, *, by: Any, at: datetime) -> Target:
    """Add a target that the reader missed; it counts as confirmed.  Raises as correct_target."""
    _must_be_open(clause.document, by)
    _check(clause, values)
    last = clause.targets.aggregate(last=Max("place"))["last"]
    target = Target(clause=clause, place=0 if last is None else last + 1, **vars(values))
    _stamp(target, Verdict.CONFIRMED, by=by, at=at)
    target.save()
    _tell("add_target", clause, by=by, at=at, detail={"target": target.pk, "said": _plain(values)})
    return target


@transaction.atomic
def decide_clause(clause: Clause, values: ClauseValues, *, by: Any, at: datetime) -> None:
    """Confirm a clause with its units as a person has them.  Raises as decide_target."""
    _must_be_open(clause.document, by)
    _must_be_as_seen(clause)
    named = parts_of(values.units)
    clause.units.all().delete()
    ClauseUnit.objects.bulk_create(ClauseUnit(clause=clause, name=name, part=part) for name, part in named.items())
    clause.is_task = values.is_task
    _stamp(clause, Verdict.CONFIRMED, by=by, at=at)
    clause.save(update_fields=["is_task", *_STAMPED])
    _tell("confirm_clause", clause, by=by, at=at, detail={"units": named, "is_task": values.is_task})


@transaction.atomic
def confirm_certain(document: PolicyDocument, *, by: Any, at: datetime) -> int:
    """Confirm every clause and every target of which the reader was certain, as they stand; returns how many.

    Those marked as unsure stay for a person to look at one by one.
    """
    _must_be_open(document, by)
    stamp = {"verdict": Verdict.CONFIRMED, "decided_at": at, "decided_by": by.pk}
    targets = Target.objects.filter(clause__document=document, verdict=Verdict.UNREAD, unsure="").update(**stamp)
    clauses = document.clauses.filter(verdict=Verdict.UNREAD).update(**stamp)
    detail = {"targets": targets, "clauses": clauses}
    trail.record("confirm_certain", actor=by.username, at=at, subject=f"case:{document.pk}", detail=detail)
    return int(targets + clauses)


@transaction.atomic
def describe_document(document: PolicyDocument, heading: Heading, *, by: Any, at: datetime) -> None:
    """Correct a document's title, number, issuer, day and level, as long as no rule cites it.

    Raises Refusal without a title or a known level, and where a rule cites it; NotAllowed past its life.
    """
    _must_be_open(document, by, states=DESCRIBABLE)
    if document.rule_source:
        raise Refusal("已有规则引用这份文件", where=document.title, remedy="请先收回规则,或在规则出处文件里改")
    if not heading.title.strip() or heading.level not in LEVEL_LABELS:
        raise Refusal("文件要有标题和层级", remedy="请补填")
    for name, value in vars(heading).items():
        setattr(document, name, value)
    document.save(update_fields=[*vars(heading)])
    detail = {name: str(value or "") for name, value in vars(heading).items()}
    trail.record("describe_policy", actor=by.username, at=at, subject=f"case:{document.pk}", detail=detail)


def _must_be_open(document: PolicyDocument, by: Any, *, states: Collection[str] = ("draft",)) -> None:
    if not may(by, KEEPERS):
        raise NotAllowed("政策文件由卫生健康局核对", remedy="请转交卫生健康局")
    held = PolicyDocument.objects.select_for_update(of=("self", "case_ptr")).get(pk=document.pk)
    if held.state not in states:
        raise NotAllowed(
            "文件已确认,不能再改读取结果", where=held.title, why="已确认的值要留痕", remedy="如有错漏,请弃用后重新导入"
        )


def _must_be_as_seen(row: Target | Clause) -> None:
    """Hold the row, and refuse where its verdict is another than the one that was looked at."""
    rows: QuerySet[Any] = type(row)._default_manager.select_for_update(of=("self",))
    held = rows.select_related("decided_by").get(pk=row.pk)
    if held.decided_at != row.decided_at:
        who = held.decided_by.display_name if held.decided_by else "别人"
        raise Outdated(
            f"这一项刚由{who}定为“{Verdict(held.verdict).label}”", where=str(held), remedy="请看过现在的内容再定"
        )


def _check(clause: Clause, values: TargetValues) -> None:
    where = f"{clause.number} {clause.heading}"
    due_day(values.due)
    if not values.phrase.strip():
        raise Refusal("请写明指标", where=where, remedy="按原文填写所要求的事项")
    if values.upper is not None and values.upper < values.value:
        raise Refusal(f"上限 {values.upper:g} 小于数值 {values.value:g}", where=where, remedy="请核对范围")
    if values.indicator:
        must_measure(values.indicator, values, where=where)
    if not values.quote.strip() or _bare(values.quote) not in _bare(clause.text + "".join(_quotes(clause))):
        raise Refusal("原文里没有这句话", where=where, why="每个目标都要能在原文里指出来", remedy="请从左侧原文复制")
    must_be_dated(values.baseline, values.baseline_on, where=where)


def _quotes(clause: Clause) -> list[str]:
    return [each["quote"] for each in clause.reading.get("targets", ())]


def _bare(text: str) -> str:
    return "".join(text.split())


def _stamp(row: Target | Clause, verdict: str, *, by: Any, at: datetime) -> None:
    row.verdict, row.decided_at, row.decided_by_id = verdict, at, by.pk


def _plain(values: TargetValues) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, date) else value for name, value in vars(values).items()}


def _tell(action: str, clause: Clause, *, by: Any, at: datetime, detail: Mapping[str, Any]) -> None:
    said = {"clause": clause.number, **detail}
    trail.record(action, actor=by.username, at=at, subject=f"case:{clause.document_id}", detail=said)
