"""长期护理的文件: months in, payments out; what cannot be is named by row."""

import json
from datetime import date

import pytest

from yigongti.capabilities.payment.services.care import care_file
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.rules import RuleBook

BANAN = RuleBook.load(packs=["national", "banan-2024"])
MONTH = {
    "resident_id": "R1", "mode": "institution", "grade": 4, "assessed_on": "2024-06-01", "charged_fen": 200_000,
    "dates": [f"2025-03-{day:02}" for day in range(1, 21)],
    "hospital": [{"admitted_on": "2025-03-05", "discharged_on": "2025-03-10"}],
}  # fmt: skip


def paid(tmp_path, *rows):
    (tmp_path / "care.json").write_text(json.dumps(rows))
    return care_file(tmp_path / "care.json", book=BANAN)


def test_a_month_is_paid_by_the_countys_rules_with_the_days_in_hospital_taken_off(tmp_path):
    (row,) = paid(tmp_path, MONTH)
    assert (row["outcome"], row["units"], row["covered_fen"], row["fund_fen"]) == ("allow", 15, 90_000, 63_000)
    assert row["fund_fen"] + row["self_fen"] == row["charged_fen"]
    assert {reason["rule"] for reason in row["reasons"]} == {
        "payment.long_term_care.day_standard", "payment.long_term_care.fund_share",
    }  # fmt: skip


def test_each_month_goes_by_the_rules_of_its_own_day(tmp_path):
    before = {**MONTH, "assessed_on": "2023-06-01", "dates": [date(2024, 1, 5).isoformat()], "hospital": []}
    assert paid(tmp_path, before)[0]["outcome"] == "refuse"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mode": "hotel"}, "mode"),
        ({"grade": 9}, "0 至 5"),
        ({"grade": True}, "0 至 5"),
        ({"charged_fen": -1}, "不小于 0"),
        ({"charged_fen": 12.5}, "整数分"),
        ({"dates": []}, "至少一个"),
        ({"dates": ["2025-03-31", "2025-04-01"]}, "同一个月"),
        ({"dates": ["soon"]}, "日期"),
        ({"assessed_on": None}, "日期"),
        ({"hospital": [{"admitted_on": "2025-03-05", "discharged_on": "2025-03-01"}]}, "早于"),
        ({"hospital": ["2025-03-05"]}, "起止"),
    ],
)
def test_what_cannot_be_is_refused_with_its_row(tmp_path, change, said):
    with pytest.raises(FileRefused, match=said) as refusal:
        paid(tmp_path, MONTH | {"resident_id": "R0"}, {**MONTH, **change})
    assert "第 2 行" in refusal.value.where


def test_a_persons_month_is_paid_once(tmp_path):
    with pytest.raises(FileRefused, match="出现了两次"):
        paid(tmp_path, MONTH, MONTH)


def test_a_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(FileRefused, match="没有文件"):
        care_file(tmp_path / "none.json", book=BANAN)
    for text in ("{", "{}", "[1]"):
        (tmp_path / "care.json").write_text(text)
        with pytest.raises(FileRefused, match="不是"):
            care_file(tmp_path / "care.json", book=BANAN)
