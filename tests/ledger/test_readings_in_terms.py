"""A target's words turned into indicators, units, days, levels and citations."""

from datetime import date

import pytest

from yigongti.capabilities.ledger.decisions.citing import cited_clauses
from yigongti.capabilities.ledger.decisions.closing import Judged, may_close
from yigongti.capabilities.ledger.decisions.differences import Set, differences
from yigongti.capabilities.ledger.decisions.dues import due_day
from yigongti.capabilities.ledger.decisions.lights import Light, Standing
from yigongti.capabilities.ledger.decisions.matching import Candidate, suggest
from yigongti.capabilities.ledger.decisions.origins import is_department_of, level_of
from yigongti.capabilities.ledger.decisions.terms import direction, terms_of
from yigongti.capabilities.ledger.workflow import POLICY_DOCUMENT, POLICY_TASK
from yigongti.kernel.errors import Refusal
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.roles import Role
from yigongti.kernel.workflow import problems

CANDIDATES = [Candidate(each.id, each.label, each.definition, each.unit) for each in REGISTRY.indicators.values()]


@pytest.mark.parametrize("workflow", [POLICY_DOCUMENT, POLICY_TASK], ids=lambda each: each.id)
def test_every_state_can_reach_an_end(workflow):
    assert problems(workflow) == []


@pytest.mark.parametrize(
    ("phrase", "unit", "indicator"),
    [
        ("家庭医生签约服务重点人群覆盖率", "ratio", "key_group_contract_coverage"),
        ("老年人、孕产妇、儿童等重点人群签约率", "ratio", "key_group_contract_coverage"),
        ("精神科执业(助理)医师数", "person_per_100k", "psychiatrists_per_100k"),
        ("每千人口注册护士数", "person_per_1000", "nurses_per_1000"),
        ("市域内住院人次占比", "ratio", "inpatient_in_county_share"),
        ("公立医院医疗技术服务收入占业务收入比例", "ratio", "medical_service_income_share"),
        ("重大慢性病过早死亡率", "ratio", "premature_mortality_4ncd"),
        ("互联网医院业务占比", "ratio", "internet_visit_share"),
    ],
)
def test_the_words_of_a_document_find_their_indicator(phrase, unit, indicator):
    first = suggest(phrase, CANDIDATES, unit=unit)[0]
    assert first.indicator == indicator
    assert first.is_clear


@pytest.mark.parametrize("phrase", ["新增院前医疗急救站点", "居民健康素养", "引进研究人员", "院士工作站", ""])
def test_what_nothing_measures_is_given_no_indicator(phrase):
    assert not [each for each in suggest(phrase, CANDIDATES) if each.is_clear]


@pytest.mark.parametrize(
    ("value", "unit", "per", "kind", "expected", "number"),
    [
        (35, "%", "", "ratio", "ratio", "0.35"),
        (6, "名/10万", "", "number", "person_per_100k", "6"),
        (3.39, "人", "每千人", "number", "person_per_1000", "3.39"),
        (80, "1:n", "", "number", "patient_per_worker", "80"),
        (5000, "万元", "每年", "money", "wan_yuan", "5000"),
        (6.8, "亿元", "", "money", "wan_yuan", "68000.0"),
        (6, "个月", "", "duration", "month", "6"),
        (2, "次", "每年", "number", "times_per_year", "2"),
        (10, "万人次", "", "number", "times", "100000"),
    ],
)
def test_units_as_written_become_the_units_of_rules(value, unit, per, kind, expected, number):
    terms = terms_of(value, unit, per=per)
    assert (terms.kind, terms.unit, str(terms.value)) == (kind, expected, number)


def test_a_unit_that_rules_do_not_have_is_refused_with_what_to_do():
    with pytest.raises(Refusal, match="单位"):
        terms_of(3, "筐")


def test_a_plain_count_and_one_to_n_point_as_their_indicator_does():
    assert direction("=", better="lower", unit="个") == "lower"
    assert direction(">=", better="lower", unit="1:n") == "lower"
    assert direction(">=", better="lower", unit="%") == "higher"


def test_a_year_ends_on_its_last_day():
    assert due_day("2027") == date(2027, 12, 31)
    assert due_day("2024-06") == date(2024, 6, 30)
    assert due_day("") is None
    with pytest.raises(Refusal):
        due_day("明年")


@pytest.mark.parametrize(
    ("issuer", "title", "level"),
    [
        ("国务院办公厅", "", "nation"),
        ("云南省卫生健康委员会", "", "province"),
        ("常州市人民政府", "", "city"),
        ("重庆市巴南区人民政府办公室", "", "county"),
        ("上海市嘉定区深化医药卫生体制改革领导小组办公室", "", "county"),
        ("", "(浙江省)庆元县卫生健康事业发展规划", "county"),
    ],
)
def test_the_level_follows_from_who_issued_a_document(issuer, title, level):
    assert level_of(issuer, title) == level


def test_departments_are_known_by_their_names():
    assert is_department_of("区医保局", Role.INSURER)
    assert not is_department_of("区财政局", Role.BUREAU)


def test_a_registered_clause_is_given_to_the_closest_number():
    cited = cited_clauses(["二(一)", "二(一)1", "三(一)", "序"], ["1", "三(一)", "引言"])
    assert cited == {"二(一)1": "1", "三(一)": "三(一)", "序": "引言"}
    assert cited_clauses(["三(十一)"], ["11"]) == {"三(十一)": "11"}


def setting(document, wanted, *, level="county", day=None, due="2027"):
    return Set(f"t-{document}", document, level, day, "contract_coverage", "签约率", wanted, due)


def test_differences_stand_nearest_level_first_then_latest():
    province = setting("P", "≥75%", level="province", day=date(2025, 1, 1))
    old, new = setting("A", "≥80%", day=date(2020, 1, 1)), setting("B", "≥85%", day=date(2024, 1, 1))
    assert [[each.document_id for each in same] for same in differences([province, old, new])] == [["B", "A", "P"]]


def test_documents_that_agree_and_one_document_alone_are_no_difference():
    assert differences([setting("A", "≥80%"), setting("B", "≥80%")]) == []
    assert differences([setting("A", "≥80%"), setting("A", "≥85%")]) == []


def test_achieved_is_refused_where_the_measured_value_says_otherwise():
    behind = Judged("签约率", Standing(Light.AMBER, "behind"))
    unmeasured = Judged("医院数", Standing(Light.GREY, "unbound"))
    assert may_close("achieved", [behind]).refused
    assert may_close("achieved", [unmeasured]).allowed
    assert may_close("unachieved", [behind]).allowed
    assert may_close("ended", [unmeasured]).refused
    assert may_close("achieved", []).refused
    assert may_close("ended", []).allowed
