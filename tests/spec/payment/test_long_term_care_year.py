"""长期护理保险一年的账:按人头筹资,预留风险金,按机构清算;基金单独建账,结余留在基金。"""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yigongti.capabilities.payment.decisions.long_term_care_year import cleared_care, heads_of
from yigongti.capabilities.payment.services.care import care_file, care_year
from yigongti.kernel.errors import FileRefused, Refusal
from yigongti.kernel.rules import RuleBook

BANAN = RuleBook.load(packs=["national", "banan-2024"])
SHARED = BANAN.with_values({"payment.long_term_care.overrun_share": "60%"})
MONTH = {
    "resident_id": "R1", "institution_id": "N1", "mode": "institution", "grade": 4, "assessed_on": "2024-06-01",
    "charged_fen": 200_000, "dates": [f"2025-03-{day:02}" for day in range(1, 16)],
}  # fmt: skip


def rules(book=BANAN):
    return book.on(date(2025, 12, 31))


def year_of(tmp_path, *rows, insured):
    (tmp_path / "care.json").write_text(json.dumps(rows))
    return care_year(2025, care_file(tmp_path / "care.json", book=BANAN), insured, book=BANAN)


def test_the_budget_is_heads_times_what_each_brings():
    heads = heads_of({"resident": 1000, "employee": 200}, rules=rules())
    assert {each.insured_as: each.amount_fen for each in heads} == {"resident": 9_000_000, "employee": 3_000_000}


def test_what_is_left_of_the_year_stays_with_the_fund(tmp_path):
    found = year_of(tmp_path, MONTH, {**MONTH, "resident_id": "R2"}, insured={"resident": 100})
    (line,) = found["lines"]
    assert (line["institution_id"], line["cases"], line["recorded_fen"]) == ("N1", 2, 126_000)
    assert found["totals"] == {
        "budget_fen": 900_000, "reserved_fen": 45_000, "final_fen": 126_000, "kept_by_fund_fen": 774_000,
        "fund_share_of_overrun_fen": 0,
    }  # fmt: skip


def test_an_overrun_takes_the_reserve_first_and_is_then_shared_by_rule():
    heads = heads_of({"resident": 100}, rules=rules())
    found = cleared_care(heads, {"N1": (10, 700_000), "N2": (5, 300_000)}, rules=rules(SHARED))
    assert found.fund_share_fen == 60_000
    assert [line.overrun_borne_fen for line in found.lines] == [28_000, 12_000]
    assert found.kept_by_fund_fen == 0


@given(
    people=st.integers(1, 10**6),
    paid=st.dictionaries(st.sampled_from("ABCDE"), st.tuples(st.integers(1, 99), st.integers(0, 10**9))),
)
def test_what_is_paid_and_kept_is_what_was_budgeted_and_shared_to_the_fen(people, paid):
    found = cleared_care(heads_of({"resident": people}, rules=rules()), paid, rules=rules(SHARED))
    assert found.final_fen + found.kept_by_fund_fen == found.budget_fen + found.fund_share_fen
    assert all(0 <= line.final_fen <= line.recorded_fen for line in found.lines)


@pytest.mark.parametrize(
    ("change", "said"), [({"institution_id": None}, "institution_id"), ({"dates": ["2024-03-01"]}, "不在 2025 年")]
)
def test_a_month_without_institution_or_of_another_year_is_refused(tmp_path, change, said):
    with pytest.raises(FileRefused, match=said):
        year_of(tmp_path, {**MONTH, "assessed_on": "2023-06-01", **change}, insured={"resident": 100})


@pytest.mark.parametrize("insured", [{}, {"resident": 0}, {"resident": -1}, {"nobody": 5}])
def test_heads_that_cannot_be_are_refused(insured):
    with pytest.raises(Refusal, match="参保人"):
        heads_of(insured, rules=rules())
