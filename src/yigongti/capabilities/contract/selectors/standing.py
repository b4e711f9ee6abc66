"""What a person has already: contracts made here and contracts that files brought."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import JSONField, Q, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from yigongti.capabilities.contract.decisions.signing import Held, Person
from yigongti.capabilities.contract.models import Contract, Member, Team, ValidContract
from yigongti.capabilities.contract.workflow import LIVE, PENDING
from yigongti.kernel import clock
from yigongti.spine.people.models import Resident
from yigongti.spine.places.models import Institution, Place
from yigongti.spine.record.entries import entry_shape
from yigongti.spine.record.models import Entry

DOCTORS = ("leader", "doctor")
DAY = timedelta(days=1)


def person(resident: Resident) -> Person:
    """What signing has to know of a person."""
    home = resident.place_id
    return Person(resident.died_on, home is None or Place.objects.filter(pk=home).exists())


def held(resident_id: str, *, besides: Sequence[str | None] = ()) -> list[Held]:
    """Every contract of a person that has not ended: agreed to or in force here, or brought by a file.

    besides: contracts that do not count, such as the one that is to be signed and the one that it replaces.
    """
    live = Contract.objects.filter(resident_id=resident_id, state__in=LIVE).exclude(pk__in=[*filter(None, besides)])
    own = [Held(each.start_on, each.end_on, each.team.name) for each in live.select_related("team")]
    return own + [_held(entry) for entry in loaded(resident_id)]


def loaded(resident_id: str) -> "QuerySet[Entry]":
    """The contracts of a person that files brought: those of the record that were not made here; with `end_on`."""
    made_here = Contract.objects.filter(resident_id=resident_id).values("pk")
    found = ending(Entry.objects.filter(resident_id=resident_id, table="contract"))
    return found.exclude(key__in=made_here).order_by("-day")


def valid_entries() -> "QuerySet[Entry]":
    """The contracts in everybody's record that are valid today."""
    today = clock.today()
    return ending(Entry.objects.filter(table="contract", day__lte=today)).filter(end_on__gte=today.isoformat())


def valid_now() -> "QuerySet[ValidContract]":
    """The contracts in force today, one a person."""
    today = clock.today()
    return ValidContract.objects.filter(start_on__lte=today, end_on__gte=today)


def of_teams_with(staff_id: str) -> Q:
    """Of contracts in force: those of the teams that somebody is a member of today."""
    present = Member.objects.filter(staff_id=staff_id, since__lte=clock.today()).exclude(until__lte=clock.today())
    return Q(team_id__in=present.values("team_id"))


def ending(entries: "QuerySet[Entry]") -> "QuerySet[Entry]":
    """Entries of contracts with the day (ISO text) on which they end, read from their line."""
    shape = entry_shape("contract")
    assert shape is not None
    place = shape.line.index("end_on")
    return entries.annotate(facts=Cast("line", JSONField())).annotate(end_on=Cast(KT(f"facts__{place}"), TextField()))


def doctors_of(team: Team, *, on: date) -> int:
    """How many family doctors a team has on a day."""
    return int(members(team, on=on).filter(duty__in=DOCTORS).count())


def members(team: Team, *, on: date) -> "QuerySet[Member]":
    """A team's members on a day."""
    return team.members.filter(since__lte=on).exclude(until__lte=on)


def people_of(team_id: str) -> int:
    """How many people a team has: with a valid contract, or one agreed to or proposed that has not begun."""
    coming = Contract.objects.filter(team_id=team_id, state__in=PENDING, predecessor__isnull=True)
    return int(ValidContract.objects.filter(team_id=team_id).count() + coming.count())


def _held(entry: Entry) -> Held:
    name = Institution.objects.filter(pk=entry.institution_id).values_list("name", flat=True).first()
    return Held(entry.day, date.fromisoformat(entry.end_on), name or entry.institution_id or "")
