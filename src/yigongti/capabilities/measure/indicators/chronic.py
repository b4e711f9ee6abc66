"""Chronic disease, the elderly, severe mental disorder, and premature death."""

from collections.abc import Callable
from functools import reduce
from typing import Any

from yigongti.capabilities.measure.facts.chronic import (
    AGE_GROUPS,
    AGES,
    DAYS_A_YEAR,
    DEATHS,
    ENROLLED_WITH_FOLLOW_UPS,
    ENROLLED_WITH_MEASUREMENTS,
    ENROLLED_WITH_STAYS,
    PERSON_YEARS,
)
from yigongti.capabilities.measure.facts.people import RESIDENTS_WITH_CHECKUP
from yigongti.kernel.indicators import SEATS, SPAN, YEARLY_AREAS, Amount, Indicator, Parameter, Rows

PERSON = "resident_id"


def programme(name: str) -> Callable[[Any], Any]:
    """The test of an enrolment's programme."""
    return lambda enrolment: enrolment.programme == name


def survival(deaths: Rows, persons: Rows) -> Amount:
    """The probability of living through all age groups of the life table.

    For n-year groups with death rate M a person-year: ∏ (1 − n·M ÷ (1 + n/2·M)).
    """
    width = Parameter(AGES, "step")
    factors: list[Amount] = []
    for group in range(AGE_GROUPS):
        person_years = persons.where(_in(group)).sum(SPAN) / DAYS_A_YEAR
        rate = deaths.where(_in(group)).count() / person_years
        factors.append(1 - rate * width / (rate * width / 2 + 1))
    return reduce(lambda product, factor: product * factor, factors)


def _in(group: int) -> Callable[[Any], Any]:
    return lambda person: person.age_group == group


chronic = ENROLLED_WITH_STAYS.where(lambda enrolment: enrolment.programme.isin(("hypertension", "diabetes")))
hypertension, diabetes, mental = (
    ENROLLED_WITH_FOLLOW_UPS.where(programme(name)) for name in ("hypertension", "diabetes", "severe_mental_disorder")
)
pressure = ENROLLED_WITH_MEASUREMENTS.where(programme("hypertension"))
glucose = ENROLLED_WITH_MEASUREMENTS.where(programme("diabetes"))
elderly = RESIDENTS_WITH_CHECKUP.where(lambda person: person.elderly)
four_diseases = DEATHS.where(lambda death: death.four_diseases & death.age_group.notnull())
middle_aged = PERSON_YEARS.where(lambda person: person.age_group.notnull())

