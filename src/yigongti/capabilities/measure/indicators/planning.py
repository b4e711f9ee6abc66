"""Resources set against the population, and Traditional Chinese medicine."""

from yigongti.capabilities.measure.facts.encounters import IN_COUNTY_VISITS
from yigongti.capabilities.measure.facts.institutions import INSTITUTIONS, VILLAGES, WITH_DEPARTMENTS, WITH_VISITS
from yigongti.capabilities.measure.facts.people import POPULATION, SETTLED
from yigongti.capabilities.measure.facts.services import PRESCRIPTIONS
from yigongti.kernel.indicators import AREAS, EVERY, SEATS, Indicator, Proof

stations = INSTITUTIONS.where(lambda institution: institution.institution_kind == "community_station")
general_hospitals = WITH_DEPARTMENTS.where(
    lambda institution: institution.hospital & (institution.institution_kind == "county_hospital")
)
centres = WITH_VISITS.where(lambda institution: institution.centre)
township_visits = IN_COUNTY_VISITS.where(lambda visit: visit.institution_kind == "township_center")
tcm_hospital_prescriptions = PRESCRIPTIONS.where(lambda each: each.institution_kind == "tcm_hospital")

PLANNING = (
    Indicator(
        "beds_per_1000",
        label="每千常住人口床位数", label_en="Beds per 1,000",
        definition="期末县域内开放机构的编制床位数 ÷ 常住人口(千人)",
        definition_en="Beds of open in-county institutions ÷ resident population in 1,000",
        dimension="planning", unit="beds_per_1000", better="higher",
        numerator=INSTITUTIONS.sum("beds"), denominator=POPULATION / 1000,
        group_by=AREAS, target="measure.target.beds_per_1000", source="changzhou-2023 一", serves=("CZ-1",),
    ),
    Indicator(
        "villages_without_service",
        label="村级医疗服务空白点数", label_en="Villages without service",
        definition="期末没有基层医疗卫生机构,或有机构而无在岗和派驻人员的行政村数;服务人口低于规定数、期内有巡诊到达的除外",
        definition_en="Villages without a primary institution at which anyone is employed or posted, save those below "
        "the rule's population whose residents had circuit visits",
        dimension="planning", unit="place", better="lower",
        numerator=VILLAGES.where(lambda village: ~village.served).count(), denominator=None,
        group_by=AREAS, target="measure.target.villages_without_service", source="banan-2024-5 1",
        proofs=(Proof("no_denominator", VILLAGES.count(), scope="group"),), serves=("BN-1",),
    ),
    Indicator(
        "population_per_station",
        label="每个社区卫生服务站服务人口", label_en="People per community station",
        definition="社区常住人口 ÷ 期末社区卫生服务站数",
        definition_en="Resident population of communities ÷ open community stations",
        dimension="planning", unit="person_per_station", better="within",
        numerator=SETTLED.where(lambda place: place.kind == "community").sum("population"),
        denominator=stations.count(),
        group_by=AREAS, target="measure.target.population_per_station", source="banan-2024-5 1", serves=("BN-1",),
    ),
    Indicator(
        "geriatric_department_coverage",
        label="综合医院老年医学科设置率", label_en="General hospitals with geriatrics",
        definition="期内有老年医学科就诊或住院记录的二级及以上综合医院数 ÷ 二级及以上综合医院数",
        definition_en="General hospitals of secondary level or above with visits or stays in geriatrics ÷ all of them",
        dimension="planning", unit="ratio", better="higher",
        numerator=general_hospitals.where(lambda institution: institution.geriatrics).count(),
        denominator=general_hospitals.count(),
        group_by=SEATS, target="measure.target.geriatric_department_coverage", source="banan-2024-5 11",
        serves=("BN-11",),
    ),
    Indicator(
        "tcm_room_coverage",
        label="基层机构中医服务覆盖率", label_en="Centres that give TCM",
        definition="期内有中医诊疗的乡镇卫生院和社区卫生服务中心数 ÷ 乡镇卫生院和社区卫生服务中心数"
        "(以诊疗记录为中医馆运行的佐证)",
        definition_en="Township and community centres with TCM visits ÷ all of them (visits are the evidence of a TCM "
        "room at work)",
        dimension="tcm", unit="ratio", better="higher",
        numerator=centres.where(lambda institution: institution.gives_tcm).count(), denominator=centres.count(),
        group_by=SEATS, target="measure.target.tcm_room_coverage", source="banan-2024-5 13", serves=("BN-13", "CZ-15"),
    ),
)  # fmt: skip

TCM = (
    Indicator(
        "tcm_visit_share",
        label="县域内中医类诊疗量占比", label_en="Share of TCM visits",
        definition="县域内中医诊疗人次 ÷ 县域内诊疗人次",
        definition_en="TCM visits in the county ÷ visits in the county",
        dimension="tcm", unit="ratio", better="higher",
        numerator=IN_COUNTY_VISITS.where(lambda visit: visit.tcm).count(), denominator=IN_COUNTY_VISITS.count(),
        group_by=EVERY, source="indicators-2024 指标12", serves=("QY-1",),
    ),
    Indicator(
        "township_tcm_visit_share",
        label="乡镇卫生院中医诊疗人次占比", label_en="Share of TCM visits at township centres",
        definition="乡镇卫生院中医诊疗人次 ÷ 乡镇卫生院诊疗人次",
        definition_en="TCM visits at township centres ÷ visits at township centres",
        dimension="tcm", unit="ratio", better="higher",
        numerator=township_visits.where(lambda visit: visit.tcm).count(), denominator=township_visits.count(),
        group_by=EVERY, target="measure.target.township_tcm_visit_share", source="qingyuan-145 (2)", serves=("QY-1",),
    ),
    Indicator(
        "tcm_hospital_tcm_prescription_share",
        label="中医医院中药处方占比", label_en="Share of TCM prescriptions at TCM hospitals",
        definition="中医医院含中药饮片或中成药的处方数 ÷ 中医医院处方数",
        definition_en="Prescriptions at TCM hospitals with herbal or patent TCM ÷ prescriptions at TCM hospitals",
        dimension="tcm", unit="ratio", better="higher",
        numerator=tcm_hospital_prescriptions.where(lambda each: each.tcm).count(),
        denominator=tcm_hospital_prescriptions.count(),
        group_by=EVERY, target="measure.target.tcm_hospital_tcm_prescription_share", source="qingyuan-145 (2)",
        serves=("QY-1",),
    ),
)  # fmt: skip
