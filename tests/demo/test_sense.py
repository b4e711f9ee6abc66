"""Figures hang together: sums, links, ages, and what one table says of another."""

from datetime import date, timedelta

import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from tests.demo.made import Made

from yigongti.demo import demo, generate
from yigongti.kernel.errors import Refusal
from yigongti.kernel.facts import COUNTY

NOBODY_HAS_PROVINCE = "99"


def test_charges_sum_to_what_their_encounter_cost(county: Made) -> None:
    wrong = county.number("""
        with encounter as (
            select visit_id as encounter_id, institution_id, total_fen, fund_fen from visit
            union all select stay_id, institution_id, total_fen, fund_fen from stay
        ), charged as (select encounter_id, sum(amount_fen) as total, sum(fund_fen) as fund from charge group by 1)
        select count(*) from encounter join institution using (institution_id) left join charged using (encounter_id)
        where in_county and (total_fen <> coalesce(total, 0) or fund_fen <> coalesce(fund, 0))
    """)
    assert wrong == 0


def test_a_charge_is_quantity_times_price(county: Made) -> None:
    assert county.number("select count(*) from charge where quantity * unit_price_fen <> amount_fen") == 0


def test_a_charge_belongs_to_an_encounter_of_the_same_person_and_place_but_for_the_planted_dead(county: Made) -> None:
    stray = county.rows("""
        with encounter as (
            select visit_id as encounter_id, resident_id, institution_id, day as first, day as last from visit
            union all select stay_id, resident_id, institution_id, admitted_on, discharged_on from stay
        )
        select charge_id from charge left join encounter using (encounter_id, resident_id, institution_id)
        where first is null or day not between first and last
    """)
    assert {charge for (charge,) in stray} == set(county.truth["truths"]["charges_after_death"]["charge_ids"])


def test_nobody_outside_the_county_sends_charge_lines(county: Made) -> None:
    outside = "select count(*) from {} join institution using (institution_id) where not in_county"
    assert county.number(outside.format("charge")) == 0
    assert county.number(outside.format("visit")) > 0
    assert county.number(outside.format("stay")) > 0


def test_prescribers_work_where_they_prescribe(county: Made) -> None:
    stray = county.number("""
        select count(*) from charge join staff on prescriber_id = staff_id
        where charge.institution_id <> staff.institution_id or left_on < day or hired_on > day
    """)
    assert stray == 0


def test_linked_referrals_exist_and_concern_the_same_person(county: Made) -> None:
    for table in ("visit", "stay"):
        stray = county.number(f"""
            select count(*) from {table} left join referral using (referral_id)
            where referral_id is not null
            and (referral.resident_id is null or referral.resident_id <> {table}.resident_id
                 or to_institution_id <> {table}.institution_id)
        """)
        assert stray == 0
        assert county.number(f"select count(referral_id) from {table}") > 0


def test_a_referral_goes_forward_in_time(county: Made) -> None:
    backwards = county.number("""
        select count(*) from referral where accepted_at < sent_at or arrived_at < accepted_at
        or returned_at < arrived_at or closed_at < arrived_at or closed_at < returned_at
    """)
    assert backwards == 0


def test_who_comes_down_from_hospital_pays_no_deductible_again(county: Made) -> None:
    paid = county.number("""
        select count(*) from stay join referral using (referral_id) where direction = 'down' and deductible_fen > 0
    """)
    assert paid == 0
    assert county.number("select count(*) from stay join referral using (referral_id) where direction = 'down'") > 0


def test_nobody_is_treated_before_birth(county: Made) -> None:
    for table, day in (("visit", "day"), ("stay", "admitted_on"), ("follow_up", "day"), ("contract", "start_on")):
        query = f"select count(*) from {table} join resident using (resident_id) where {table}.{day} < birth_date"
        assert county.number(query) == 0, table


def test_the_dead_agree_with_the_residents(county: Made) -> None:
    died = "select resident_id, died_on from resident where died_on is not null order by 1"
    assert county.rows(died) == county.rows("select resident_id, day from death order by 1")


def test_ages_of_stays_are_completed_years(county: Made) -> None:
    wrong = county.number("""
        select count(*) from stay join resident using (resident_id)
        where age_years <> date_diff('year', birth_date, admitted_on)
        - (strftime(admitted_on, '%m%d') < strftime(birth_date, '%m%d'))::int
    """)
    assert wrong == 0


def test_key_groups_agree_with_age_and_programme(county: Made) -> None:
    wrong = county.number(f"""
        with aged as (
            select key_groups, date_diff('day', birth_date, date '{county.summary.end}') as days from resident
        )
        select count(*) from aged
        where list_contains(key_groups, 'elderly') <> (days >= 65 * 365.25) and abs(days - 65 * 365.25) > 2
    """)
    assert wrong == 0
    stray = county.number("""
        select count(*) from enrolment join resident using (resident_id)
        where not list_contains(key_groups, case programme when 'maternal' then 'pregnant' else programme end)
    """)
    assert stray == 0


