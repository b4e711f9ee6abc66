"""People at work: how many, how qualified, where posted, how paid."""

from yigongti.capabilities.measure.facts.chronic import MANAGED
from yigongti.capabilities.measure.facts.institutions import CIRCUIT_DAYS, INSTITUTIONS, WITH_POSTINGS
from yigongti.capabilities.measure.facts.means import PAYROLL, PAYROLL_BY_PROFESSION
from yigongti.capabilities.measure.facts.people import POPULATION, SETTLED
from yigongti.capabilities.measure.facts.workforce import (
    POSTINGS_STARTED,
    RECRUITS,
    SENIOR_LONG_POSTINGS,
    STAFF,
)
from yigongti.kernel.indicators import AREAS, EVERY, SPAN, YEARLY_AREAS, Amount, Indicator, Rows

PERSON = "staff_id"
FEN_A_YUAN = 100
DAYS_A_WEEK = 7


def pay_per_person(rows: Rows) -> Amount:
    """Pay in the period per person paid, in yuan."""
    return rows.sum("amount_fen") / FEN_A_YUAN / rows.distinct(PERSON)


staff = STAFF.where(lambda person: person.in_county)
doctors = staff.where(lambda person: person.doctor)
hospital_pharmacists = staff.where(lambda person: (person.profession == "clinical_pharmacist") & ~person.primary)
villages = SETTLED.where(lambda place: place.kind == "village")
hospitals = INSTITUTIONS.where(lambda institution: ~institution.primary)
township_centres = WITH_POSTINGS.where(lambda institution: institution.institution_kind == "township_center")
primary_pay = pay_per_person(PAYROLL.where(lambda pay: pay.primary))
lead_pay = pay_per_person(PAYROLL.where(lambda pay: pay.lead))
public_health_pay = pay_per_person(PAYROLL_BY_PROFESSION.where(lambda pay: pay.profession == "public_health"))
everyone_pay = pay_per_person(PAYROLL_BY_PROFESSION.where(lambda pay: pay.amount_fen.notnull()))

