"""按床日付费: long, psychiatric, rehabilitation and palliative stays, as the working rules have it."""

from datetime import date

import pyarrow as pa
import pytest

from yigongti.capabilities.payment.decisions.bed_day import bed_days, paid_by_bed_day
from yigongti.capabilities.payment.decisions.priced import points_of_price_e4
from yigongti.kernel.rules import RuleBook

BOOK = RuleBook.load()
IN_USE = BOOK.with_values({"payment.bed_day.in_use": "是"})
RULES = IN_USE.on(date(2025, 12, 31))


def stay(dx, *, days, level="secondary", rules=RULES):
    return bed_days(dx, days=days, level=level, rules=rules)


def test_where_the_county_has_not_taken_it_up_nothing_is_paid_by_the_day():
    assert stay("F20.900", days=90, rules=BOOK.on(date(2025, 12, 31))) is None


def test_qingyuan_takes_it_up_by_its_plan():
    rules = RuleBook.load(packs=["national", "qingyuan-145"]).on(date(2025, 12, 31))
    assert stay("F20.900", days=20, rules=rules).kind == "psychiatric"


@pytest.mark.parametrize(
    ("dx", "days", "kind"),
    [
        ("F20.900", 14, None),
        ("F20.900", 15, "psychiatric"),
        ("Z50.100", 15, "rehabilitation"),
        ("Z51.500", 1, "palliative"),
        ("Z51.000", 20, None),
        ("I63.900", 59, None),
        ("I63.900", 60, "long_stay"),
        (None, 60, "long_stay"),
    ],
)
def test_a_stay_is_paid_by_the_day_when_it_is_long_enough_for_its_kind(dx, days, kind):
    found = stay(dx, days=days)
    assert (found.kind if found else None) == kind


def test_later_days_are_worth_less():
    found = stay("F20.900", days=100)
    assert [(part.first, part.last, part.payable_fen) for part in found.parts] == [
        (1, 30, 30 * 22_000), (31, 90, 60 * 19_800), (91, 100, 10 * 17_600),
    ]  # fmt: skip
    assert found.payable_fen == 2_024_000


def test_the_price_follows_the_level_of_the_institution():
    paid = [stay("Z50.900", days=20, level=level).payable_fen for level in ("none", "primary", "secondary", "tertiary")]
    assert paid == [400_000, 400_000, 640_000, 840_000]


def test_every_reason_names_the_rule_it_rests_on():
    reasons = stay("F20.900", days=40).reasons
    assert [reason.rule_id for reason in reasons] == [
        "payment.bed_day.least_days", "payment.bed_day.standard",
        "payment.bed_day.day_shares", "payment.bed_day.day_shares",
    ]  # fmt: skip
    assert "按床日付费" in reasons[0].text


def test_a_table_keeps_only_the_stays_paid_by_the_day():
    stays = pa.table(
        {
            "stay_id": ["a", "b", "c"],
            "institution_id": ["H", "H", "unknown"],
            "admitted_on": [date(2025, 1, 1)] * 3,
            "discharged_on": [date(2025, 1, 21), date(2025, 1, 21), date(2025, 3, 2)],
            "dx": [["F20.900", "I10.x00"], ["I63.900"], []],
        }
    )
    found = paid_by_bed_day(stays, levels={"H": "secondary"}, rules=RULES).to_pylist()
    assert [(row["stay_id"], row["kind"], row["days"], row["payable_fen"]) for row in found] == [
        ("a", "psychiatric", 20, 440_000),
        ("c", "long_stay", 60, 30 * 18_000 + 30 * 16_200),
    ]


def test_a_price_is_points_by_the_mean_cost_of_all_cases():
    assert points_of_price_e4(500_000, mean_fen=1_000_000, scale=100) == 50 * 10_000
    with pytest.raises(ValueError, match="mean"):
        points_of_price_e4(1, mean_fen=0, scale=100)
