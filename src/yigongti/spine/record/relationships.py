"""The relationships that a record itself shows: recent treatment, a contract, a care programme.

A capability that knows better (whether a contract is still valid) registers its own relationship of the same kind,
which then counts instead.
"""

from django.db.models import QuerySet

from yigongti.kernel import clock
from yigongti.spine.access.relationships import Relationship
from yigongti.spine.county_rules import county_rules
from yigongti.spine.record.models import Entry

TREATMENT = ("visit", "stay", "exam", "prescription_line", "referral")
PROGRAMME = ("enrolment", "follow_up")
LASTS = "record.treatment_relationship_lasts"


def _recent(*tables: str) -> QuerySet:
    """Entries of these tables from which the rule's duration has not passed yet."""
    today = clock.today()
    lasts = county_rules().find(LASTS, on=today)
    earliest = today - (lasts.after(today) - today)
    return Entry.objects.filter(table__in=tables, day__gte=earliest)


RECORDED = (
    Relationship("treatment", "诊疗关系", lambda: _recent(*TREATMENT)),
    Relationship("programme", "专案管理", lambda: _recent(*PROGRAMME)),
    Relationship("contract", "家庭医生签约", lambda: _recent("contract")),
)