WORKFORCE = (
    Indicator(
        "senior_postings_per_10k",
        label="每万常住人口中级及以上医师派驻基层人数", label_en="Senior physicians posted to base level per 10,000",
        definition="二级及以上机构中级及以上职称执业医师长期派驻县域基层机构、至期末满 6 个月的人数 "
        "÷ 常住人口(万人);巡诊和短期支援不计",
        definition_en="Physicians of attending title or above, employed at secondary level or above, with a long "
        "posting to a primary institution that reached 6 months by the end of the period "
        "÷ resident population in 10,000",
        dimension="workforce", unit="person_per_10k", better="higher",
        numerator=SENIOR_LONG_POSTINGS.distinct(PERSON), denominator=POPULATION / 10_000,
        group_by=YEARLY_AREAS, source="indicators-2024 指标4", on_rule_change="refuse", serves=("YN-10", "BN-3"),
    ),
    Indicator(
        "income_ratio_primary_to_lead",
        label="基层机构人均收入与牵头医院人均收入的比值",
        label_en="Pay at primary institutions to pay at lead hospitals",
        definition="基层医疗卫生机构期内人均薪酬 ÷ 牵头医院期内人均薪酬(人均按期内领薪人数计)",
        definition_en="Pay per person paid at primary institutions ÷ pay per person paid at lead hospitals",
        dimension="workforce", unit="ratio", better="higher",
        numerator=primary_pay, denominator=lead_pay,
        group_by=("month", "consortium"), source="indicators-2024 指标6", serves=("YN-12", "BN-20"),
    ),
    Indicator(
        "physicians_per_1000",
        label="每千常住人口执业(助理)医师数", label_en="Physicians per 1,000",
        definition="期末县域内在职执业医师和执业助理医师数 ÷ 常住人口(千人)",
        definition_en="Physicians and assistant physicians employed in the county ÷ resident population in 1,000",
        dimension="workforce", unit="person_per_1000", better="higher",
        numerator=doctors.count(), denominator=POPULATION / 1000,
        group_by=AREAS, target="measure.target.physicians_per_1000", source="banan-2024-5 6", serves=("BN-6",),
    ),
    Indicator(
        "nurses_per_1000",
        label="每千常住人口注册护士数", label_en="Nurses per 1,000",
        definition="期末县域内在职注册护士数 ÷ 常住人口(千人)",
        definition_en="Nurses employed in the county ÷ resident population in 1,000",
        dimension="workforce", unit="person_per_1000", better="higher",
        numerator=staff.where(lambda person: person.profession == "nurse").count(), denominator=POPULATION / 1000,
        group_by=AREAS, target="measure.target.nurses_per_1000", source="banan-2024-5 6", serves=("BN-6",),
    ),
    Indicator(
        "clinical_pharmacists_per_100_beds",
        label="每百张床位临床药师数", label_en="Clinical pharmacists per 100 beds",
        definition="期末县域内医院(基层机构除外)临床药师数 ÷ 编制床位(百张)",
        definition_en="Clinical pharmacists at in-county hospitals ÷ their beds in 100",
        dimension="workforce", unit="person_per_100_beds", better="higher",
        numerator=hospital_pharmacists.count(), denominator=hospitals.sum("beds") / 100,
        group_by=EVERY, target="measure.target.clinical_pharmacists_per_100_beds", source="banan-2024-5 6",
        serves=("BN-6",),
    ),
    Indicator(
        "psychiatrists_per_100k",
        label="每10万常住人口精神科执业(助理)医师数", label_en="Psychiatrists per 100,000",
        definition="期末县域内精神科执业(助理)医师数 ÷ 常住人口(10 万人)",
        definition_en="Physicians and assistant physicians of psychiatry in the county "
        "÷ resident population in 100,000",
        dimension="workforce", unit="person_per_100k", better="higher",
        numerator=doctors.where(lambda person: person.psychiatric).count(), denominator=POPULATION / 100_000,
        group_by=AREAS, target="measure.target.psychiatrists_per_100k", source="banan-2024-5 4", serves=("BN-4",),
    ),
    Indicator(
        "severe_patients_per_mental_worker",
        label="每名基层精防人员对应在册患者数", label_en="Severe patients per mental-health worker",
        definition="期末在管严重精神障碍患者数 ÷ 基层机构精神专业人员和心理治疗师数",
        definition_en="Managed patients with severe mental disorder ÷ mental-health workers at primary institutions",
        dimension="workforce", unit="patient_per_worker", better="lower",
        numerator=MANAGED.where(lambda enrolment: enrolment.programme == "severe_mental_disorder").distinct(
            "resident_id"
        ),
        denominator=staff.where(lambda person: person.mental_worker & person.primary).count(),
        group_by=AREAS, target="measure.target.severe_patients_per_mental_worker", source="banan-2024-5 4",
        serves=("BN-4",),
    ),
    Indicator(
        "general_practitioners_per_10k",
        label="每万常住人口全科医生数", label_en="General practitioners per 10,000",
        definition="期末县域内在职全科医生数 ÷ 常住人口(万人)",
        definition_en="General practitioners employed in the county ÷ resident population in 10,000",
        dimension="workforce", unit="person_per_10k", better="higher",
        numerator=staff.where(lambda person: person.general_practitioner).count(), denominator=POPULATION / 10_000,
        group_by=AREAS, target="measure.target.general_practitioners_per_10k", source="working-defaults 资源配置",
        serves=("BN-6",),
    ),
    Indicator(
        "township_attending_posting_coverage",
        label="有上级主治及以上医师长期派驻的乡镇卫生院占比",
        label_en="Township centres with a senior physician posted",
        definition="期末有二级及以上机构中级及以上职称医师长期派驻的乡镇卫生院数 ÷ 乡镇卫生院数",
        definition_en="Township centres with a physician of attending title or above on a long posting from secondary "
        "level or above ÷ township centres",
        dimension="workforce", unit="ratio", better="higher",
        numerator=township_centres.where(lambda institution: institution.senior_posted).count(),
        denominator=township_centres.count(),
        group_by=EVERY, target="measure.target.township_attending_posting_coverage", source="yunnan-2024-17 10",
        serves=("YN-10",),
    ),
    Indicator(
        "posting_share_of_recruits",
        label="下派人数与当年招聘执业医师数之比", label_en="Physicians posted down to physicians recruited",
        definition="期内开始长期派驻基层机构的执业(助理)医师人数 ÷ 期内二级及以上机构新进执业(助理)医师人数",
        definition_en="Physicians whose long posting to a primary institution began in the period "
        "÷ physicians recruited in it at secondary level or above",
        dimension="workforce", unit="ratio", better="higher",
        numerator=POSTINGS_STARTED.where(
            lambda posting: posting.doctor & posting.from_hospital & posting.long & posting.to_primary
        ).distinct(PERSON),
        denominator=RECRUITS.where(lambda person: person.doctor & person.hospital & person.in_county).count(),
        group_by=EVERY, target="measure.target.posting_share_of_recruits", source="banan-2024-5 9", serves=("BN-9",),
    ),
    Indicator(
        "village_circuit_days_per_week",
        label="每个行政村每周巡诊天数", label_en="Circuit days per village and week",
        definition="各行政村居民有巡诊就诊记录的天数之和 ÷ (行政村数 × 周数)",
        definition_en="Days on which residents of a village had circuit visits, over all villages ÷ (villages × weeks)",
        dimension="workforce", unit="days_per_week", better="higher",
        numerator=CIRCUIT_DAYS.count(), denominator=villages.sum(SPAN) / DAYS_A_WEEK,
        group_by=AREAS, target="measure.target.village_circuit_days_per_week", source="yunnan-2024-17 10",
        serves=("YN-10", "BN-1"),
    ),
    Indicator(
        "public_health_pay_ratio",
        label="公卫人员与本机构人均薪酬之比", label_en="Pay of public-health staff to average pay",
        definition="公共卫生人员期内人均薪酬 ÷ 全部人员期内人均薪酬",
        definition_en="Pay per public-health person ÷ pay per person",
        dimension="workforce", unit="ratio", better="higher",
        numerator=public_health_pay, denominator=everyone_pay,
        group_by=EVERY, target="measure.target.public_health_pay_ratio", source="banan-2024-5 20", serves=("BN-20",),
    ),
)  # fmt: skip
