"""Teams and who works in them; which of them somebody may see, and which are their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _

from yigongti.capabilities.contract.decisions.signing import LIMIT
from yigongti.capabilities.contract.models import Member, Team, ValidContract
from yigongti.capabilities.contract.selectors.standing import DOCTORS
from yigongti.kernel.facts import COUNTY
from yigongti.spine.access.scope import scope_of
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.models import Staff

SUPPORTING = ("secondary", "tertiary")
"""The levels of hospitals whose specialists support teams."""
MOST_OFFERED = 300


@dataclass(frozen=True)
class Named:
    """A team id of contracts that files brought, which nobody has described here; people: with a valid contract."""

    team_id: str
    institution_id: str
    people: int


def teams(user: Any) -> "QuerySet[Team]":
    """The teams that somebody may see: at their institutions, or with a member from there; with `people` (valid
    contracts), `doctors` and `limit` of people."""
    return _counted(Team.objects.filter(_visible(user))).select_related("institution").order_by("institution", "name")


def team_or_404(user: Any, key: str) -> Team:
    """One team.  Raises Http404 where there is none that the user may see."""
    found: Team | None = teams(user).filter(pk=key).first()
    if found is None:
        raise Http404("no team inside the user's scope")
    return found


def own_teams(user: Any) -> list[Team]:
    """The teams whose people somebody looks after: those they are a member of; else all they may see at their
    institutions.  Nobody's are all the county's."""
    visible = teams(user).filter(closed_on__isnull=True)
    mine = visible.filter(members__staff_id=user.staff_id, members__until__isnull=True) if user.staff_id else None
    if mine is not None and mine.exists():
        return list(mine)
    return [] if scope_of(user).whole_county else list(visible)


def members(team: Team) -> "QuerySet[Member]":
    """Everybody who is or was in a team, the leader first."""
    return team.members.select_related("staff__institution").order_by("until", "duty", "since")


def undescribed(user: Any) -> Sequence[Named]:
    """Teams that contracts name and that are not described here yet."""
    rows = ValidContract.objects.exclude(team_id__in=Team.objects.values("pk"))
    scope = scope_of(user)
    if not scope.whole_county:
        rows = rows.filter(institution_id__in=scope.institution_ids)
    counted = rows.values("team_id", "institution_id").annotate(people=Count("pk")).order_by("team_id")
    return [Named(**row) for row in counted]


def may_join(team: Team) -> list[tuple[str, str]]:
    """Whom a team can be joined by, to choose from: staff of its institution and of what belongs to it, and physicians
    of the county's hospitals who can support it; (staff id, who that is)."""
    present = Staff.objects.filter(left_on__isnull=True).exclude(
        pk__in=team.members.filter(until__isnull=True).values("staff_id")
    )
    own = Q(institution=team.institution_id) | Q(institution__parent=team.institution_id)
    above = Q(institution__level__in=SUPPORTING, institution__in_county=True, profession="physician")
    rows = present.filter(own | above).select_related("institution").order_by("institution_id", "pk")[:MOST_OFFERED]
    professions = COUNTY["staff"]["profession"].choices
    return [(row.pk, f"{row.institution.name} · {_(professions[row.profession])}") for row in rows]


def limit_of(team: Team, *, on: date) -> int:
    """How many people a team may have, by its family doctors and the rule of the day."""
    return int(county_rules().find(LIMIT, on=on).number) * int(team.doctors)


def _visible(user: Any) -> Q:
    scope = scope_of(user)
    if scope.whole_county:
        return Q()
    inside = sorted(scope.institution_ids)
    working = Member.objects.filter(Q(staff__institution_id__in=inside) | Q(staff_id=user.staff_id or ""))
    return Q(institution_id__in=inside) | Q(pk__in=working.filter(until__isnull=True).values("team_id"))


def _counted(found: "QuerySet[Team]") -> "QuerySet[Team]":
    return found.annotate(
        people=_count(ValidContract.objects.filter(team_id=OuterRef("pk")), by="team_id"),
        doctors=_count(Member.objects.filter(team=OuterRef("pk"), until__isnull=True, duty__in=DOCTORS), by="team"),
        supporters=_count(Member.objects.filter(team=OuterRef("pk"), until__isnull=True, duty="specialist"), by="team"),
    )


def _count(rows: QuerySet, *, by: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n")), 0)
