"""From a confirmed target to a rule in one step: a dated, cited value in the county's own pack.

The same file that a person would edit by hand; the county's rules are read anew by themselves afterwards.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from yigongti.capabilities.ledger.decisions.terms import Terms, direction, terms_of
from yigongti.capabilities.ledger.models import Clause, PolicyDocument, Target
from yigongti.capabilities.ledger.selectors.documents import STANDING, citations, registered
from yigongti.capabilities.ledger.workflow import KEEPERS
from yigongti.kernel.clock import day_of
from yigongti.kernel.errors import NotAllowed, Refusal
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.rules import DEFAULT_POLICY, RuleBook, RuleVersion
from yigongti.kernel.rules import Clause as CitedClause
from yigongti.kernel.rules import Document as CitedDocument
from yigongti.kernel.rules.reading import OWN
from yigongti.kernel.rules.units import COUNTS
from yigongti.kernel.rules.writing import Draft, write_document, write_value
from yigongti.spine.access.scope import may
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules
from yigongti.spine.home import home

ANY_COUNT = "个"
"""The measure word for anything that is counted: it takes the unit of a rule that the county has already."""
_SIGNS = {"higher": ">=", "lower": "<="}


@dataclass(frozen=True)
class Written:
    """The rule that was written, its version as people read it, and the file.

    holds: the version in force today, where it is another one: a later value, or this one is still to come.
    """

    rule_id: str
    text: str
    path: Path
    holds: RuleVersion | None = None


def write_rule(
    target: Target, *, by: Any, at: datetime, rule_id: str = "", effective_from: date | None = None
) -> Written:
    """Write a confirmed target as a rule that cites its clause.

    rule_id: by default the target of its indicator (`measure.target.<indicator>`); effective_from: by default the day
    its document is in force from.  Raises NotAllowed for another than the bureau or a target not confirmed; Refusal
    or PolicyError where the value cannot be a rule.
    """
    document = target.clause.document
    _may_write(target, document, by)
    today = day_of(at)
    begins = effective_from or document.in_force_from or document.issued_on or today
    draft = _draft(target, _rule_of(target, rule_id), begins=begins, today=today)
    with transaction.atomic():
        Target.objects.filter(pk=target.pk).update(rule_id=draft.rule_id)
        PolicyDocument.objects.filter(pk=document.pk).update(rule_source=draft.doc)
        detail = {"rule": draft.rule_id, "value": str(draft.value), "clause": f"{draft.doc} {draft.clause}"}
        trail.record("write_rule", actor=by.username, at=at, subject=f"case:{document.pk}", detail=detail)
        path = _write(draft, target.clause)
    return _written(draft, path, today=today)


def _written(draft: Draft, path: Path, *, today: date) -> Written:
    rule = county_rules().rules[draft.rule_id]
    key = (draft.effective_from, draft.recorded_on)
    version = next(each for each in rule.layers[OWN] if (each.effective_from, each.recorded_on) == key)
    holds = rule.in_force(on=today)
    return Written(draft.rule_id, version.text, path, None if holds is version else holds)


def _may_write(target: Target, document: PolicyDocument, by: Any) -> None:
    if not may(by, KEEPERS):
        raise NotAllowed("规则由卫生健康局写入", remedy="请转交卫生健康局")
    if not target.is_confirmed or document.state not in STANDING:
        raise NotAllowed(
            "这个目标还没有确认,不能写成规则",
            where=target.phrase,
            why="文件确认之后目标才算数",
            remedy="请先核对并确认全文",
        )
    if target.rule_id:
        raise Refusal(f"这个目标已写成规则 {target.rule_id}", where=target.phrase, remedy="要改写,请先收回")


def _rule_of(target: Target, rule_id: str) -> str:
    if rule_id:
        return rule_id
    if not target.indicator:
        raise Refusal(
            "没有对应的指标,请写明规则编号",
            where=target.phrase,
            remedy="如 registry.target.community_hospitals,或先选定指标",
        )
    return f"measure.target.{target.indicator}"


def _draft(target: Target, rule_id: str, *, begins: date, today: date) -> Draft:
    book = county_rules()
    terms = terms_of(target.value, target.unit, upper=target.upper, per=target.per, phrase=target.phrase)
    doc, clause = citation(target.clause, book)
    known, is_range = book.rules.get(rule_id), terms.upper is not None
    unit = known.unit if known and target.unit == ANY_COUNT and known.unit in COUNTS else terms.unit
    return Draft(
        rule_id=rule_id,
        label=known.label if known else f"{target.phrase}目标",
        kind="bands" if is_range else terms.kind,
        unit=unit,
        value=_band(terms) if is_range else _typed(terms.value, terms.unit),
        effective_from=begins,
        recorded_on=today,
        doc=doc,
        clause=clause,
        comparator="" if is_range else _sign(target),
        due=target.due_on,
        note=f"由台账写入;原文:{target.quote}",
    )


def _band(terms: Terms) -> list[dict[str, object]]:
    assert terms.upper is not None
    return [{"from": _typed(terms.value, terms.unit), "up_to": _typed(terms.upper, terms.unit)}]


def _typed(value: Decimal, unit: str) -> object:
    """A number as a person would type it in the file: 35%, 80, 3.39."""
    if unit == "ratio":
        return f"{(value * 100).normalize():f}%"
    return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"


def _sign(target: Target) -> str:
    """The comparator; a count and a ratio of one to n point as their indicator does."""
    indicator = REGISTRY.indicators.get(target.indicator)
    if indicator is None or (target.comparator != "=" and target.unit != "1:n"):
        return str(target.comparator)
    return _SIGNS.get(direction(target.comparator, better=indicator.better, unit=target.unit), "=")


def citation(clause: Clause, book: RuleBook) -> tuple[str, str]:
    """The document and clause that a rule cites: those registered already, or the ledger's own."""
    document = clause.document
    known = book.documents.get(document.rule_source) or registered(document)
    if known and (found := citations(document, known).get(clause.pk)):
        return known.id, found
    if known and known.id == document.rule_source:
        return known.id, clause.number
    return f"ledger-{document.pk[-10:]}", clause.number


def _write(draft: Draft, clause: Clause) -> Path:
    own, book = home().own_policy, county_rules()
    registered = book.documents.get(draft.doc)
    if registered is None or draft.clause not in registered.clauses:
        write_document(own, _registered(draft.doc, clause, registered))
    return write_value(own, draft, root=DEFAULT_POLICY, book=book)


def _registered(doc: str, clause: Clause, known: CitedDocument | None) -> CitedDocument:
    """The ledger's document as rules cite it, with this clause besides those it had."""
    document = clause.document
    if document.issued_on is None:
        raise Refusal("文件没有发文日期,不能作为规则的出处", where=document.title, remedy="请在文件页补填发文日期")
    clauses = dict(known.clauses) if known else {}
    heading = clause.heading or clause.text[:20] or clause.number
    return CitedDocument(
        id=doc, title=document.title, number=document.number, issuer=document.issuer or "未载明",
        issued_on=document.issued_on, level=document.level, region=home().choices.county,
        clauses={**clauses, clause.number: CitedClause(clause.number, heading)}, note="由政策台账登记",
    )  # fmt: skip
