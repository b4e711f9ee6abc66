"""收费类筛查规则:重复收费、超标准收费、分解项目、第二手术、串换项目。"""

import pytest

from supervision.scene import found, subjects


def line(charge_id, **changes):
    return {"charge_id": charge_id, "item_code": "X1", "item_name": "血常规", **changes}


def test_the_same_item_twice_on_a_day_of_one_encounter_is_charged_twice():
    (hit,) = found("repeated_charge", charge=[line("C1"), line("C2")])
    assert hit["subject"] == "C2"
    assert hit["evidence"] == ["charge:C1", "charge:C2"]
    assert hit["amount_fen"] == 600


@pytest.mark.parametrize(
    "difference",
    [{"day": "2025-06-03"}, {"encounter_id": "V2"}, {"item_code": "X2"}, {"unit_price_fen": 900, "amount_fen": 900},
     {"category": "drug"}],
    ids=["another day", "another encounter", "another item", "another price", "a drug, which may be given twice"],
)  # fmt: skip
def test_what_differs_is_not_the_same_charge(difference):
    assert subjects("repeated_charge", charge=[line("C1", **({"category": "drug"} if "category" in difference else {})),
                                               line("C2", **difference)]) == []  # fmt: skip


def test_a_bed_is_charged_once_a_day():
    bed = line("C1", item_name="床位费", category="bed", quantity=3.0, amount_fen=3_000, fund_fen=1_500)
    (hit,) = found("over_limit_charge", charge=[bed])
    assert (hit["measured"], hit["allowed"], hit["amount_fen"]) == (3, 1, 1_000)


def test_the_rule_base_says_how_often_a_day():
    limits = [{"kind": "daily", "item_code": "X1", "item_name": "吸氧", "quantity": 24.0}]
    hours = [line("C1", category="treatment", quantity=14.0), line("C2", category="treatment", quantity=11.0)]
    assert [hit["measured"] for hit in found("over_limit_charge", charge=hours, limits=limits)] == [25]
    assert subjects("over_limit_charge", charge=hours[:1], limits=limits) == []


PAIR = {"kind": "paired", "item_code": "M", "item_name": "监护费", "other_code": "B", "other_name": "床位费"}


def test_an_item_that_another_includes_is_not_charged_beside_it():
    charges = [line("C1", item_code="M", item_name="监护费"), line("C2", item_code="B", item_name="床位费")]
    (hit,) = found("included_charge", charge=charges, limits=[{**PAIR, "within": "day"}])
    assert hit["subject"] == "C2"
    assert "已包含" in hit["note"]


@pytest.mark.parametrize(("within", "hits"), [("day", 0), ("encounter", 1), ("hours", 0)])
def test_the_rule_base_says_within_what(within, hits):
    charges = [line("C1", item_code="M"), line("C2", item_code="B", day="2025-06-04")]
    assert len(subjects("included_charge", charge=charges, limits=[{**PAIR, "within": within}])) == hits


def test_within_some_hours_is_a_suspicion_of_the_day_since_a_charge_tells_no_hour():
    limits = [{**PAIR, "within": "hours", "quantity": 6.0}]
    charges = [line("C1", item_code="M", item_name="监护费"), line("C2", item_code="B", item_name="床位费")]
    (hit,) = found("included_within_hours", charge=charges, limits=limits)
    assert (hit["subject"], hit["allowed"], len(hit["evidence"])) == ("C2", 6, 2)
    assert subjects("included_charge", charge=charges, limits=limits) == []
    other_day = [charges[0], {**charges[1], "day": "2025-06-04"}]
    assert subjects("included_within_hours", charge=other_day, limits=limits) == []


OPERATIONS = [{"kind": "operation", "item_code": code, "item_name": code, "subject": "胃肠手术组"} for code in "AB"]


def operation(charge_id, code, price, **changes):
    return line(charge_id, item_code=code, item_name=code, category="surgery", unit_price_fen=price, amount_fen=price,
                fund_fen=price // 2, **changes)  # fmt: skip


def test_a_second_operation_of_a_group_is_charged_at_a_discount():
    both = [operation("C1", "A", 90_000), operation("C2", "B", 60_000)]
    (hit,) = found("second_operation", charge=both, limits=OPERATIONS)
    assert hit["subject"] == "C2"
    assert hit["amount_fen"] == 15_000


def test_a_discounted_second_operation_is_in_order():
    alone = operation("C0", "B", 60_000, encounter_id="V0")
    both = [operation("C1", "A", 90_000), operation("C2", "B", 30_000)]
    assert subjects("second_operation", charge=[alone, *both], limits=OPERATIONS) == []


def test_a_code_under_another_items_name_is_looked_at():
    usual = [line(f"C{number:02}", encounter_id=f"V{number}") for number in range(30)]
    (hit,) = found("swapped_item", charge=[*usual, line("C99", item_name="美容护理", encounter_id="V99")])
    assert hit["subject"] == "C99"
    assert "血常规" in hit["note"]
    assert subjects("swapped_item", charge=usual) == []
