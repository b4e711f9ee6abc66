"""What truth.json says was planted is really in the tables — and, where it can be told, nothing else of the kind is."""

from datetime import date

from tests.demo.made import Made


def ids(found: list[tuple]) -> set:
    return {row[0] for row in found}


def pairs(found: list[tuple]) -> set:
    return set(found)


def test_the_county_says_that_it_is_invented(county: Made) -> None:
    assert county.truth["invented"] is True
    assert "虚构" in county.truth["notice"]
    assert "虚构" in (county.folder / "README.md").read_text(encoding="utf-8")


def test_every_kind_of_truth_has_its_sentence_and_its_ids(county: Made) -> None:
    for kind, told in county.truth["truths"].items():
        assert told["what"].endswith("。"), kind
        assert all(told[key] for key in told), kind


def test_nobody_serves_the_blank_villages(county: Made) -> None:
    blank = county.truth["truths"]["blank_villages"]["place_ids"]
    there = county.rows("select distinct place_id from institution")
    reached = county.rows(
        "select distinct place_id from visit join resident using (resident_id) where kind = 'circuit'"
    )
    assert ids(there + reached).isdisjoint(blank)
    assert county.number(f"select count(*) from place where kind = 'village' and place_id in {tuple(blank)}") == len(
        blank
    )


def test_the_villages_served_by_circuit_have_no_room_but_visits(county: Made) -> None:
    served = tuple(county.truth["truths"]["villages_served_by_circuit"]["place_ids"])
    assert county.number(f"select count(*) from institution where place_id in {served}") == 0
    reached = county.rows(f"""
        select distinct place_id from visit join resident using (resident_id)
        where kind = 'circuit' and place_id in {served}
    """)
    assert len(reached) > len(served) / 2  # in a county this small, a village of five may have nobody ill


def test_the_unstaffed_rooms_employ_and_receive_nobody(county: Made) -> None:
    rooms = tuple(county.truth["truths"]["unstaffed_rooms"]["institution_ids"])
    assert county.number(f"select count(*) from staff where institution_id in {rooms}") == 0
    assert county.number(f"select count(*) from posting where to_institution_id in {rooms}") == 0
    assert county.number(f"select count(*) from visit where institution_id in {rooms}") == 0


def test_the_outbreak_is_a_cluster_of_one_disease_in_one_village(county: Made) -> None:
    told = county.truth["truths"]["outbreak"]
    reports = county.rows(f"""
        select report_id, place_id, disease, onset_on from infectious_report
        where report_id in {tuple(told["report_ids"])}
    """)
    assert len(reports) == len(told["report_ids"])
    assert {(place, disease) for _, place, disease, _ in reports} == {(told["place_id"], told["disease"])}
    assert (date.fromisoformat(told["to"]) - date.fromisoformat(told["from"])).days <= 7
    visits = county.rows(f"select dx[1] from visit where visit_id in {tuple(told['visit_ids'])}")
    assert len(visits) == len(told["report_ids"])
    assert ids(visits) == {"A09.004"}


def test_upcoded_stays_carry_the_added_diagnosis(county: Made) -> None:
    told = county.truth["truths"]["upcoding"]
    for stay in told["stays"]:
        found = county.rows(f"select dx, institution_id from stay where stay_id = '{stay['stay_id']}'")
        dx, institution = found[0]
        assert stay["added_dx"] in dx[1:]
        assert institution == told["institution_id"]


def test_split_admissions_are_the_only_quick_returns_with_the_same_disease(county: Made) -> None:
    found = county.rows("""
        select a.stay_id, b.stay_id from stay a join stay b
        on a.resident_id = b.resident_id and a.institution_id = b.institution_id and a.dx[1] = b.dx[1]
        and a.department = b.department and b.admitted_on between a.discharged_on and a.discharged_on + 15
        and a.stay_id <> b.stay_id
        where a.dx[1] <> 'Z51.103' and b.discharge_way <> '5'
    """)
    assert pairs(found) == {tuple(pair) for pair in county.truth["truths"]["split_admissions"]["pairs"]}


def test_overlapping_stays_are_the_only_ones(county: Made) -> None:
    found = county.rows("""
        select least(a.stay_id, b.stay_id), greatest(a.stay_id, b.stay_id) from stay a join stay b
        on a.resident_id = b.resident_id and a.stay_id < b.stay_id
        and a.admitted_on < b.discharged_on and b.admitted_on < a.discharged_on
    """)
    told = county.truth["truths"]["overlapping_stays"]["pairs"]
    assert pairs(found) == {(min(pair), max(pair)) for pair in told}


def test_repeated_exams_are_the_only_ones_without_reason(county: Made) -> None:
    found = county.rows("""
        with done as (
            select *, lag(exam_id) over turn as earlier, lag(ordered_at) over turn as earlier_at
            from exam where recognised_exam_id is null
            window turn as (partition by resident_id, item_code order by ordered_at, exam_id)
        )
        select earlier, exam_id from done
        where repeat_reason is null and ordered_at - earlier_at < interval 7 days
    """)
    assert pairs(found) == {tuple(pair) for pair in county.truth["truths"]["repeated_exams"]["pairs"]}


