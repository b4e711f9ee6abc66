"""五份文件规定了什么:每一行是一个目标或规则,依据哪一条,到什么时候。 What the five documents set, clause by clause."""

import re
from datetime import date
from decimal import Decimal

import cn2an
import pytest

from yigongti.kernel.rules import Band, RuleVersion

SEEDS = {
    "banan-2024-5": "000_0fc10b6ea138e3ac.txt", "qingyuan-145": "001_8367434ad873e87d.txt",
    "yunnan-2024-17": "002_adcb1981eaefc67a.txt", "jiading-2020-1": "003_f8fdda3a08071751.txt",
    "changzhou-2023": "004_f3b080aade65f6f0.txt",
}  # fmt: skip
MARKS = {"引言": r"为贯彻落实", "结语": r"系统工程", "(2)": r"^ *\(2\)", "(五)1(1)": r"^ *\(1\)"}
IN_WORDS = {
    "measure.target.public_health_pay_ratio",  # “不低于平均收入”:文件没有写 1
    "measure.monitoring_interval",  # “半年监测”
    "measure.evaluation_interval",  # “年度评估”“每年考核”
}
DAY = date(2025, 6, 30)

BANAN = """
第1条  registry.village_room_population                  <800 人            -
第1条  measure.target.villages_without_service           ≤0 个              -
第1条  registry.target.grade_a_township_centers          ≥35%               2027
第1条  measure.target.population_per_station             8,000—20,000 人/站 -
第1条  registry.target.community_hospitals               2—3 家             2027
第4条  measure.target.psychiatrists_per_100k             ≥6 人/10万常住人口 2025
第4条  measure.target.severe_patients_per_mental_worker  ≤80 患者/人        2025
第5条  quality.target.key_specialties                    >23 个专科         -
第6条  measure.target.physicians_per_1000                ≥3.39 人/千常住人口 2027
第6条  measure.target.nurses_per_1000                    ≥4 人/千常住人口   2027
第6条  measure.target.clinical_pharmacists_per_100_beds  ≥1 人/百张床位     2027
第6条  workforce.target.talents_recruited_per_year       ≥100 人/年         -
第7条  quality.emr_grade_secondary                       ≥3 级              -
第7条  quality.emr_grade_tertiary                        ≥4 级              -
第7条  pharmacy.prescription_review_everywhere           是                 2024
第9条  measure.target.posting_share_of_recruits          ≥80%               -
第10条 measure.target.contract_coverage_growth           约3 个百分点       -
第10条 measure.target.key_group_contract_coverage        ≥81%               2027
第11条 measure.target.geriatric_department_coverage      ≥100%              2027
第13条 measure.target.tcm_room_coverage                  ≥100%              -
第13条 followup.target.fine_tcm_rooms                    ≥20%               2027
第13条 followup.target.model_tcm_rooms                   ≥10%               2027
第20条 measure.target.public_health_pay_ratio            ≥100%              -
"""
QINGYUAN = """
(2)    workforce.target.tcm_training_share               ≥10%               -
(2)    measure.target.township_tcm_visit_share           ≥30%               2025
(2)    measure.target.tcm_hospital_tcm_prescription_share ≥60%              2025
(四)2  measure.target.medical_service_income_share       ≥35%               -
(四)2  measure.target.staff_cost_share                   约45%              -
专栏11 registry.zones                                    6 个               -
(四)4  measure.target.outpatient_cost_growth             ≤5%                -
(四)4  measure.target.inpatient_cost_growth              ≤5%                -
(四)5  supervision.target.medical_waste_online           ≥100%              -
"""
YUNNAN = """
第1条  ledger.meetings_per_year                          ≥2 次/年           -
第6条  diagnosis.shared_centers                          ≥5 个              2025
第10条 workforce.city_experts_per_consortium             ≥3 人              -
第10条 workforce.long_posting_duration                   ≥6 个月            -
第10条 measure.target.village_circuit_days_per_week      ≥2 日/周           -
第11条 booking.reserved_share                            ≥20%               -
第13条 payment.continuous_deductible                     是                 -
第14条 measure.monitoring_interval                       6 个月             -
"""
JIADING = """
第6条  registry.target.health_stations                   5 个               -
第7条  measure.target.key_group_contract_coverage        >65%               -
第7条  measure.target.long_term_care_contract_coverage   >95%               -
第13条 pharmacy.long_prescription_allowed                是                 -
"""
CHANGZHOU = """
一     measure.target.beds_per_1000                      ≥7 张/千常住人口   2025
第2条  registry.target.basic_village_rooms               ≥90%               -
二     measure.target.visit_in_county_share              ≥95%               2025
二     measure.target.inpatient_in_county_share          ≥92%               2025
二     measure.target.primary_visit_share                ≥60%               2025
第5条  followup.target.health_literacy                   ≥43%               2025
第5条  measure.target.premature_mortality_4ncd           <9%                2025
第6条  measure.target.medical_service_income_share       ≥35%               2025
第8条  quality.specialty_investment_per_year             ≥5,000 万元        -
第9条  workforce.target.innovation_teams                 10—15 个团队       2025
第11条 measure.target.internet_visit_share               ≥5%                -
第11条 diagnosis.target.cloud_film_share                 ≥80%               2025
第14条 emergency.target.new_stations                     13 个              -
第14条 emergency.target.certified_adults                 >1%                -
"""


