"""Which indicators stand in the cockpit, by whose it is; all others are one click away."""

from collections.abc import Mapping

from yigongti.capabilities.measure.api import Level

AREA = (
    "primary_visit_share",
    "visit_in_county_share",
    "inpatient_in_county_share",
    "fund_in_county_share",
    "primary_fund_share",
    "inpatient_cost_per_stay",
    "inpatient_cost_growth",
    "key_group_contract_coverage",
    "hypertension_standard_management_rate",
    "referral_closure_rate",
    "exam_recognition_rate",
    "senior_postings_per_10k",
)
INSTITUTION = (
    "inpatient_cost_per_stay",
    "inpatient_cost_growth",
    "outpatient_cost_per_visit",
    "outpatient_cost_growth",
    "average_length_of_stay",
    "bed_occupancy",
    "readmission_30d_rate",
    "visits_per_physician_day",
    "booked_visit_share",
    "down_referral_ratio",
    "referral_accepted_in_time",
    "prescription_review_rate",
    "tcm_visit_share",
    "exam_recognition_rate",
    "hypertension_standard_management_rate",
    "diabetes_standard_management_rate",
    "long_prescription_share",
    "in_team_visit_share",
    "paid_contract_share",
    "operating_margin",
    "cash_months",
)
HEADLINES: Mapping[Level, tuple[str, ...]] = {
    Level.COUNTY: AREA,
    Level.CONSORTIUM: AREA,
    Level.ZONE: AREA,
    Level.TOWN: AREA,
    Level.LEVEL: INSTITUTION,
    Level.INSTITUTION: INSTITUTION,
}
TILES = 12
"""So many at most; an indicator without a value gives way to the next."""
