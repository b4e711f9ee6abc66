"""Which of a case's diagnoses count as complications, by the scheme's tables and exclusions."""

import pyarrow as pa

from yigongti.capabilities.payment.decisions.drg.cases import complications
from yigongti.capabilities.payment.decisions.drg.compiled import compiled
from yigongti.capabilities.payment.services.drg import open_scheme

SCHEME = compiled(open_scheme("county-core"))


def counted(*cases):
    found = complications(pa.table({"dx": pa.array(cases, pa.list_(pa.string()))}), SCHEME)
    return list(zip(found["mcc"].to_pylist(), found["cc"].to_pylist(), strict=True))


def test_the_other_diagnoses_of_a_case_count_by_their_table():
    assert counted(["H25.900", "J96.000", "I10.x00x002", "I50.900"]) == [(["J96.000"], ["I50.900"])]


def test_the_principal_diagnosis_is_no_complication_of_its_own():
    assert counted(["J96.000"], ["I50.900", "N17.900"]) == [([], []), (["N17.900"], [])]


def test_a_complication_that_the_principal_diagnosis_excludes_does_not_count():
    assert counted(["I61.900", "I63.900"], ["H25.900", "I63.900"]) == [([], []), (["I63.900"], [])]


def test_cases_without_diagnoses_have_no_complications():
    assert counted([], None, ["H25.900"]) == [([], [])] * 3
    assert counted() == []
