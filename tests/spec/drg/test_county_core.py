"""county-core, the small scheme that ships: our own, and named as what it is."""

import re
from pathlib import Path

import pyarrow as pa
import pytest

import yigongti
from yigongti.capabilities.payment.decisions.drg import Scheme, explain, group

FILE = Path(yigongti.__file__).parent / "policy" / "codes" / "drg" / "county-core.toml"


@pytest.fixture(scope="module")
def scheme():
    return Scheme.load(FILE)


def case(*dx, procedures=(), sex="female", age_years=45, **more):
    return {
        "id": "|".join(dx),
        "sex": sex,
        "age_years": age_years,
        "birth_weight_g": None,
        "dx": list(dx),
        "procedures": list(procedures),
        **more,
    }


def drg(scheme, *dx, **more):
    return group(pa.Table.from_pylist([case(*dx, **more)]), scheme).to_pylist()[0]["drg"]


def test_it_says_that_it_is_no_official_scheme(scheme):
    assert "非官方" in scheme.title
    assert "不能用于实际支付" in FILE.read_text(encoding="utf-8")


def test_it_has_all_26_major_categories_in_the_order_they_are_tried(scheme):
    assert len(scheme.mdcs) == 26
    assert [mdc.code for mdc in scheme.mdcs][:6] == ["MDCA", "MDCP", "MDCY", "MDCZ", "MDCM", "MDCN"]
    assert len(scheme.adrgs) >= 120


def test_a_severe_complication_moves_a_stroke_to_the_dearer_group(scheme):
    assert drg(scheme, "I63.900") == "BR25"
    assert drg(scheme, "I63.900", "E11.200") == "BR23"
    assert drg(scheme, "I63.900", "E11.200", "J96.000") == "BR21"


def test_a_complication_that_belongs_to_the_principal_diagnosis_does_not_count(scheme):
    assert drg(scheme, "I63.900", "I61.000") == "BR25"
    assert "不计" in " ".join(explain(case("I63.900", "I61.000"), scheme).lines())


def test_a_surgical_group_goes_before_the_medical_one(scheme):
    assert drg(scheme, "K35.800", procedures=["47.0100"]) == "GD15"
    assert drg(scheme, "K35.800") == "GX19"


def test_an_operation_of_another_category_is_ambiguous(scheme):
    assert drg(scheme, "I10.x00", procedures=["47.0100"]) == "FQY"


def test_newborns_are_grouped_by_their_weight(scheme):
    assert drg(scheme, "P07.100", age_years=0, birth_weight_g=1400) == "PR15"
    assert drg(scheme, "P07.100", age_years=0, birth_weight_g=2000) == "PR25"


def test_injuries_of_two_sites_are_multiple_trauma(scheme):
    assert drg(scheme, "S06.500", "S72.000") == "ZZ15"
    assert drg(scheme, "S06.500", "S06.000").startswith("BV1")


def test_common_county_illnesses_are_paid_alike_at_every_level(scheme):
    assert {"FT15", "DT15", "GW15", "ES15"} <= scheme.base_level
    assert scheme.base_level <= set(scheme.names)


def test_every_diagnosis_of_the_insurance_edition_has_a_group(scheme, shared):
    """Save the outer causes (V–Y), which are never principal."""
    lines = (shared / "data" / "terms" / "icd10-names.txt").read_text(encoding="utf-8").splitlines()
    codes = [line.split()[0] for line in lines if line.strip() and line[0] not in "VWXY"]
    male = re.compile(r"C6[0-3]|D29|D40|N4|N5[01]|Q5[345]")
    cases = [
        case(code, sex="male" if male.match(code) else "female", age_years=0 if code[0] == "P" else 45)
        for code in codes
    ]
    grouped = group(pa.Table.from_pylist(cases), scheme).to_pylist()
    assert [row["id"] for row in grouped if row["status"] != "grouped"] == []
