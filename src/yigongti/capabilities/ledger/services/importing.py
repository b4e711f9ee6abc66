"""A file in: kept as it came, read, and laid before a person as drafts.  What cannot be read leaves nothing behind."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yigongti.capabilities.ledger.decisions.matching import suggest
from yigongti.capabilities.ledger.decisions.origins import level_of
from yigongti.capabilities.ledger.decisions.terms import terms_of
from yigongti.capabilities.ledger.models import Clause, ClauseUnit, Content, Part, PolicyDocument, SourceFile, Target
from yigongti.capabilities.ledger.reading import read
from yigongti.capabilities.ledger.selectors.documents import candidates
from yigongti.capabilities.ledger.services.reviewing import parts_of
from yigongti.capabilities.ledger.workflow import POLICY_DOCUMENT
from yigongti.kernel.errors import Refusal
from yigongti.kernel.ids import new_id
from yigongti.spine.audit import trail
from yigongti.spine.cases.engine import Parties, open_case

PREAMBLE = ("序", "结")
"""Clause numbers that the reader gives to what stands before and after the numbered clauses."""
COUNTY = Parties(institution_id=None)
_LONGEST_TITLE = 200


def import_file(data: bytes, *, name: str, by: Any, at: datetime) -> list[PolicyDocument]:
    """Read a file and store it with its documents as drafts; returns them in the order of the file.

    by: an account of the bureau, or SYSTEM_ACTOR.  Raises FileRefused where the file cannot be read, NotAllowed where
    `by` may not import, Refusal where the same file or document is in the ledger already; then nothing is stored.
    """
    reading = read(data, name=name).as_json()
    with transaction.atomic():
        content = keep(data)
        _must_be_new(content, reading["documents"])
        file = SourceFile.objects.create(
            content=content, name=name[-255:], reading=reading, received_at=at, received_by_id=by.pk
        )
        found = [_open(file, place, by=by, at=at) for place in range(len(reading["documents"]))]
        said = {"name": file.name, "sha256": content.pk, "documents": [document.pk for document in found]}
        trail.record("import_policy_file", actor=by.username, at=at, subject=f"file:{file.pk}", detail=said)
    return found


def keep(data: bytes) -> Content:
    """The bytes stored, once for all files that hold the same; the row is held until the transaction ends."""
    sha256 = hashlib.sha256(data).hexdigest()
    Content.objects.get_or_create(sha256=sha256, defaults={"data": data, "size": len(data)})
    held: Content = Content.objects.select_for_update().defer("data").get(pk=sha256)
    return held


def describe(case: PolicyDocument, *, data: Mapping[str, Any], by: Any, at: datetime) -> None:
    """The effect of opening a document: its columns as the reader found them."""
    read_as = _read_as(case)
    case.number, case.issuer = read_as["number"] or "", read_as["issuer"] or ""
    case.issued_on = date.fromisoformat(read_as["issued_on"]) if read_as["issued_on"] else None
    case.level = level_of(case.issuer, case.title)


def _read_as(document: PolicyDocument) -> dict[str, Any]:
    found: dict[str, Any] = document.file.reading["documents"][document.place]
    return found


def _must_be_new(content: Content, documents: Sequence[Mapping[str, Any]]) -> None:
    live = PolicyDocument.objects.exclude(state="discarded")
    if same := live.filter(file__content=content).select_related("file").first():
        raise Refusal(
            f"这份文件已经在台账里:《{same.title}》",
            where=same.file.name,
            why=f"{same.opened_at:%Y-%m-%d} 导入过内容完全相同的文件",
            remedy="请直接打开该文件;确需重新读取的,请先弃用原来的草稿",
        )
    for each in documents:
        same = live.filter(title=each["title"][:_LONGEST_TITLE], number=each["number"] or "").first()
        if same:
            raise Refusal(
                f"《{each['title']}》已经在台账里",
                where=each["number"] or "",
                why=f"{same.opened_at:%Y-%m-%d} 已导入标题和文号相同的文件",
                remedy="请直接打开该文件;若是修订后的新文件,请先核对标题和文号",
            )


def _open(file: SourceFile, place: int, *, by: Any, at: datetime) -> PolicyDocument:
    title = file.reading["documents"][place]["title"][:_LONGEST_TITLE]
    data = {"file": file.pk, "place": place, "title": title}
    document = open_case(POLICY_DOCUMENT.id, parties=COUNTY, by=by, at=at, request_id=new_id(), data=data)
    assert isinstance(document, PolicyDocument)
    _store_clauses(document)
    return document


def _store_clauses(document: PolicyDocument) -> None:
    read_as = _read_as(document)["clauses"]
    above = {tuple(each["path"][:-1]) for each in read_as}
    clauses = [_clause(document, place, each, above) for place, each in enumerate(read_as)]
    Clause.objects.bulk_create(clauses)
    pairs = list(zip(clauses, read_as, strict=True))
    ClauseUnit.objects.bulk_create(unit for clause, each in pairs for unit in _units(clause, each))
    Target.objects.bulk_create(target for clause, each in pairs for target in _targets(clause, each))


def _clause(document: PolicyDocument, place: int, read_as: Mapping[str, Any], above: set[tuple[str, ...]]) -> Clause:
    asks = bool(read_as["targets"] or read_as["lead"] or read_as["support"] or read_as["responsible"])
    is_leaf = read_as["id"] not in PREAMBLE and bool(read_as["text"]) and tuple(read_as["path"]) not in above
    return Clause(
        document=document, place=place, number=read_as["id"][:60], path=read_as["path"], text=read_as["text"],
        heading=read_as["heading"][:300], is_task=asks or is_leaf, reading=dict(read_as),
    )  # fmt: skip


def _units(clause: Clause, read_as: Mapping[str, Any]) -> Iterator[ClauseUnit]:
    for name, part in parts_of({part: read_as[part] for part in Part}).items():
        yield ClauseUnit(clause=clause, name=name[:120], part=part)


def _targets(clause: Clause, read_as: Mapping[str, Any]) -> Iterator[Target]:
    for place, each in enumerate(read_as["targets"]):
        yield Target(
            clause=clause, place=place, kind=each["kind"], phrase=each["indicator"][:200], value=each["value"],
            comparator=each["comparator"], upper=each["upper"], unit=each["unit"][:20], per=each.get("per", "")[:60],
            due=each["due"] or "", quote=each["quote"][:200], unsure=each.get("unsure", "")[:200], reading=dict(each),
            indicator=_first_guess(each),
        )  # fmt: skip


def _first_guess(read_as: Mapping[str, Any]) -> str:
    """The indicator that clearly fits; a person confirms it with the target."""
    try:
        terms = terms_of(read_as["value"], read_as["unit"], per=read_as.get("per", ""), phrase=read_as["indicator"])
    except Refusal:
        return ""
    for words in (read_as["indicator"], read_as["quote"]):
        found = suggest(words, candidates(), unit=terms.unit, limit=1)
        if found and found[0].is_clear:
            return found[0].indicator
    return ""
