"""中医优势病种: one price a disease, or the group's points with a factor, as the working rules have it."""

from dataclasses import replace
from datetime import date

import pyarrow as pa

from yigongti.capabilities.payment.decisions.tcm import NotTcm, TcmStay, paid_as_tcm, tcm_price
from yigongti.kernel.rules import RuleBook

BOOK = RuleBook.load()
RULES = BOOK.with_values({"payment.tcm.in_use": "是"}).on(date(2025, 12, 31))
FRACTURE = TcmStay("S52.500", "secondary", tcm=True, total_fen=450_000)


def test_banan_and_qingyuan_take_it_up_by_their_documents():
    for pack in ("banan-2024", "qingyuan-145"):
        rules = RuleBook.load(packs=["national", pack]).on(date(2025, 12, 31))
        assert tcm_price(FRACTURE, rules=rules).disease == "桡骨远端骨折"
    assert tcm_price(FRACTURE, rules=BOOK.on(date(2025, 12, 31))) == NotTcm()


def test_a_listed_disease_treated_with_tcm_has_its_price_by_level():
    assert tcm_price(FRACTURE, rules=RULES).payable_fen == 380_000
    assert tcm_price(replace(FRACTURE, level="primary"), rules=RULES).payable_fen == 320_000


def test_a_listed_disease_without_a_price_has_its_groups_points_with_the_factor():
    palsy = tcm_price(replace(FRACTURE, principal_dx="G51.000"), rules=RULES)
    assert (palsy.disease, palsy.payable_fen, palsy.factor_e4) == ("面瘫", None, 11_000)
    assert palsy.reasons[-1].rule_id == "payment.tcm.factor"


def test_other_diseases_are_not_touched():
    assert tcm_price(replace(FRACTURE, principal_dx="J18.900"), rules=RULES) == NotTcm()
    assert tcm_price(replace(FRACTURE, principal_dx=None), rules=RULES) == NotTcm()


def test_an_operation_of_the_third_level_is_paid_by_the_group():
    assert tcm_price(replace(FRACTURE, operation_level=2), rules=RULES).payable_fen == 380_000
    refused = tcm_price(replace(FRACTURE, operation_level=3), rules=RULES)
    assert refused.reasons[0].rule_id == "payment.tcm.lowest_surgery"


def test_where_the_cost_of_tcm_is_known_it_must_be_half_of_the_whole():
    assert tcm_price(replace(FRACTURE, tcm=False, tcm_fen=225_000), rules=RULES).payable_fen == 380_000
    assert tcm_price(replace(FRACTURE, tcm_fen=224_999), rules=RULES).reasons[0].rule_id == "payment.tcm.least_share"


def test_where_it_is_not_known_the_records_mark_counts():
    assert tcm_price(replace(FRACTURE, tcm=False), rules=RULES).reasons[0].rule_id == "payment.tcm.least_share"


def test_a_table_keeps_only_the_stays_paid_as_tcm_diseases():
    stays = pa.table(
        {
            "stay_id": ["a", "b", "c", "d"],
            "institution_id": ["H", "H", "T", "H"],
            "dx": [["S52.500"], ["J18.900"], ["G51.000", "I10.x00"], []],
            "tcm": [True, True, True, False],
            "total_fen": [1, 2, 3, 4],
            "operation_level": pa.array([None, None, 1, None], pa.int64()),
        }
    )
    found = paid_as_tcm(stays, levels={"H": "secondary", "T": "primary"}, rules=RULES).to_pylist()
    assert [(row["stay_id"], row["payable_fen"], row["factor_e4"]) for row in found] == [
        ("a", 380_000, 10_000), ("c", None, 11_000),
    ]  # fmt: skip