def rows(pack: str, text: str) -> list[tuple[str, ...]]:
    return [
        (pack, *re.match(r"(\S+)\s+(\S+)\s+(.+?)\s+(\d{4}|-)$", line).groups()) for line in text.strip().split("\n")
    ]


STATED = [
    *rows("banan-2024", BANAN), *rows("qingyuan-145", QINGYUAN), *rows("yunnan-2024", YUNNAN),
    *rows("jiading-2020", JIADING), *rows("changzhou-2023", CHANGZHOU),
]  # fmt: skip


@pytest.mark.parametrize(("pack", "clause", "rule_id", "value", "due"), STATED)
def test_the_place_asks_for_this_value_in_this_clause_by_this_year(books, pack, clause, rule_id, value, due):
    version = books[pack].find(rule_id, on=DAY)
    assert version.pack == pack
    assert version.text == value
    assert version.source.text.endswith(f"{clause} {version.source.heading}")
    assert (str(version.due.year) if version.due else "-") == due


def test_banan_asks_for_81_percent_of_key_groups_under_contract_by_2027_in_clause_10(books):
    version = books["banan-2024"].find("measure.target.key_group_contract_coverage", on=DAY)
    assert version.label == "重点人群家庭医生签约覆盖率目标"
    assert (version.text, version.due) == ("≥81%", date(2027, 12, 31))
    assert version.source.text == (
        "《重庆市巴南区进一步完善医疗卫生服务体系实施方案》(巴南府办〔2024〕5号)第10条 家庭医生签约与居民档案"
    )
    assert version.confidence == "stated"


def test_a_place_that_says_nothing_falls_back_to_the_national_value_and_shows_so(books):
    version = books["banan-2024"].find("followup.visits_per_year", on=DAY)
    assert (version.number, version.level, version.confidence) == (4, "nation", "default")
    assert "工作默认值" in version.source.text


def test_each_place_switches_on_its_own_way_of_paying_with_its_clause(books):
    ways = {
        "banan-2024": "payment.drg", "qingyuan-145": "payment.drg_points", "yunnan-2024": "payment.global_budget",
        "jiading-2020": "payment.dip", "changzhou-2023": "payment.in_region_rate",
    }  # fmt: skip
    assert all(books[pack].switched_on(way) for pack, way in ways.items())
    assert not books["banan-2024"].switched_on("payment.dip")
    assert books["qingyuan-145"].switched_on("payment.outpatient_capitation")
    assert books["jiading-2020"].packs["jiading-2020"].capabilities["payment.dip"].clause == "11"


