"""Who a record is about: what its header says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404

from yigongti.capabilities.record.decisions.identity import Identity, age_on, shown_on
from yigongti.capabilities.record.selectors.wording import said
from yigongti.kernel import clock
from yigongti.kernel.facts import COUNTY
from yigongti.spine.access.records import open_person
from yigongti.spine.people import models as people
from yigongti.spine.people.models import Resident
from yigongti.spine.places.models import Institution
from yigongti.spine.record.selectors import TimelineItem, timeline

STANDING = ("contract", "enrolment", "allergy")


@dataclass(frozen=True)
class Contract:
    """The contract that is in force: with whom, which team and package, until when."""

    institution: str
    team: str
    package: str
    end_on: date


@dataclass(frozen=True)
class Header:
    """identity: None where none has been loaded; programmes: those that have not ended."""

    resident_id: str
    identity: Identity | None
    sex: str
    born: date
    age: int
    place: str
    insured_as: str
    key_groups: Sequence[str]
    died_on: date | None
    contract: Contract | None
    programmes: Sequence[str]
    allergies: Sequence[str]


def header(resident_id: str, *, basis: str) -> Header:
    """The header of a record, with as much of the identity as the basis shows.  Raises Http404 where a record is of
    nobody in the master index."""
    row = Resident.objects.select_related("place").filter(pk=resident_id).first()
    if row is None:
        raise Http404(f"no resident {resident_id}")
    table, standing = COUNTY["resident"], timeline(resident_id, tables=STANDING)
    whole = _identity(resident_id)
    return Header(
        resident_id=row.pk,
        identity=shown_on(basis, whole) if whole else None,
        sex=said(table["sex"], row.sex),
        born=row.birth_date,
        age=age_on(clock.today(), born=row.birth_date, died=row.died_on),
        place=row.place.name if row.place_id and row.place else "",
        insured_as=said(table["insured_as"], row.insured_as),
        key_groups=[said(table["key_groups"], group) for group in row.key_groups],
        died_on=row.died_on,
        contract=_contract(standing),
        programmes=_programmes(standing),
        allergies=[_allergy(item) for item in standing if item.table == "allergy"],
    )


def revealed(resident_id: str, *, to: Any) -> Identity | None:
    """Name, ID number and phone in the clear for somebody who may see the record; the look is audited as such.

    Raises Http404 where they may not.  None where no identity has been loaded.
    """
    open_person(to, resident_id=resident_id, purpose="identity")
    return _identity(resident_id)


def _identity(resident_id: str) -> Identity | None:
    row = people.Identity.objects.filter(pk=resident_id).first()
    return Identity(row.name, row.id_number or "", row.phone or "", is_whole=True) if row else None


def _contract(standing: Sequence[TimelineItem]) -> Contract | None:
    valid = (item for item in standing if item.table == "contract" and _ends(item) >= clock.today())
    latest = next(valid, None)
    if latest is None:
        return None
    institution = Institution.objects.filter(pk=latest.institution_id).values_list("name", flat=True).first()
    facts = latest.facts
    return Contract(institution or "", facts.get("team_id", ""), facts.get("package", ""), _ends(latest))


def _programmes(standing: Sequence[TimelineItem]) -> list[str]:
    table = COUNTY["enrolment"]
    open_now = [item for item in standing if item.table == "enrolment" and _ends(item) >= clock.today()]
    return list(dict.fromkeys(said(table["programme"], item.facts["programme"]) for item in open_now))


def _allergy(item: TimelineItem) -> str:
    facts: dict[str, Any] = item.facts
    return str(facts.get("substance_name") or facts["substance_code"])


def _ends(item: TimelineItem) -> date:
    end = item.facts.get("end_on")
    return date.fromisoformat(end) if end else date.max
