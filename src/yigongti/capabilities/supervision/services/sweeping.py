"""A sweep with its consequences: hits kept as findings once and for all, and gathered into leads."""

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction

from yigongti import __version__
from yigongti.analytics import lake
from yigongti.analytics.lake.models import Part
from yigongti.capabilities.supervision.decisions.detector import Detector, Gather
from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.capabilities.supervision.models import Finding, Lead, Sweep
from yigongti.capabilities.supervision.services.grouping import with_groups
from yigongti.capabilities.supervision.services.rule_base import in_force, limits_in_force
from yigongti.capabilities.supervision.services.screening import READS, Found, Screened, screen
from yigongti.capabilities.supervision.workflow import SUPERVISION_LEAD
from yigongti.kernel.errors import Refusal
from yigongti.kernel.ids import new_id
from yigongti.kernel.periods import Period, month_end
from yigongti.kernel.rules import RuleBook, Rules
from yigongti.spine.cases.bulk import Draft, open_many
from yigongti.spine.cases.engine import Parties
from yigongti.spine.county_rules import county_rules
from yigongti.spine.places.models import Institution

_BATCH = 500
DATED = ("charge", "visit", "stay")
"""Fact tables whose months say what there is to sweep."""


@dataclass(frozen=True)
class Swept:
    """What a sweep came to: hits by detector, and how many of them were new, in how many new leads."""

    sweep_id: str
    period: Period
    lines: int
    hits: Mapping[str, int]
    amounts: Mapping[str, int]
    new_findings: int
    new_leads: int
    seconds: float


def chosen(ids: Iterable[str]) -> list[Detector]:
    """Detectors by id; all where none is named.  Raises Refusal on an unknown one."""
    wanted = list(dict.fromkeys(ids))
    if unknown := [name for name in wanted if name not in DETECTORS]:
        raise Refusal(f"没有筛查规则“{unknown[0]}”", why=f"现有:{'、'.join(DETECTORS)}", remedy="请核对编号")
    return [DETECTORS[name] for name in wanted] or list(DETECTORS.values())


def supposed(book: RuleBook, settings: Iterable[str]) -> RuleBook:
    """The book with parameters supposed: "split_admission.interval=30".  Raises Refusal on an unknown parameter."""
    values = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        detector, _, parameter = name.strip().partition(".")
        known = chosen([detector])[0].parameters
        if parameter not in known or not value.strip():
            raise Refusal(
                f"筛查规则“{detector}”没有参数“{parameter}”" if value.strip() else f"“{setting}”没有写值",
                why=f"它的参数有:{'、'.join(known) or '无'}", remedy="写成 规则.参数=值,如 split_admission.interval=30",
            )  # fmt: skip
        values[known[parameter]] = value.strip()
    return book.with_values(values)


def period_of_facts() -> Period:
    """From the first to the last month of encounters or charges in the lake.  Raises Refusal where it has none."""
    parts = Part.objects.filter(kind=Part.CURRENT, retired_at=None, table__in=DATED)
    months = sorted({month for month in parts.values_list("month", flat=True) if month[:4].isdigit()})
    if not months:
        raise Refusal("还没有就诊、住院或费用数据", remedy="请先用 yigongti load 装载数据")
    return Period(date.fromisoformat(f"{months[0]}-01"), month_end(date.fromisoformat(f"{months[-1]}-01")))


def look(detectors: Sequence[Detector], *, period: Period, book: RuleBook | None = None) -> Screened:
    """Screen the county's facts and keep nothing: what-if, or the first half of a sweep."""
    book = book or county_rules()
    sources = {table: [Path(path) for path in lake.paths(table)] for table in READS}
    grouped = with_groups(sources, detectors, rules=Rules(book, period.end))
    return screen(detectors, period=period, sources=grouped, book=book, limits=limits_in_force())


def sweep(*, period: Period | None = None, detectors: Iterable[str] = (), at: datetime) -> Swept:
    """Screen the facts, keep what is new as findings, open leads for them; a repeat of a sweep opens nothing.

    period: all there is where None.  Raises Refusal on an unknown detector or where there are no facts.
    """
    wanted, whole = chosen(detectors), period or period_of_facts()
    began = time.monotonic()
    screened = look(wanted, period=whole)
    seconds = time.monotonic() - began
    try:
        return keep(screened, seconds=seconds, at=at)
    except IntegrityError:  # another sweep kept some of the findings meanwhile: now they are known
        return keep(screened, seconds=seconds, at=at)


@transaction.atomic
def keep(screened: Screened, *, seconds: float, at: datetime) -> Swept:
    """Keep what a screening found."""
    fresh = _fresh(screened)
    record = Sweep.objects.create(
        period_start=screened.period.start, period_end=screened.period.end,
        detectors=[each.detector.id for each in screened.found], lines=screened.lines, new=len(fresh),
        rules={name: key for each in screened.found for name, key in each.rules.items()},
        editions=[str(edition) for edition in in_force()], seconds=seconds, at=at, code_version=__version__,
        hits=sum(each.hits.num_rows for each in screened.found),
    )  # fmt: skip
    leads = _leads(fresh, at=at)
    Finding.objects.bulk_create(
        [_finding(hit, leads[hit.key], record, screened.evidence) for hit in fresh], batch_size=_BATCH
    )
    hits = {each.detector.id: each.hits.num_rows for each in screened.found}
    amounts = {each.detector.id: sum(each.hits["amount_fen"].to_pylist()) for each in screened.found}
    opened = sum(lead.opened_at == at for lead in set(leads.values()))
    return Swept(record.pk, screened.period, screened.lines, hits, amounts, len(fresh), opened, seconds)


