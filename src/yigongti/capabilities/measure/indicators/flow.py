"""Where people are treated: at base level, in the county, online, by appointment."""

from yigongti.capabilities.measure.facts.encounters import (
    IN_COUNTY_STAYS,
    IN_COUNTY_VISITS,
    INSURED_STAYS,
    STAYS_OF_RESIDENTS,
    VISITS_OF_RESIDENTS,
)
from yigongti.kernel.indicators import AREAS, EVERY, HOME, Indicator, Proof

HIGH_OPERATION = "measure.high_operation_from"

NO_OUT_OF_COUNTY = "no_out_of_county_facts"
VISITS_OUTSIDE = Proof(NO_OUT_OF_COUNTY, VISITS_OF_RESIDENTS.where(lambda visit: ~visit.in_county).count())
STAYS_OUTSIDE = Proof(NO_OUT_OF_COUNTY, STAYS_OF_RESIDENTS.where(lambda stay: ~stay.in_county).count())
"""Without the insurance's records of care outside the county, a share “in the county” would be 100 % of nothing."""

insured_stays = INSURED_STAYS.at(HOME)
outpatient_visits = IN_COUNTY_VISITS.where(lambda visit: visit.kind == "outpatient")
operations = IN_COUNTY_STAYS.where(lambda stay: stay.lead & (stay.operation_level >= 1))

FLOW = (
    Indicator(
        "primary_visit_share",
        label="县域内基层医疗卫生机构诊疗人次占比", label_en="Share of visits at primary institutions",
        definition="县域内乡镇卫生院、社区卫生服务中心和站、村卫生室、诊所的诊疗人次 "
        "÷ 县域内全部医疗卫生机构诊疗人次(不含药店)",
        definition_en="Visits at in-county township and community centres, stations, village rooms and clinics "
        "÷ visits at all in-county institutions, retail pharmacies apart",
        dimension="flow", unit="ratio", better="higher",
        numerator=IN_COUNTY_VISITS.where(lambda visit: visit.primary).count(), denominator=IN_COUNTY_VISITS.count(),
        group_by=AREAS, target="measure.target.primary_visit_share", source="indicators-2024 指标7",
        serves=("CZ-4t", "YN-15", "BN-19"),
    ),
    Indicator(
        "inpatient_in_county_share",
        label="参保人县域内住院人次占比", label_en="Share of insured people's stays in the county",
        definition="参保人在县域内的住院人次 ÷ 参保人的全部住院人次(县内+县外)",
        definition_en="Stays of insured people in the county ÷ their stays everywhere",
        dimension="flow", unit="ratio", better="higher",
        numerator=insured_stays.where(lambda stay: stay.in_county).count(), denominator=insured_stays.count(),
        group_by=AREAS, proofs=(STAYS_OUTSIDE,), target="measure.target.inpatient_in_county_share",
        source="indicators-2024 指标11", serves=("CZ-4t", "YN-5"),
    ),
    Indicator(
        "visit_in_county_share",
        label="县域内就诊率", label_en="Share of visits in the county",
        definition="居民在县域内的门急诊人次 ÷ 居民的全部门急诊人次(县内+县外,不含药店)",
        definition_en="Residents' visits in the county ÷ their visits everywhere, retail pharmacies apart",
        dimension="flow", unit="ratio", better="higher",
        numerator=VISITS_OF_RESIDENTS.where(lambda visit: visit.in_county).count(),
        denominator=VISITS_OF_RESIDENTS.count(),
        group_by=AREAS, proofs=(VISITS_OUTSIDE,), target="measure.target.visit_in_county_share",
        source="changzhou-2023 4", serves=("CZ-4t", "YN-5"),
    ),
    Indicator(
        "internet_visit_share",
        label="互联网诊疗人次占比", label_en="Share of internet visits",
        definition="县域内互联网诊疗人次 ÷ 县域内门急诊人次",
        definition_en="Internet visits in the county ÷ visits in the county",
        dimension="flow", unit="ratio", better="higher",
        numerator=IN_COUNTY_VISITS.where(lambda visit: visit.kind == "internet").count(),
        denominator=IN_COUNTY_VISITS.count(),
        group_by=EVERY, target="measure.target.internet_visit_share", source="changzhou-2023 11",
        serves=("CZ-11", "BN-14", "JD-5"),
    ),
    Indicator(
        "booked_visit_share",
        label="门诊预约诊疗率", label_en="Share of booked outpatient visits",
        definition="县域内预约的普通门诊人次 ÷ 县域内普通门诊人次",
        definition_en="Booked outpatient visits in the county ÷ outpatient visits in the county",
        dimension="flow", unit="ratio", better="higher",
        numerator=outpatient_visits.where(lambda visit: visit.booked).count(), denominator=outpatient_visits.count(),
        group_by=EVERY, source="banan-2024-5 14", serves=("BN-14", "JD-5"),
    ),
    Indicator(
        "level34_operation_share",
        label="牵头医院三四级手术占比", label_en="Share of grade-3 and 4 operations at lead hospitals",
        definition="牵头医院出院患者中三级、四级手术的人次 ÷ 有手术级别的出院人次",
        definition_en="Stays at lead hospitals with an operation of grade 3 or 4 ÷ stays with a graded operation",
        dimension="flow", unit="ratio", better="higher",
        numerator=operations.where(lambda stay, high: stay.operation_level >= high.number, HIGH_OPERATION).count(),
        denominator=operations.count(),
        group_by=EVERY, source="yunnan-2024-17 5", serves=("YN-5",),
    ),
)  # fmt: skip
