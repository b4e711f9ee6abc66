"""Whom a team's institutions referred: what the record shows, and what is still under way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yigongti.capabilities.contract.models import Team, ValidContract
from yigongti.capabilities.contract.selectors.people import YEAR, Known, known
from yigongti.kernel import clock
from yigongti.kernel.clock import day_of
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.registry import REGISTRY
from yigongti.spine.cases.models import OPEN, Case
from yigongti.spine.places.models import Institution
from yigongti.spine.record.models import Entry
from yigongti.spine.record.selectors import facts_of

REFERRAL = "referral"
WORKFLOWS = (REFERRAL, "referral_down", "referral_out")
"""The services whose open cases are referrals under way."""


@dataclass(frozen=True)
class Referred:
    """One referral of a contracted person; state: how far it has come, in words; case_id and workflow: "" once over."""

    resident_id: str
    name: str
    is_visible: bool
    sent_on: date
    direction: str
    to: str
    state: str
    case_id: str = ""
    workflow: str = ""


def referred(teams: Sequence[Team], *, user: Any) -> list[Referred]:
    """The referrals of the last twelve months of the teams' people, the latest first."""
    contracted = ValidContract.objects.filter(team_id__in=[team.pk for team in teams]).values("pk")
    entries = Entry.objects.filter(resident_id__in=contracted, table=REFERRAL, day__gte=clock.today() - YEAR)
    recorded = {entry.key: (entry, facts_of(entry)) for entry in entries}
    cases = Case.objects.filter(OPEN, workflow__in=WORKFLOWS, resident_id__in=contracted)
    under_way = {case.pk: case for case in cases.select_related("counterpart")}
    ids = {entry.resident_id for entry, _facts in recorded.values()} | {case.resident_id for case in under_way.values()}
    people = known(ids, user=user)
    institutions = dict(Institution.objects.values_list("pk", "name"))
    found = [_recorded(*pair, people, institutions) for key, pair in recorded.items() if key not in under_way]
    found += [_open(case, recorded.get(key, (None, {}))[1], people) for key, case in under_way.items()]
    return sorted(found, key=lambda each: each.sent_on, reverse=True)


def _recorded(entry: Entry, facts: Mapping[str, Any], people: Known, institutions: Mapping[str, str]) -> Referred:
    to = facts.get("to_institution_id", "")
    return Referred(
        entry.resident_id, people.name(entry.resident_id), entry.resident_id in people.visible, entry.day,
        _direction(facts), institutions.get(to, to), _reached(facts),
    )  # fmt: skip


def _reached(facts: Mapping[str, Any]) -> str:
    steps = (
        ("closed_at", _("已结案")),
        ("returned_at", _("已回转")),
        ("arrived_at", _("已到院")),
        ("accepted_at", _("已接收")),
    )
    return next((label for name, label in steps if facts.get(name)), _("已发出"))


def _direction(facts: Mapping[str, Any]) -> str:
    return _(COUNTY[REFERRAL]["direction"].choices.get(facts.get("direction", ""), ""))


def _open(case: Case, facts: Mapping[str, Any], people: Known) -> Referred:
    """A referral under way; facts: what the record has of it already."""
    workflow = REGISTRY.workflows[case.workflow]
    to = case.counterpart.name if case.counterpart else ""
    return Referred(
        case.resident_id, people.name(case.resident_id), case.resident_id in people.visible, day_of(case.opened_at),
        _direction(facts) or _(workflow.label), to, _(workflow.states[case.state]), case.pk, case.workflow,
    )  # fmt: skip
