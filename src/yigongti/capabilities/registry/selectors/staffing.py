"""Who works in an institution: by profession and title, and who is posted to it or away from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from yigongti.kernel import clock
from yigongti.kernel.facts import COUNTY
from yigongti.spine.people.models import Posting, Staff

PROFESSIONS = COUNTY["staff"]["profession"].choices
TITLES = COUNTY["staff"]["title"].choices


@dataclass(frozen=True)
class Staffing:
    """titles: headings; lines: (profession, count by title, sum); general_practitioners: of all of them."""

    titles: Sequence[str]
    lines: Sequence[tuple[str, Sequence[int], int]]
    total: int
    general_practitioners: int


def staffing(institution_id: str) -> Staffing:
    """The people whom an institution employs today, by profession and title."""
    employed = working().filter(institution_id=institution_id)
    counted = employed.order_by().values_list("profession", "title").annotate(Count("pk"))
    found = {(profession, title or ""): count for profession, title, count in counted}
    titles = [title for title in (*TITLES, "") if any(title == key[1] for key in found)]
    lines = [
        (_(PROFESSIONS[profession]), counts, sum(counts))
        for profession in PROFESSIONS
        if sum(counts := [found.get((profession, title), 0) for title in titles])
    ]
    practitioners = employed.filter(general_practitioner=True).count()
    headings = [_(TITLES[title]) if title else _("未填") for title in titles]
    return Staffing(headings, lines, sum(found.values()), practitioners)


def working() -> "QuerySet[Staff]":
    """Staff who are employed today."""
    return Staff.objects.filter(Q(left_on__isnull=True) | Q(left_on__gte=clock.today()))


def posted() -> "QuerySet[Posting]":
    """Postings that are under way today."""
    today = clock.today()
    return Posting.objects.filter(Q(end_on__isnull=True) | Q(end_on__gte=today), start_on__lte=today)


def postings_of(institution_id: str) -> "QuerySet[Posting]":
    """Today's postings to an institution and away from it, the latest first."""
    ours = Q(to_institution_id=institution_id) | Q(from_institution_id=institution_id)
    found = posted().filter(ours).exclude(Q(to_institution_id=institution_id, from_institution_id=institution_id))
    return found.select_related("from_institution", "to_institution").order_by("-start_on", "pk")
