"""The stay that a referral led to: named by the hospital's file, or found by person, place and time."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.files.offices import brought, csv_file
from tests.referral.county import DAY, NOON, Cast, sent, step

from yigongti.analytics.lake import paths
from yigongti.capabilities.payment.decisions.deductible import LinkedStay, deductibles
from yigongti.capabilities.referral.api import link
from yigongti.capabilities.referral.models import Referral
from yigongti.kernel import clock
from yigongti.site.jobs import sync_live_facts
from yigongti.spine.county_rules import county_rules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
LATER = NOON + 20 * DAY


def stay(number: int, **changed: Any) -> dict[str, Any]:
    return {
        "stay_id": f"S{number}", "resident_id": "R1", "institution_id": "H1", "admitted_on": "2025-03-03",
        "discharged_on": "2025-03-10", "department": "心内科", "discharge_way": "1", "dx": "I21.1", "procedures": "",
        "age_years": "66", "sex": "female", "tcm": "0", "total_fen": "1000000", "fund_fen": "600000",
        "self_fen": "400000", "deductible_fen": "50000", "drug_fen": "0", "material_fen": "0", "exam_fen": "0",
        "lab_fen": "0", "service_fen": "1000000", "insured_as": "resident", "referral_id": "", **changed,
    }  # fmt: skip


@pytest.fixture
def bring(tmp_path: Any) -> Callable[..., None]:
    def come(*rows: dict[str, Any]) -> None:
        with clock.at(LATER):
            report = brought(csv_file(tmp_path / "stay.csv", rows))
        assert report.quarantined == 0, report

    return come


@pytest.fixture
def arrived(cast: Cast) -> Referral:
    case = sent(cast, by=cast.centre, from_institution_id="T1", to_institution_id="H1")
    step(case, "accept", cast.desk, {"arrangement": "心内科病房"})
    step(case, "arrive", cast.desk)
    with clock.at(LATER):
        sync_live_facts()
    return case


def linked() -> dict[str, str | None]:
    with clock.at(LATER):
        link(at=LATER)
    return {row["stay_id"]: row["referral_id"] for path in paths("stay") for row in pq.read_table(path).to_pylist()}


def test_the_first_stay_at_the_receiver_soon_after_arriving_is_the_referrals(arrived: Referral, bring: Any) -> None:
    bring(stay(1), stay(2, admitted_on="2025-03-05", discharged_on="2025-03-12"))
    assert linked() == {"S1": arrived.pk, "S2": None}
    arrived.refresh_from_db()
    assert (arrived.stay_id, arrived.matched_by) == ("S1", "time")


@pytest.mark.parametrize(
    "other",
    [
        {"institution_id": "H2"}, {"resident_id": "R2"}, {"admitted_on": "2025-03-07"},
        {"admitted_on": "2025-03-02", "discharged_on": "2025-03-02"},
    ],
    ids=["at another hospital", "of another person", "too late", "before it was sent"],
)  # fmt: skip
def test_a_stay_that_does_not_belong_is_not_linked(arrived: Referral, bring: Any, other: dict[str, str]) -> None:
    bring(stay(1, **other))
    assert linked() == {"S1": None}


def test_the_last_day_of_the_rule_still_counts(arrived: Referral, bring: Any) -> None:
    bring(stay(1, admitted_on="2025-03-06"))
    assert linked() == {"S1": arrived.pk}


def test_a_stay_that_names_its_referral_is_believed_before_the_calendar(arrived: Referral, bring: Any) -> None:
    bring(stay(1), stay(2, admitted_on="2025-03-08", referral_id=arrived.pk))
    assert linked() == {"S1": None, "S2": arrived.pk}
    arrived.refresh_from_db()
    assert (arrived.stay_id, arrived.matched_by) == ("S2", "number")


def test_the_same_file_once_more_loses_nothing(arrived: Referral, bring: Any) -> None:
    bring(stay(1))
    assert linked() == linked()
    bring(stay(1, total_fen="1000001", self_fen="400001", service_fen="1000001"))
    assert linked() == {"S1": arrived.pk}


def test_the_continuous_deductible_charges_a_linked_patient_the_difference_alone() -> None:
    def stays(*, linked: bool) -> list[LinkedStay]:
        return [LinkedStay("T", "primary", date(2025, 3, 1), date(2025, 3, 3), False),
                LinkedStay("S1", "secondary", date(2025, 3, 3), date(2025, 3, 10), linked)]  # fmt: skip

    on, off = (deductibles(stays(linked=linked), book=county_rules()) for linked in (True, False))
    assert on[1].deductible_fen < off[1].deductible_fen
    assert on[1].reason.rule_id == "payment.continuous_deductible"


def test_a_stay_that_turns_out_to_be_another_referrals_leaves_the_first(
    arrived: Referral, bring: Any, cast: Cast
) -> None:
    bring(stay(1))
    assert linked() == {"S1": arrived.pk}
    step(arrived, "end", cast.clinician, {"ending": "other", "reason": "转专科病区"}, at=NOON + DAY)
    again = sent(cast, by=cast.centre, from_institution_id="T1", to_institution_id="H1", at=NOON + DAY)
    step(again, "accept", cast.desk, {"arrangement": "心内科病房"}, at=NOON + DAY)
    step(again, "arrive", cast.desk, at=NOON + DAY)
    with clock.at(LATER):
        sync_live_facts()
    bring(stay(1, referral_id=again.pk))
    assert linked() == {"S1": again.pk}
    for case in (arrived, again):
        case.refresh_from_db()
    assert (arrived.stay_id, again.stay_id) == (None, "S1")
