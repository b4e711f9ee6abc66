"""The catalogue's codes are real where they should be, and its files refer to each other rightly."""

from pathlib import Path

import pytest

from yigongti.demo.care.diagnoses import vocabulary
from yigongti.demo.catalogue import complaints, drug_groups, goods, order_groups, sheet


def _codes(path: Path) -> set[str]:
    return {line.split(" ", 1)[0] for line in path.read_text(encoding="utf-8").splitlines()}


def test_diagnoses_are_codes_of_the_insurance_edition(shared: Path) -> None:
    used = {*vocabulary(), *complaints().text("code"), *sheet("causes").text("code")}
    assert used - _codes(shared / "data" / "terms" / "icd10-names.txt") == set()


def test_procedures_are_codes_of_the_insurance_edition(shared: Path) -> None:
    assert set(sheet("procedures").text("code")) - _codes(shared / "data" / "terms" / "icd9cm3-names.txt") == set()


def test_every_procedure_of_a_disease_has_its_name() -> None:
    named = set(sheet("procedures").text("code"))
    used = {code for cell in sheet("diseases").text("procedure") for code in cell.split("|") if code}
    assert used == named


@pytest.mark.parametrize("name", ["conditions", "diseases", "reportable"])
def test_drug_and_order_groups_exist(name: str) -> None:
    assert set(sheet(name).text("drugs")) <= {*drug_groups().names, "none"}
    assert set(sheet(name).text("orders")) <= {*order_groups(), "none"}


def test_what_is_ordered_has_a_price_at_both_levels() -> None:
    for name, group in order_groups().items():
        assert (goods().price[group.goods] > 0).all(), name


def test_a_patient_has_at_most_the_chance_of_one() -> None:
    for name, group in order_groups().items():
        assert ((group.chance >= 0) & (group.chance <= 1)).all(), name


def test_drugs_of_a_group_stand_together_in_the_file() -> None:
    groups = drug_groups()
    names = sheet("drugs").text("group")
    for name, first, size in zip(groups.names, groups.first, groups.size, strict=True):
        assert set(names[first : first + size]) == {name}
