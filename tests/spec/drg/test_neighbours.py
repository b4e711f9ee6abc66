"""编码台的相邻组: one code less, another order, one complication more — by the shipped scheme."""

from yigongti.capabilities.payment.decisions.drg import explain
from yigongti.capabilities.payment.decisions.drg.neighbours import neighbours
from yigongti.capabilities.payment.services.drg import open_scheme

SCHEME = open_scheme("county-core")
STROKE = {
    "id": "1", "sex": "male", "age_years": 66, "dx": ["I63.900", "J96.000"], "procedures": [],
}  # fmt: skip


def beside(case):
    return {(each.change, each.code): each.drg for each in neighbours(case, SCHEME)}


def test_one_diagnosis_less_shows_which_one_the_group_rests_on():
    assert explain(STROKE, SCHEME).drg == "BR21"
    assert beside(STROKE)["without_dx", "J96.000"] == "BR25"


def test_another_diagnosis_as_the_principal_one_leads_elsewhere():
    assert beside(STROKE)["principal", "J96.000"].startswith("E")


def test_one_complication_more_is_told_by_its_kind_and_never_by_a_code():
    found = beside({**STROKE, "dx": ["I63.900"]})
    assert (found["mcc", ""], found["cc", ""]) == ("BR21", "BR23")
    assert {code for change, code in found if change in ("mcc", "cc")} == {""}


def test_procedures_are_taken_away_and_put_first_one_by_one():
    case = {**STROKE, "dx": ["K35.800"], "procedures": ["88.7600", "47.0100"]}
    found = beside(case)
    assert found["main_procedure", "47.0100"].startswith("GD1")
    assert found["without_procedure", "88.7600"].startswith("GD1")
    assert not found["without_procedure", "47.0100"].startswith("GD1")


def test_a_case_without_codes_has_no_neighbours():
    assert neighbours({**STROKE, "dx": []}, SCHEME) == ()
