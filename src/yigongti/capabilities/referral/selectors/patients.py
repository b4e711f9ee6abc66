"""What the criteria look at: the person, the findings, and what the record says of the latest follow-ups."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yigongti.capabilities.referral.decisions.criteria import Findings, Judgement, Presentation, judge
from yigongti.capabilities.referral.decisions.parties import Party
from yigongti.capabilities.referral.models import Referral
from yigongti.kernel import clock
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.masking import age_on
from yigongti.spine.people.models import Identity, Resident
from yigongti.spine.places.models import Institution
from yigongti.spine.record.selectors import timeline

CHRONIC = ("hypertension", "diabetes", "copd")
SATISFIED = ("控制满意", "satisfactory")
"""What a follow-up that went well says."""
_FOLLOW_UPS = 12
_MEASURED = {"sbp": "sbp", "dbp": "dbp", "heart_rate": "heart_rate", "respiration": "respiration", "spo2": "spo2",
             "temperature": "temperature", "fbg": "glucose", "hba1c": "hba1c"}  # fmt: skip
"""Code of a measurement → the finding that it is."""


def judged(case: Referral, *, on: date) -> Judgement:
    """What the criteria of a day say of a referral as it was filled in."""
    return judgement(
        case.resident_id, direction=case.direction, reason_code=case.reason_code, findings=case.findings, on=on
    )


def judgement(resident_id: str, *, direction: str, reason_code: str, findings: Findings, on: date) -> Judgement:
    """What the criteria of a day say of a person with these findings.  Raises PolicyError where a rule is missing."""
    person = Resident.objects.get(pk=resident_id)
    patient = Presentation(
        direction=direction,
        reason_code=reason_code,
        age_years=age_on(on, born=person.birth_date),
        key_groups=frozenset(person.key_groups),
        findings=findings,
        uncontrolled_follow_ups=uncontrolled_follow_ups(resident_id),
    )
    return judge(patient, rules=county_rules().on(on))


def uncontrolled_follow_ups(resident_id: str) -> int:
    """How many of the latest follow-ups of a chronic disease in a row were not satisfactory."""
    count = 0
    for item in timeline(resident_id, tables=("follow_up",), limit=_FOLLOW_UPS):
        if item.facts.get("programme") not in CHRONIC:
            continue
        if item.facts.get("result") in (None, "", *SATISFIED):
            return count
        count += 1
    return count


def latest_findings(resident_id: str, *, on: date) -> dict[str, float]:
    """The measurements of the last days that the rule still takes over into a referral, newest of each."""
    within = county_rules().find("referral.measurement_valid_for", on=on)
    since = on - (within.after(on) - on)
    found: dict[str, float] = {}
    for item in timeline(resident_id, tables=("measurement",), since=since):
        for facts in item.lines or (item.facts,):
            name = _MEASURED.get(str(facts.get("code")))
            if name is not None and name not in found:
                found[name] = float(facts["value"])
    return found


def party(institution: Institution) -> Party:
    """An institution as the decisions see it."""
    return Party(
        institution.pk, institution.name, institution.kind or "", bool(institution.in_county), institution.closed_on
    )


@dataclass(frozen=True)
class Known:
    """A person as the page that writes a referral names them; the reader has opened their record."""

    resident_id: str
    name: str
    sex: str
    age: int


def known(person: Resident) -> Known:
    """Name, sex and age of a person."""
    name = Identity.objects.filter(pk=person.pk).values_list("name", flat=True).first() or person.pk
    age = age_on(clock.today(), born=person.birth_date, died=person.died_on)
    return Known(person.pk, name, _(person.get_sex_display() or ""), age)