def test_two_hours_for_plague_and_a_day_for_the_others(books):
    rules = books["national"].on(DAY)
    assert "鼠疫" in rules["surveillance.urgent_diseases"].codes
    assert "流行性感冒" not in rules["surveillance.urgent_diseases"].codes
    assert rules["surveillance.urgent_report_within"].text == "≤2 小时"
    assert rules["surveillance.report_within"].text == "≤24 小时"


@pytest.mark.parametrize(
    ("cause", "group"),
    [("I21.9", "cardiovascular"), ("C34", "cancer"), ("J44.1", "respiratory"), ("E11.9", "diabetes"), ("V03", None)],
)
def test_the_four_chronic_diseases_are_told_from_other_causes_of_death(books, cause, group):
    codes = books["national"].find("measure.premature_mortality_causes", on=DAY).codes
    assert codes.group_of(cause) == group
    assert (cause in codes) == (group is not None)


@pytest.mark.parametrize("doc", SEEDS)
def test_every_number_said_to_be_stated_stands_in_the_clause_that_is_cited(books, shared, doc):
    text = (shared / "seeds" / SEEDS[doc]).read_text(encoding="utf-8").replace("\u3000", " ")
    clauses = cut(text, list(books["national"].documents[doc].clauses))
    versions = {each.key + each.rule_id: each for book in books.values() for each in book.citing(doc)}
    stated = [each for each in versions.values() if each.confidence == "stated" and each.rule_id not in IN_WORDS]
    numbers = [(each.rule_id, each.source.clause, number) for each in stated for number in numbers_of(each)]
    assert numbers
    assert [each for each in numbers if not any(form in clauses[each[1]] for form in written(each[2]))] == []


def cut(text: str, clauses: list[str]) -> dict[str, str]:
    """The text of each clause, from where it begins to where the next registered one begins, in their order."""
    starts = [0]
    for clause in clauses:
        begins = re.compile(MARKS.get(clause) or mark(clause), re.MULTILINE)
        found = begins.search(text, starts[-1])
        assert found, f"clause {clause} is not in the document, or not after the one before"
        starts.append(found.end())
    ends = [*starts[2:], len(text)]
    return {clause: text[start:end] for clause, start, end in zip(clauses, starts[1:], ends, strict=True)}


def mark(clause: str) -> str:
    """How a clause begins: 10 → `10.` or `(十)`; (四)2 → `2.`; 三(二) → `(二)`; 二 → `二、`."""
    number = re.search(r"\d+$", clause)
    if clause.isdigit():
        return rf"^ *(?:{clause}\.|\({cn2an.an2cn(int(clause))}\))"
    if clause.startswith("专栏"):
        return rf"^ *{clause}:"
    if number:
        return rf"^ *{number[0]}\."
    inner = re.search(r"\([一二三四五六]\)$", clause)
    return rf"^ *{re.escape(inner[0])}" if inner else rf"^{clause}、"


def numbers_of(version: RuleVersion) -> list[Decimal]:
    """The numbers of a rule: its own, or the ends of its bands; a ratio also as the per cent it was written in."""
    if isinstance(version.value, tuple):
        return [Decimal(end) for band in version.bands for end in ends(band)]
    return [Decimal(version.value)] if isinstance(version.value, int | Decimal) and version.kind != "yes_no" else []


def ends(band: Band) -> list[int | Decimal]:
    return [end for end in (band.low, band.high) if end is not None]


def written(number: Decimal) -> set[str]:
    """How a document may write a number: 35%, 0.8万, 20000, 六, 两, 前百强."""
    forms = {f"{number.normalize():f}", f"{(number * 100).normalize():f}%", f"{(number / 10000).normalize():f}万"}
    if number == number.to_integral_value() and number < 100:
        forms.add(cn2an.an2cn(int(number)))
    return forms | {2: {"两"}, 100: {"百强"}}.get(int(number), set())