def test_id_numbers_are_well_formed_and_nobodys(county: Made) -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rows = county.rows("""
        select id_number, strftime(birth_date, '%Y%m%d'), sex, phone from identity join resident using (resident_id)
    """)
    assert len({row[0] for row in rows}) == len(rows)
    for number, born, sex, phone in rows:
        assert number.startswith(NOBODY_HAS_PROVINCE)
        assert number[6:14] == born
        assert (int(number[16]) % 2 == 1) == (sex == "male")
        assert number[17] == "10X98765432"[sum(w * int(d) for w, d in zip(weights, number, strict=False)) % 11]
        assert phone is None or (len(phone) == 11 and phone.startswith("100"))


def test_a_recognised_exam_was_done_before_for_the_same_person(county: Made) -> None:
    stray = county.number("""
        select count(*) from exam a left join exam b on a.recognised_exam_id = b.exam_id
        where a.recognised_exam_id is not null
        and (b.resident_id is null or b.resident_id <> a.resident_id or b.item_code <> a.item_code
             or b.ordered_at > a.ordered_at or a.done_at is not null)
    """)
    assert stray == 0
    assert county.number("select count(recognised_exam_id) from exam") > 0


def test_nobody_has_two_contracts_at_once(county: Made) -> None:
    double = county.number("""
        select count(*) from contract a join contract b using (resident_id)
        where a.contract_id < b.contract_id and a.start_on <= b.end_on and b.start_on <= a.end_on
    """)
    assert double == 0


def test_population_is_the_people_who_live_there(county: Made) -> None:
    counted = "select place_id, count(*) from resident where died_on is null group by 1 order by 1"
    written = """
        select place_id, population from place
        where kind in ('village', 'community') and population > 0 order by 1
    """
    assert county.rows(counted) == county.rows(written)


def test_books_show_as_income_what_was_charged(county: Made) -> None:
    booked, charged = county.rows("""
        select (
            select sum(amount_fen) from finance where account like 'income.medical.%' and institution_id = 'I-CH-01'
        ), (select sum(amount_fen) from charge where institution_id = 'I-CH-01' and day >= (select min(day) from visit))
    """)[0]
    assert booked == charged


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path) -> None:
    until = date(2025, 9, 1)
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        generate(residents=1500, months=2, seed=seed, out=tmp_path / name, until=until)
    for table in COUNTY:
        one, two = ((tmp_path / name / f"{table}.parquet").read_bytes() for name in ("one", "two"))
        assert one == two, table
    assert (tmp_path / "one" / "truth.json").read_bytes() == (tmp_path / "two" / "truth.json").read_bytes()
    visits = [pq.read_table(tmp_path / name / "visit.parquet") for name in ("one", "three")]
    assert not visits[0].equals(visits[1])


def test_twice_the_people_have_about_twice_the_visits(county: Made, tmp_path) -> None:
    small = generate(
        residents=3000, months=14, seed=7, out=tmp_path / "small", until=county.summary.end + timedelta(days=1)
    )
    for table in ("visit", "stay", "charge", "follow_up"):
        assert county.summary.rows[table] == pytest.approx(2 * small.rows[table], rel=0.15), table
    assert county.summary.rows["institution"] == pytest.approx(small.rows["institution"], rel=0.1)


def test_csv_files_are_as_offices_would_send_them(tmp_path) -> None:
    generate(residents=800, months=1, seed=1, out=tmp_path, until=date(2025, 9, 1), form="csv")
    text = pyarrow.csv.ConvertOptions(column_types={"dx": "string", "ordered_at": "string"})
    exam = pyarrow.csv.read_csv(tmp_path / "exam.csv", convert_options=text)
    assert exam["ordered_at"][0].as_py().endswith("+08:00")
    visit = pyarrow.csv.read_csv(tmp_path / "visit.csv", convert_options=text)
    assert tuple(visit.column_names) == COUNTY["visit"].names
    assert set(visit["tcm"].unique().to_pylist()) <= {0, 1}
    assert any("|" in dx for dx in visit["dx"].to_pylist())


@pytest.mark.parametrize(
    "options",
    [{"residents": 10}, {"months": 0}, {"seed": -1}],
    ids=["too few people", "no month", "a negative seed"],
)
def test_what_makes_no_county_is_refused_and_nothing_is_written(tmp_path, options) -> None:
    out = tmp_path / "county"
    with pytest.raises(Refusal):
        generate(**{"residents": 1000, "months": 1, "seed": 1, "out": out, **options})
    assert not out.exists()


def test_a_folder_with_other_files_is_not_overwritten(tmp_path) -> None:
    (tmp_path / "visit.csv").write_text("theirs", encoding="utf-8")
    with pytest.raises(Refusal):
        generate(residents=1000, months=1, seed=1, out=tmp_path)
    assert (tmp_path / "visit.csv").read_text(encoding="utf-8") == "theirs"


def test_an_unknown_form_is_refused(tmp_path) -> None:
    with pytest.raises(Refusal):
        demo(1000, 1, 1, tmp_path / "county", form="xlsx")