def test_visits_after_death_are_the_only_ones(county: Made) -> None:
    found = county.rows("select visit_id from visit join resident using (resident_id) where day > died_on")
    assert ids(found) == set(county.truth["truths"]["visits_after_death"]["visit_ids"])


def test_duplicate_charges_are_the_only_ones(county: Made) -> None:
    told = county.truth["truths"]["duplicate_charges"]["charge_ids"]
    twice = county.rows("""
        select charge_id from charge qualify count(*) over (partition by encounter_id, item_code, day) > 1
    """)
    assert set(told) <= ids(twice)
    assert len(twice) == 2 * len(told)


def test_over_limit_charges_are_the_only_days_counted_more_than_once(county: Made) -> None:
    found = county.rows("select charge_id from charge where category in ('bed', 'nursing') and quantity > 1")
    assert ids(found) == set(county.truth["truths"]["over_limit_charges"]["charge_ids"])


def test_gender_conflicts_are_the_only_ones(county: Made) -> None:
    found = county.rows("""
        select charge_id from charge join resident using (resident_id)
        where (sex = 'male' and item_name in (
            '妇科彩超', '产科彩超', '乳腺彩超', '阴道分泌物检查', '人绒毛膜促性腺激素'))
        or (sex = 'female' and item_name = '前列腺特异性抗原')
    """)
    assert ids(found) == set(county.truth["truths"]["gender_conflict_charges"]["charge_ids"])


def test_items_by_another_name_are_the_only_ones_with_two_names(county: Made) -> None:
    found = county.rows("""
        select charge_id from charge qualify item_name <> mode(item_name) over (partition by item_code)
    """)
    assert ids(found) == set(county.truth["truths"]["swapped_charges"]["charge_ids"])


def test_what_the_countys_rule_base_limits_is_charged_against_it_only_where_planted(county: Made) -> None:
    told = county.truth["truths"]
    for name, query in {
        "age_conflict_charges": "item_name = '蓝光治疗' and day > birth_date + 28",
        "outpatient_monitoring_charges": "item_name = '心电监护' and encounter_id in (select visit_id from visit)",
        "included_charges": "item_name = '血氧饱和度监测'",
    }.items():
        found = county.rows(f"select charge_id from charge join resident using (resident_id) where {query}")
        assert ids(found) == set(told[name]["charge_ids"]), name


def test_nobody_else_is_given_drugs_for_more_than_twelve_weeks_at_once(county: Made) -> None:
    found = county.rows("select prescription_id || '/' || line from prescription_line where days > 84")
    assert ids(found) == set(county.truth["truths"]["over_prescribing"]["prescription_lines"])


def test_only_one_doctor_sees_more_people_a_day_than_can_be(county: Made) -> None:
    told = county.truth["truths"]["impossible_volume"]
    found = county.rows("""
        select institution_id, day from charge where category = 'registration'
        group by institution_id, prescriber_id, day having count(distinct encounter_id) > 120
    """)
    assert {(place, day.isoformat()) for place, day in found} == {(told["institution_id"], d) for d in told["days"]}


def test_patients_of_one_hospital_pay_most_just_before_and_after_a_stay(county: Made) -> None:
    around = county.rows("""
        with near as (
            select stay_id, any_value(stay.institution_id) as place, any_value(stay.total_fen) as cost,
            coalesce(sum(visit.total_fen), 0) as around
            from stay left join visit on visit.resident_id = stay.resident_id and (
                visit.day between admitted_on - 7 and admitted_on - 1
                or visit.day between discharged_on + 1 and discharged_on + 14)
            group by stay_id
        )
        select place from near group by place having count(*) >= 30 order by sum(around) / sum(cost) desc
    """)
    assert around[0][0] == county.truth["truths"]["cost_shifting"]["institution_id"]


def test_the_loss_maker_loses_what_is_told_and_nobody_else_loses_so_much(county: Made) -> None:
    told = county.truth["truths"]["loss_making_member"]
    margin = county.rows("""
        select institution_id, sum(amount_fen) filter (account like 'income%') as income,
        sum(amount_fen) filter (account like 'cost%') as cost from finance group by 1 order by (income - cost) / income
    """)
    worst, income, cost = margin[0]
    assert worst == told["institution_id"]
    assert income - cost == sum(told["result_fen_by_year"].values())
    assert (income - cost) / income < -0.1 < (margin[1][1] - margin[1][2]) / margin[1][1]


def test_outpatient_cost_explodes_at_one_centre(county: Made) -> None:
    told = county.truth["truths"]["exploding_outpatient_cost"]
    growth = county.rows(f"""
        select institution_id, avg(total_fen) filter (strftime(day, '%Y-%m') >= '2025-12')
        / avg(total_fen) filter (strftime(day, '%Y-%m') < '{told["from_month"]}') as growth
        from visit join institution using (institution_id) where institution.kind = 'township_center'
        group by 1 order by growth desc
    """)
    assert growth[0][0] == told["institution_id"]
    assert growth[0][1] > 1.6


def test_one_institution_reports_late(county: Made) -> None:
    told = county.truth["truths"]["late_infectious_reports"]
    late = county.rows("""
        select institution_id, avg((reported_at - diagnosed_at > interval 24 hours)::int) as late, count(*) as many
        from infectious_report group by 1 having many >= 5 order by late desc
    """)
    assert late[0][0] == told["institution_id"]
    assert late[0][1] > 0.4
