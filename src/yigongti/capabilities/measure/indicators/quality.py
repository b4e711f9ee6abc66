"""Quality and efficiency of care in the county's hospitals."""

from yigongti.capabilities.measure.facts.encounters import IN_COUNTY_STAYS, IN_COUNTY_VISITS, STAYS_AFTER_STAYS
from yigongti.capabilities.measure.facts.institutions import INSTITUTIONS
from yigongti.capabilities.measure.facts.workforce import STAFF
from yigongti.kernel.indicators import EVERY, SPAN, Indicator, Parameter

READMISSION_WITHIN = "measure.readmission_within"
WORKING_DAYS = "measure.working_days_per_year"
DAYS_A_YEAR = 365

in_county_staff = STAFF.where(lambda person: person.in_county & (person.institution_kind != "village_room"))

QUALITY = (
    Indicator(
        "readmission_30d_rate",
        label="出院后短期再住院率", label_en="Readmission rate",
        definition="入院日距同一患者上次县域内出院不超过规定天数(30 天)的住院人次 ÷ 县域内住院人次",
        definition_en="In-county stays that began within the rule's days (30) after the same person's previous "
        "in-county discharge ÷ in-county stays",
        dimension="quality", unit="ratio", better="lower",
        numerator=STAYS_AFTER_STAYS.where(
            lambda stay, within: (stay.days_since_discharge >= 0) & (stay.days_since_discharge <= within.days),
            READMISSION_WITHIN,
        ).count(),
        denominator=STAYS_AFTER_STAYS.count(),
        group_by=EVERY, source="working-defaults 指标口径", serves=("BN-7",),
    ),
    Indicator(
        "average_length_of_stay",
        label="平均住院日", label_en="Average length of stay",
        definition="县域内出院者占用总床日(当日出入院计 1 天) ÷ 县域内出院人次",
        definition_en="Bed days of in-county discharges (a stay without a night is one day) ÷ discharges",
        dimension="quality", unit="day", better="lower",
        numerator=IN_COUNTY_STAYS.sum("days"), denominator=IN_COUNTY_STAYS.count(),
        group_by=EVERY, source="working-defaults 指标口径", serves=("BN-16", "CZ-7"),
    ),
    Indicator(
        "inpatient_mortality",
        label="住院死亡率", label_en="Inpatient mortality",
        definition="县域内离院方式为死亡的住院人次 ÷ 县域内出院人次",
        definition_en="In-county stays that ended in death ÷ in-county discharges",
        dimension="quality", unit="ratio", better="lower",
        numerator=IN_COUNTY_STAYS.where(lambda stay: stay.discharge_way == "5").count(),
        denominator=IN_COUNTY_STAYS.count(),
        group_by=EVERY, source="working-defaults 指标口径", serves=("BN-7",),
    ),
    Indicator(
        "bed_occupancy",
        label="床位使用率", label_en="Bed occupancy",
        definition="县域内出院者占用总床日 ÷ 县域内开放机构编制床位的总床日",
        definition_en="Bed days of in-county discharges ÷ bed days of the beds of open in-county institutions",
        dimension="quality", unit="ratio", better="within",
        numerator=IN_COUNTY_STAYS.sum("days"), denominator=INSTITUTIONS.sum("bed_days"),
        group_by=EVERY, target="measure.target.bed_occupancy", source="working-defaults 资源配置", serves=("CZ-1",),
    ),
    Indicator(
        "visits_per_physician_day",
        label="医师日均担负诊疗人次", label_en="Visits per physician and working day",
        definition="县域内(村卫生室除外)门急诊人次 ÷ (期末执业(助理)医师数 × 期间工作日),工作日按每年规定天数折算",
        definition_en="In-county visits, village rooms apart "
        "÷ (physicians at the end of the period × its working days)",
        dimension="quality", unit="visit_per_day", better="higher",
        numerator=IN_COUNTY_VISITS.where(lambda visit: visit.institution_kind != "village_room").count(),
        denominator=in_county_staff.where(lambda person: person.doctor).sum(SPAN)
        * Parameter(WORKING_DAYS) / DAYS_A_YEAR,
        group_by=EVERY, source="working-defaults 指标口径", serves=("BN-16",),
    ),
)  # fmt: skip
