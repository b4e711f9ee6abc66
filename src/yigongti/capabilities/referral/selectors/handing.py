"""What a handover can be filled in with beforehand: what the next leg handed back, or what the record shows."""

from datetime import date
from typing import Any

from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.selectors.papers import done_at_receiver
from yigongti.kernel import clock
from yigongti.spine.county_rules import county_rules

FOLLOW_UP_WITHIN = "referral.first_follow_up_within"
FIELDS = ("discharge_diagnosis", "discharge_summary", "plan", "drugs", "warning_signs")


def suggested(case: Referral) -> dict[str, Any]:
    """Fields of the handover: those of the next leg where the patient came back from there; else diagnosis and drugs
    as the record shows them since the arrival; the follow-up on the rule's last day."""
    beyond = case.onward.filter(returned_at__isnull=False).order_by("-returned_at").first()
    if beyond is not None:
        return {**{name: getattr(beyond, name) or "" for name in FIELDS}, "drugs": beyond.drugs or [],
                "discharge_diagnosis": "、".join(beyond.discharge_diagnosis or ()), "follow_up_by": _day()}  # fmt: skip
    papers = done_at_receiver(case)
    drugs = [paper.text for paper in papers if paper.table == "prescription_line"]
    return {"discharge_diagnosis": "、".join(case.diagnosis), "drugs": drugs, "follow_up_by": _day()}


def _day() -> date:
    today = clock.today()
    return county_rules().find(FOLLOW_UP_WITHIN, on=today).after(today)
