"""转诊住院连续计算起付线:worked examples by the working standards 200 / 500 / 1000 yuan of residents."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from yigongti.capabilities.payment.decisions.deductible import LinkedStay, deductibles
from yigongti.capabilities.payment.services.deductible import deductible_file
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.rules import RuleBook
from yigongti.site.command_line.main import app

BOOK = RuleBook.load()


def stay(level, admitted, discharged, *, linked=True, stay_id="", insured_as="resident"):
    days = [date.fromisoformat(f"2025-{day}" if len(day) == 5 else day) for day in (admitted, discharged)]
    return LinkedStay(stay_id or f"{level}-{admitted}", level, *days, linked, insured_as)


def charged(*stays, book=BOOK, **more):
    return [charge.deductible_fen // 100 for charge in deductibles(stays, book=book, **more)]


def test_moving_up_pays_the_difference_between_the_standards_of_the_levels():
    assert charged(
        stay("primary", "03-01", "03-05", linked=False),
        stay("secondary", "03-05", "03-12"),
        stay("tertiary", "03-14", "03-30"),
    ) == [200, 300, 500]


def test_moving_down_pays_nothing():
    assert charged(stay("tertiary", "03-01", "03-09", linked=False), stay("primary", "03-09", "03-20")) == [1000, 0]


def test_coming_back_up_to_a_level_already_paid_for_pays_nothing_more():
    assert charged(
        stay("secondary", "03-01", "03-05", linked=False),
        stay("primary", "03-05", "03-12"),
        stay("secondary", "03-13", "03-20"),
    ) == [500, 0, 0]


def test_the_same_level_pays_nothing_unless_its_rule_says_otherwise():
    stays = (stay("secondary", "03-01", "03-05", linked=False), stay("secondary", "03-05", "03-12"))
    assert charged(*stays) == [500, 0]
    half = BOOK.with_values({"payment.deductible.same_level_share": "50%"})
    assert charged(*stays, book=half) == [500, 250]


def test_a_stay_without_a_referral_pays_in_full_and_begins_anew():
    assert charged(
        stay("primary", "03-01", "03-05", linked=False),
        stay("secondary", "03-05", "03-12", linked=False),
        stay("tertiary", "03-12", "03-20"),
    ) == [200, 500, 500]


@pytest.mark.parametrize(("admitted", "due"), [("03-08", 300), ("03-09", 500)])
def test_a_referral_links_within_three_days_of_discharge(admitted, due):
    assert charged(stay("primary", "03-01", "03-05", linked=False), stay("secondary", admitted, "03-20"))[1] == due


def test_a_stay_belongs_to_the_year_of_its_discharge_and_a_new_year_pays_in_full_unless_the_rule_continues():
    stays = (
        stay("primary", "2025-12-20", "2025-12-30", linked=False),
        stay("secondary", "2025-12-30", "2026-01-08"),
        stay("tertiary", "2026-01-09", "2026-01-20"),
    )
    assert charged(*stays) == [200, 500, 500]
    assert charged(*stays, book=BOOK.with_values({"payment.deductible.continues_across_years": "是"})) == [
        200,
        300,
        500,
    ]


def test_deductibles_that_decrease_take_the_lower_of_the_two():
    decreasing = BOOK.with_values({"payment.deductible.decreasing": "是"})
    again = stay("secondary", "06-01", "06-09", linked=False)
    up = stay("tertiary", "06-10", "06-20")
    assert charged(stay("secondary", "03-01", "03-05", linked=False), again, up, book=decreasing) == [500, 250, 500]
    assert charged(again, book=decreasing, stays_before=2) == [150]
    assert charged(again, stays_before=2) == [500]


def test_employees_have_their_own_standards():
    up = stay("tertiary", "03-05", "03-12", insured_as="employee")
    assert charged(stay("secondary", "03-01", "03-05", linked=False, insured_as="employee"), up) == [400, 400]


def test_where_continuous_deductibles_are_not_in_force_every_stay_pays_in_full():
    off = BOOK.with_values({"payment.continuous_deductible": "否"})
    assert charged(stay("primary", "03-01", "03-05", linked=False), stay("secondary", "03-05", "03-12"), book=off) == [
        200,
        500,
    ]


def test_each_charge_names_its_rule_and_a_sentence():
    first, second = deductibles(
        [stay("primary", "03-01", "03-05", linked=False), stay("secondary", "03-05", "03-12")], book=BOOK
    )
    assert first.reason.rule_id == "payment.deductible.standard"
    assert second.reason.text == "上转二级,标准 500.00 元,此前已计 200.00 元,补差 300.00 元"


ROW = {"stay_id": "s1", "level": "primary", "admitted_on": "2025-03-01", "discharged_on": "2025-03-05", "linked": False}


def test_the_command_gives_the_same_shape_with_the_deductible_and_the_reason(tmp_path):
    path = tmp_path / "episodes.json"
    up = ROW | {"stay_id": "s2", "level": "tertiary", "admitted_on": "2025-03-06", "discharged_on": "2025-03-16"}
    path.write_text(json.dumps([{"episode": "e1", "stays": [up | {"linked": True}, ROW]}]))
    done = CliRunner().invoke(app, ["payment", "deductible", str(path), "--json"])
    (episode,) = json.loads(done.stdout)
    assert done.exit_code == 0
    assert episode["episode"] == "e1"
    assert [(each["stay_id"], each["deductible_fen"]) for each in episode["stays"]] == [("s2", 80000), ("s1", 20000)]
    assert all(each["reason"] for each in episode["stays"])


@pytest.mark.parametrize(
    ("stays", "said"),
    [
        ([ROW | {"level": "quaternary"}], "level"),
        ([ROW | {"discharged_on": "2025-02-01"}], "早于入院日期"),
        ([ROW, ROW], "出现了两次"),
        ([ROW | {"admitted_on": "yesterday"}], "admitted_on"),
        ([ROW | {"linked": "maybe"}], "linked"),
        ([ROW | {"insured_as": "none"}], "insured_as"),
        ([{"level": "primary"}], "stay_id"),
        ([7], "对象"),
        ("none", "stays"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path, stays, said):
    path = tmp_path / "episodes.json"
    path.write_text(json.dumps([{"episode": "e1", "stays": stays}]))
    with pytest.raises(FileRefused, match=said) as refusal:
        deductible_file(path, book=BOOK)
    assert "第 1 段" in refusal.value.where


@pytest.mark.parametrize("text", ["{", '{"episode": 1}', "[1]"])
def test_a_file_that_is_no_list_of_episodes_is_refused(tmp_path, text):
    path = tmp_path / "episodes.json"
    path.write_text(text)
    with pytest.raises(FileRefused):
        deductible_file(path, book=BOOK)


def test_the_same_stay_in_two_episodes_is_refused(tmp_path):
    path = tmp_path / "episodes.json"
    path.write_text(json.dumps([{"episode": "e1", "stays": [ROW]}, {"episode": "e2", "stays": [ROW]}]))
    with pytest.raises(FileRefused, match="出现了两次"):
        deductible_file(path, book=BOOK)
