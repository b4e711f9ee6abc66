"""统计类筛查规则:临界聚集、费用转移、挑选轻症、费用增长、偏离同类。"""

from datetime import date

import pytest

from supervision.scene import found, subjects
from yigongti.kernel.periods import Period


def stay(place, number, **changes):
    return {"stay_id": f"{place}-{number}", "resident_id": f"{place}-{number}", "institution_id": place,
            "admitted_on": "2025-03-01", "discharged_on": f"2025-{number % 12 + 1:02}-20", **changes}  # fmt: skip


def test_cases_bunched_just_beyond_a_payment_threshold():
    usual = [stay("H1", number, total_fen=500_000) for number in range(200)]
    beyond = [stay("H2", number, total_fen=1_010_000) for number in range(60)]
    (hit,) = found("threshold_bunching", stay=[*usual, *beyond])
    assert (hit["institution_id"], hit["measured"], hit["allowed"]) == ("H2", 60, 0)


def spread(number):
    return [stay(f"H{number}", each, discharged_on="2025-03-09") for each in range(40)]


def visits_around(number, fen):
    return [{"visit_id": f"V{number}-{each}", "resident_id": f"H{number}-{each}", "day": "2025-02-26",
             "total_fen": fen, "fund_fen": fen // 2, "institution_id": f"H{number}"} for each in range(40)]  # fmt: skip


def test_tests_moved_out_of_the_stay_show_up_before_it():
    stays = [each for number in range(1, 7) for each in spread(number)]
    usual = [each for number in range(1, 6) for each in visits_around(number, 5_000 + 500 * number)]
    (hit,) = found("cost_shifting", stay=stays, visit=[*usual, *visits_around(6, 200_000)])
    assert hit["institution_id"] == "H6"
    assert hit["evidence"][0] == "stay:H6-0"
    assert len(hit["evidence"]) == 40
    assert hit["measured"] == pytest.approx(40)


def test_a_hospital_that_turns_to_light_cases():
    def year(place, light_after):
        return [
            stay(place, number, dx=["J06.900"] if number < light else ["I21.900"], total_fen=cost,
                 discharged_on=day, stay_id=f"{place}{day}{number}")
            for light, day in ((50, "2025-03-01"), (light_after, "2025-10-01"))
            for number in range(100)
            for cost in [100_000 if number < light else 900_000]
        ]  # fmt: skip

    heavy = [stay("H3", number, dx=["K35.900"], total_fen=500_000) for number in range(30)]
    (hit,) = found("cream_skimming", stay=[*year("H1", 85), *year("H2", 50), *heavy])
    assert (hit["institution_id"], hit["measured"], hit["allowed"]) == ("H1", pytest.approx(85), pytest.approx(50))


def visits(place, year, mean, count=60):
    return [{"visit_id": f"{place}-{year}-{number}", "institution_id": place, "day": f"{year}-0{number % 6 + 1}-10",
             "total_fen": mean + (number % 7 - 3) * 300} for number in range(count)]  # fmt: skip


@pytest.mark.parametrize(("now", "hits"), [(10_000, 0), (10_500, 0), (14_000, 1)])
def test_cost_may_not_grow_by_more_than_the_rule_in_a_year(now, hits):
    rows = [*visits("H1", 2024, 10_000), *visits("H1", 2025, now)]
    assert len(subjects("outpatient_cost_growth", visit=rows)) == hits


def test_a_few_dear_visits_do_not_make_growth():
    rows = [*visits("H1", 2024, 10_000, count=20), *visits("H1", 2025, 20_000, count=20)]
    assert subjects("outpatient_cost_growth", visit=rows) == []


def test_an_institution_far_from_its_peers_and_what_the_forest_says():
    places = [{"institution_id": f"T{number}", "kind": "township_center"} for number in range(8)]
    rows = [each for number in range(8) for each in visits(f"T{number}", 2025, 10_000 + 200 * number)]
    rows += visits("T9", 2025, 30_000)
    (hit,) = found(
        "peer_outlier", visit=rows, institution=[*places, {"institution_id": "T9", "kind": "township_center"}]
    )
    assert hit["institution_id"] == "T9"
    assert "孤立森林" in hit["note"]


@pytest.mark.parametrize("detector", ["threshold_bunching", "cost_shifting"])
def test_what_is_said_of_an_institution_is_said_once_a_year_however_long_a_time_is_swept(detector):
    stays = [each for number in range(1, 7) for each in spread(number)]
    stays += [stay("H1", 100 + number, total_fen=1_010_000, discharged_on="2025-03-09") for number in range(60)]
    visits = [each for number in range(1, 6) for each in visits_around(number, 5_000 + 500 * number)]
    visits += visits_around(6, 200_000)
    whole, part = (
        subjects(detector, stay=stays, visit=visits, period=Period(date(2025, month, 1), date(2025, last, 30)))
        for month, last in ((1, 12), (2, 4))
    )
    assert whole == part != []