@dataclass(frozen=True)
class _Hit:
    """A hit that was not known: its detector, its row, and what it is recognised by."""

    detector: Detector
    row: Mapping[str, Any]
    rules: Mapping[str, str]
    fingerprint: str

    @property
    def month(self) -> str:
        return f"{self.row['day']:%Y-%m}"

    @property
    def key(self) -> tuple[str, str, str]:
        """What gathers hits into one lead."""
        alone = self.detector.gather is Gather.HIT
        return self.detector.id, self.row["institution_id"], self.fingerprint if alone else self.month


def fingerprint(detector_id: str, subject: str) -> str:
    """What makes a finding the same finding in every sweep."""
    return hashlib.sha256(f"{detector_id}\x1f{subject}".encode()).hexdigest()


def _fresh(screened: Screened) -> list[_Hit]:
    """Hits at institutions of the store that are not yet findings, each once."""
    institutions = set(Institution.objects.values_list("pk", flat=True))
    hits = {hit.fingerprint: hit for found in screened.found for hit in _hits(found)}
    known: set[str] = set()
    names = list(hits)
    for start in range(0, len(names), _BATCH):
        known |= set(
            Finding.objects.filter(fingerprint__in=names[start : start + _BATCH]).values_list("fingerprint", flat=True)
        )
    return [hit for name, hit in hits.items() if name not in known and hit.row["institution_id"] in institutions]


def _hits(found: Found) -> Iterable[_Hit]:
    for row in found.hits.to_pylist():
        yield _Hit(found.detector, row, found.rules, fingerprint(found.detector.id, row["subject"]))


def _leads(fresh: Sequence[_Hit], *, at: datetime) -> dict[tuple[str, str, str], Lead]:
    """The lead of every key: one that still waits to be handed out, else a new one."""
    gathered: dict[tuple[str, str, str], list[_Hit]] = defaultdict(list)
    for hit in fresh:
        gathered[hit.key].append(hit)
    waiting = _waiting(gathered)
    for key, lead in waiting.items():
        lead.amount_fen += sum(hit.row["amount_fen"] for hit in gathered[key])
        lead.save(update_fields=["amount_fen"])
    new = {key: hits for key, hits in gathered.items() if key not in waiting}
    names = dict(Institution.objects.values_list("pk", "name"))
    drafts = [_draft(hits, names) for hits in new.values()]
    notice = f"基金监管筛查发现 {len(drafts)} 条新线索,请分办"
    opened = open_many(SUPERVISION_LEAD.id, drafts, at=at, notice=notice)
    return {**waiting, **dict(zip(new, opened, strict=True))}


def _waiting(gathered: Mapping[tuple[str, str, str], Sequence[_Hit]]) -> dict[tuple[str, str, str], Lead]:
    months = {key for key, hits in gathered.items() if hits[0].detector.gather is Gather.MONTH}
    leads = Lead.objects.filter(state=SUPERVISION_LEAD.initial, detector__in={key[0] for key in months})
    found = {(lead.detector, lead.counterpart_id, f"{lead.day:%Y-%m}"): lead for lead in leads}
    return {key: lead for key, lead in found.items() if key in months}


def _draft(hits: Sequence[_Hit], names: Mapping[str, str]) -> Draft:
    first = min(hits, key=lambda hit: hit.row["day"])
    when = first.month if first.detector.gather is Gather.MONTH else f"{first.row['day']}"
    name = names[first.row["institution_id"]]
    data = {
        "detector": first.detector.id, "day": first.row["day"], "title": f"{first.detector.label} {name} {when}"[:200],
        "amount_fen": sum(hit.row["amount_fen"] for hit in hits),
    }  # fmt: skip
    return Draft(Parties(None, first.row["institution_id"]), new_id(), data)


def _finding(hit: _Hit, lead: Lead, record: Sweep, evidence: Mapping[str, Mapping[str, Any]]) -> Finding:
    row = hit.row
    return Finding(
        fingerprint=hit.fingerprint, lead=lead, sweep=record, detector=hit.detector.id,
        institution_id=row["institution_id"], resident_id=row["resident_id"], prescriber_id=row["prescriber_id"],
        day=row["day"], month=hit.month, amount_fen=row["amount_fen"], measured=row["measured"],
        allowed=row["allowed"], rules=dict(hit.rules),
        text=hit.detector.sentence(measured=row["measured"], allowed=row["allowed"], note=row["note"] or "")[:400],
        evidence=[{"name": name, "row": evidence[name]} for name in row["evidence"] if name in evidence],
    )  # fmt: skip
