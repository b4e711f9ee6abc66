"""What somebody may still rate, and what they rated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yigongti.capabilities.portal.models import Rating
from yigongti.capabilities.portal.selectors.naming import plain
from yigongti.capabilities.portal.services.rating import RATED, WITHIN
from yigongti.capabilities.record import api as record
from yigongti.kernel import clock
from yigongti.spine.county_rules import county_rules

MOST = 10


@dataclass(frozen=True)
class Ratable:
    """A visit or stay; stars: 0 while it is not rated."""

    table: str
    key: str
    day: date
    title: str
    institution: str
    stars: int = 0


def ratable(resident_id: str) -> Sequence[Ratable]:
    """The latest visits and stays inside the rule's days, newest first."""
    within, today = county_rules().find(WITHIN, on=clock.today()), clock.today()
    stories = [record.story(resident_id, record.Wanted(table=table), naming=plain()) for table in RATED]
    moments = [each for story in stories for each in story.moments]
    recent = [each for each in moments if within.after(each.day) >= today]
    stars = dict(Rating.objects.filter(resident_id=resident_id).values_list("key", "stars"))
    found = [
        Ratable(each.table, each.key, each.day, each.title, each.institution, stars.get(each.key, 0)) for each in recent
    ]
    return sorted(found, key=lambda each: each.day, reverse=True)[:MOST]
