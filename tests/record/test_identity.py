"""What of an identity is shown to whom."""

from datetime import date

import pytest

from yigongti.capabilities.record.decisions.identity import (
    Identity,
    age_on,
    masked_id_number,
    masked_name,
    masked_phone,
    shown_on,
)

WHOLE = Identity("王小明", "500113196005010021", "13812345678", is_whole=True)


@pytest.mark.parametrize(
    ("name", "shown"), [("王明", "王*"), ("王小明", "王*明"), ("欧阳小明", "欧**明"), ("王", "王")]
)
def test_a_masked_name_keeps_the_first_character_and_the_last_of_three(name, shown):
    assert masked_name(name) == shown


def test_a_masked_id_number_keeps_the_last_four_characters():
    assert masked_id_number("500113196005010021") == "**************0021"
    assert masked_id_number("") == ""


def test_a_masked_phone_keeps_both_ends_and_a_short_one_nothing():
    assert masked_phone("13812345678") == "138****5678"
    assert masked_phone("1234567") == "*******"


def test_on_ones_own_record_nothing_is_masked():
    assert shown_on("own", WHOLE) == WHOLE


@pytest.mark.parametrize("basis", ["contract", "treatment", "programme", "consent"])
def test_who_cares_for_a_person_sees_the_name_at_once_and_number_and_phone_on_request(basis):
    assert shown_on(basis, WHOLE) == Identity("王小明", "**************0021", "138****5678")


def test_who_broke_the_glass_asks_for_the_name_too():
    assert shown_on("break_glass", WHOLE).name == "王*明"


def test_age_counts_whole_years_and_stops_at_death():
    assert age_on(date(2025, 4, 30), born=date(1960, 5, 1)) == 64
    assert age_on(date(2025, 5, 1), born=date(1960, 5, 1)) == 65
    assert age_on(date(2025, 5, 1), born=date(1960, 5, 1), died=date(2000, 1, 1)) == 39
