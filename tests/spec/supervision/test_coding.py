"""高套编码:同一核心病组里,伴有并发症的病例占比远高于同行。"""

import pytest

from supervision.scene import found, subjects

FAILURE, CATARACT, BRONCHITIS = "J96.000", "H25.900", "J20.900"


def cases(place, complicated, *, principal=BRONCHITIS, complication=FAILURE, count=100):
    """Cases of one disease at an institution, the first of them with a complication."""
    return [
        {"stay_id": f"{place}-{number:03}", "resident_id": f"{place}-{number}", "institution_id": place,
         "admitted_on": "2025-01-01", "discharged_on": f"2025-{number % 12 + 1:02}-20",
         "dx": [principal, complication] if number < complicated else [principal]}
        for number in range(count)
    ]  # fmt: skip


def test_an_institution_that_codes_complications_its_peers_never_see_is_looked_at():
    hits = found("upcoding", stay=[*cases("H1", 2), *cases("H2", 1), *cases("H3", 30)])
    assert {hit["institution_id"] for hit in hits} == {"H3"}
    assert len(hits) == 30


def test_peers_with_the_same_patients_are_not():
    assert subjects("upcoding", stay=[*cases("H1", 20), *cases("H2", 22), *cases("H3", 24)]) == []


def test_the_hit_names_the_core_group_it_was_compared_in():
    hits = found("upcoding", stay=[*cases("H1", 2), *cases("H2", 1), *cases("H3", 30)])
    assert hits[0]["note"] == "病组 ES3,主要诊断 J20.900,并发症 J96.000"


@pytest.mark.parametrize("complication", ["J96.000", "I50.900"], ids=["MCC", "CC"])
def test_ordinary_complications_of_the_scheme_count_like_severe_ones(complication):
    stays = [each for place, share in (("H1", 1), ("H2", 0), ("H3", 25))
             for each in cases(place, share, principal=CATARACT, complication=complication)]  # fmt: skip
    assert len(subjects("upcoding", stay=stays)) == 25


def test_diseases_of_one_core_group_are_compared_together():
    """Peers that have the same group's other diseases with the complication support it."""
    bronchitis = [*cases("H3", 25, principal="J20.900"), *cases("H1", 0, principal="J20.900", count=3)]
    others = [each for place in ("H1", "H2") for each in cases(place, 30, principal="J21.900")]
    assert subjects("upcoding", stay=[*bronchitis, *others]) == []


def test_a_diagnosis_that_is_no_complication_inflates_nothing():
    stays = [each for place, share in (("H1", 1), ("H2", 0), ("H3", 60))
             for each in cases(place, share, complication="I10.x00x002")]  # fmt: skip
    assert subjects("upcoding", stay=stays) == []


def test_a_stay_without_a_group_is_compared_with_its_disease():
    hits = found("upcoding", stay=[each for place, share in (("H1", 1), ("H2", 0), ("H3", 30))
                                   for each in cases(place, share, principal="没有这个编码")])  # fmt: skip
    assert len(hits) == 30
    assert hits[0]["note"].startswith("病种 没有这")