CHRONIC = (
    Indicator(
        "managed_chronic_admission_rate",
        label="县域内慢性病健康管理人群住院率", label_en="Admission rate of managed chronic patients",
        definition="期内在管的高血压、糖尿病患者中至少住院一次的人数 ÷ 期内在管的高血压、糖尿病患者人数",
        definition_en="People enrolled for hypertension or diabetes in the period with at least one stay "
        "÷ people enrolled",
        dimension="chronic", unit="ratio", better="lower",
        numerator=chronic.where(lambda enrolment: enrolment.admitted).distinct(PERSON),
        denominator=chronic.distinct(PERSON),
        group_by=SEATS, source="indicators-2024 指标13", serves=("CZ-5",),
    ),
    Indicator(
        "premature_mortality_4ncd",
        label="四类慢性病过早死亡率", label_en="Premature mortality from four diseases",
        definition="30—69 岁因心脑血管病、癌症、慢性呼吸系统疾病、糖尿病死亡的概率:按 5 岁年龄组死亡率以寿命表法计算,"
        "分子、分母为 30—69 岁四类病死亡数和期末人数",
        definition_en="Probability of dying between 30 and 70 of cardiovascular disease, cancer, chronic respiratory "
        "disease or diabetes, by life table from five-year age groups; numerator and denominator are the deaths and "
        "the people of these ages",
        dimension="chronic", unit="ratio", better="lower",
        numerator=four_diseases.count(), denominator=middle_aged.count(),
        value=1 - survival(four_diseases, middle_aged),
        group_by=YEARLY_AREAS, target="measure.target.premature_mortality_4ncd", source="indicators-2024 指标14",
        on_rule_change="refuse", serves=("CZ-5",),
    ),
    Indicator(
        "hypertension_standard_management_rate",
        label="高血压患者规范管理率", label_en="Standard management of hypertension",
        definition="面对面随访达到规定次数(每年 4 次,按在管天数折算)的在管高血压患者数 ÷ 在管高血压患者数",
        definition_en="Managed hypertension patients followed up face to face as often as required (4 a year, pro "
        "rata) ÷ managed hypertension patients",
        dimension="chronic", unit="ratio", better="higher",
        numerator=hypertension.where(lambda enrolment: enrolment.followed_up).distinct(PERSON),
        denominator=hypertension.distinct(PERSON),
        group_by=SEATS, target="measure.target.hypertension_standard_management_rate",
        source="working-defaults 随访与慢病", on_rule_change="refuse", serves=("BN-12", "CZ-5", "JD-4"),
    ),
    Indicator(
        "diabetes_standard_management_rate",
        label="糖尿病患者规范管理率", label_en="Standard management of diabetes",
        definition="面对面随访达到规定次数(每年 4 次,按在管天数折算)的在管糖尿病患者数 ÷ 在管糖尿病患者数",
        definition_en="Managed diabetes patients followed up face to face as often as required (4 a year, pro rata) "
        "÷ managed diabetes patients",
        dimension="chronic", unit="ratio", better="higher",
        numerator=diabetes.where(lambda enrolment: enrolment.followed_up).distinct(PERSON),
        denominator=diabetes.distinct(PERSON),
        group_by=SEATS, target="measure.target.diabetes_standard_management_rate",
        source="working-defaults 随访与慢病", on_rule_change="refuse", serves=("BN-12", "CZ-5", "JD-4"),
    ),
    Indicator(
        "hypertension_control_rate",
        label="高血压患者血压控制率", label_en="Blood pressure control",
        definition="期内最近一次血压达标(一般 140/90 以下,65 岁及以上 150/90 以下)的在管高血压患者数 "
        "÷ 在管高血压患者数;无测量视为未达标",
        definition_en="Managed hypertension patients whose latest pressure of the period is below the limit "
        "÷ managed hypertension patients; unmeasured counts as not controlled",
        dimension="chronic", unit="ratio", better="higher",
        numerator=pressure.where(lambda enrolment: enrolment.pressure_controlled).distinct(PERSON),
        denominator=pressure.distinct(PERSON),
        group_by=SEATS, source="working-defaults 随访与慢病", on_rule_change="refuse", serves=("BN-12", "CZ-5"),
    ),
    Indicator(
        "diabetes_control_rate",
        label="糖尿病患者血糖控制率", label_en="Blood glucose control",
        definition="期内最近一次空腹血糖低于规定界限的在管糖尿病患者数 ÷ 在管糖尿病患者数;无测量视为未达标",
        definition_en="Managed diabetes patients whose latest fasting glucose of the period is below the limit "
        "÷ managed diabetes patients; unmeasured counts as not controlled",
        dimension="chronic", unit="ratio", better="higher",
        numerator=glucose.where(lambda enrolment: enrolment.glucose_controlled).distinct(PERSON),
        denominator=glucose.distinct(PERSON),
        group_by=SEATS, source="working-defaults 随访与慢病", on_rule_change="refuse", serves=("BN-12", "CZ-5"),
    ),
    Indicator(
        "elderly_health_management_rate",
        label="老年人健康管理率", label_en="Health management of the elderly",
        definition="期内有健康体检或老年人随访的 65 岁及以上居民数 ÷ 期末 65 岁及以上居民数",
        definition_en="Residents of 65 and over with a check-up or an elderly follow-up in the period "
        "÷ residents of 65 and over at its end",
        dimension="chronic", unit="ratio", better="higher",
        numerator=elderly.where(lambda person: person.managed).count(), denominator=elderly.count(),
        group_by=YEARLY_AREAS, target="measure.target.elderly_health_management_rate",
        source="working-defaults 随访与慢病", on_rule_change="refuse", serves=("BN-12",),
    ),
    Indicator(
        "severe_mental_follow_up_rate",
        label="严重精神障碍患者规范随访率", label_en="Follow-up of severe mental disorder",
        definition="面对面随访达到规定次数(每年 4 次,按在管天数折算)的在管严重精神障碍患者数 ÷ 在管严重精神障碍患者数",
        definition_en="Managed patients with severe mental disorder followed up face to face as often as required "
        "(4 a year, pro rata) ÷ managed patients with severe mental disorder",
        dimension="chronic", unit="ratio", better="higher",
        numerator=mental.where(lambda enrolment: enrolment.followed_up).distinct(PERSON),
        denominator=mental.distinct(PERSON),
        group_by=SEATS, target="measure.target.severe_mental_follow_up_rate",
        source="public-health-2017 严重精神障碍", on_rule_change="refuse", serves=("BN-4", "BN-12"),
    ),
)  # fmt: skip
