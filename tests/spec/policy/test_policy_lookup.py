"""哪一天、哪一级、当时知道什么:规则怎样取值。 Which value holds: by day, by level, by what was known."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.periods import Period, parse
from yigongti.kernel.rules import OutsideDates, PolicyError, RuleBook, UnknownRule

RULE = "contract.target"


def version(value: str, since: str, *, known: str = "", until: str = "") -> str:
    ends = f"    effective_to: {until}\n" if until else ""
    return (
        f"  - effective_from: {since}\n{ends}    value: {value}\n    source: {{doc: notice, clause: 1}}\n"
        f"    recorded_on: {known or since}\n    confidence: stated\n"
    )


def rule(*versions: str) -> str:
    head = "label: 目标\nkind: ratio\nunit: ratio\nchecked_on: 2024-02-01\nversions:\n"
    return head + "".join(versions)


@pytest.fixture
def national(folder, put):
    """A book with these versions of the one rule, in the national pack."""

    def load(*versions: str) -> RuleBook:
        put("rules/contract/target.yaml", rule(*versions))
        return RuleBook.load(folder)

    return load


def value(book: RuleBook, day: str, known_on: str | None = None) -> str:
    return book.find(RULE, on=date.fromisoformat(day), known_on=known_on and date.fromisoformat(known_on)).text


def test_a_value_holds_from_its_day_until_the_day_before_the_next(national):
    book = national(version("80%", "2024-01-01"), version("85%", "2025-01-01"))
    assert [value(book, day) for day in ("2024-01-01", "2024-12-31", "2025-01-01")] == ["80%", "80%", "85%"]


def test_before_the_first_day_there_is_no_value_and_no_default(national):
    book = national(version("80%", "2024-01-01"))
    with pytest.raises(OutsideDates, match="在 2023-12-31 没有有效取值") as refused:
        value(book, "2023-12-31")
    assert "2024-01-01 起" in refused.value.where
    assert "不设默认值" in refused.value.why


def test_after_its_last_day_a_value_is_not_used_any_more(national):
    book = national(version("80%", "2024-01-01", until="2024-12-31"))
    assert value(book, "2024-12-31") == "80%"
    with pytest.raises(OutsideDates):
        value(book, "2025-01-01")


def test_an_old_result_is_reproduced_with_what_was_known_then(national):
    wrong, mended = version("80%", "2024-01-01"), version("78%", "2024-01-01", known="2024-06-01")
    book = national(wrong, mended)
    assert value(book, "2024-03-01") == "78%"
    assert value(book, "2024-03-01", known_on="2024-05-31") == "80%"
    assert value(book, "2024-03-01", known_on="2024-06-01") == "78%"


def test_what_was_not_yet_known_is_not_used(national):
    book = national(version("80%", "2024-01-01", known="2024-03-01"))
    with pytest.raises(OutsideDates, match="按 2024-02-01 时所知"):
        value(book, "2024-01-15", known_on="2024-02-01")


def test_each_version_has_a_name_of_its_own_in_frozen_results(national):
    book = national(version("80%", "2024-01-01"), version("78%", "2024-01-01", known="2024-06-01"))
    assert [each.key for each in book.rules[RULE].versions] == ["national@2024-01-01", "national@2024-01-01~2024-06-01"]


def test_the_nearest_level_that_has_a_value_in_force_decides(folder, put):
    put("rules/contract/target.yaml", rule(version("70%", "2020-01-01")))
    put("regions/province-a/rules/contract/target.yaml", rule(version("75%", "2022-01-01")))
    put("regions/city-a/rules/contract/target.yaml", rule(version("80%", "2024-01-01", until="2024-12-31")))
    book = RuleBook.load(folder, ["national", "province-a", "city-a"])
    days = ("2021-01-01", "2023-01-01", "2024-07-01", "2025-07-01")
    assert [value(book, day) for day in days] == ["70%", "75%", "80%", "75%"]


def test_the_countys_own_value_comes_before_its_packs(folder, put, tmp_path):
    put("regions/county-a/rules/contract/target.yaml", rule(version("80%", "2024-01-01")))
    put("../own/rules/contract/target.yaml", rule(version("83%", "2026-01-01")))
    book = RuleBook.load(folder, ["national", "county-a"], own=tmp_path / "own")
    assert (value(book, "2025-01-01"), value(book, "2026-01-01")) == ("80%", "83%")
    assert list(book.packs) == ["own", "county-a", "national"]


def test_a_county_that_has_written_nothing_yet_has_its_packs_alone(folder, tmp_path):
    assert list(RuleBook.load(folder, ["national"], own=tmp_path / "none").packs) == ["national"]


def test_a_period_is_cut_where_the_rule_changes(national):
    book = national(version("80%", "2024-01-01"), version("85%", "2024-07-01"))
    stretches = book.stretches(RULE, parse("2024"))
    assert [(each.label, found.text) for each, found in stretches] == [("2024H1", "80%"), ("2024H2", "85%")]
    assert [found.text for found in book.within(RULE, parse("2024Q1"))] == ["80%"]


def test_a_period_with_a_day_without_value_is_refused(national):
    book = national(version("80%", "2024-01-01", until="2024-05-31"), version("85%", "2024-07-01"))
    with pytest.raises(OutsideDates, match="2024-06-01"):
        book.within(RULE, parse("2024"))
    assert len(book.within(RULE, Period(date(2024, 7, 1), date(2030, 1, 1)))) == 1


def test_the_rules_of_a_day_are_read_like_a_dictionary(national):
    rules = national(version("80%", "2024-01-01")).on(date(2024, 5, 1))
    assert rules[RULE].number == 0.8
    assert RULE in rules
    assert "no.such.rule" not in rules
    assert list(rules) == [RULE]
    with pytest.raises(UnknownRule, match=r"没有编号为“no\.such\.rule”的规则"):
        rules["no.such.rule"]


def test_a_month_after_the_last_of_january_is_the_last_of_february(folder, put):
    text = rule(version("1", "2024-01-01")).replace("kind: ratio\nunit: ratio", "kind: duration\nunit: month")
    put("rules/contract/target.yaml", text)
    month = RuleBook.load(folder).find(RULE, on=date(2024, 5, 1))
    assert month.after(date(2025, 1, 31)) == date(2025, 2, 28)
    assert month.after(datetime(2024, 1, 31, 8, tzinfo=COUNTY_TIME)) == datetime(2024, 2, 29, 8, tzinfo=COUNTY_TIME)
    with pytest.raises(TypeError, match="after"):
        _ = month.days


@pytest.mark.parametrize(("value", "unit", "days"), [("3", "day", 3), ("2", "week", 14), ("72", "hour", 3)])
def test_a_duration_counts_in_days_whatever_its_unit(folder, put, value, unit, days):
    text = rule(version(value, "2024-01-01")).replace("kind: ratio\nunit: ratio", f"kind: duration\nunit: {unit}")
    put("rules/contract/target.yaml", text)
    found = RuleBook.load(folder).find(RULE, on=date(2024, 5, 1))
    assert found.days == days
    assert found.after(date(2024, 1, 1)) == date(2024, 1, 1 + days)


def test_a_duration_that_is_not_whole_days_is_not_rounded_to_days(folder, put):
    text = rule(version("36", "2024-01-01")).replace("kind: ratio\nunit: ratio", "kind: duration\nunit: hour")
    put("rules/contract/target.yaml", text)
    found = RuleBook.load(folder).find(RULE, on=date(2024, 5, 1))
    assert found.timedelta == timedelta(hours=36)
    with pytest.raises(TypeError, match="not whole days"):
        _ = found.days


def test_money_is_exact_in_fen(folder, put):
    text = rule(version("0.29", "2024-01-01")).replace("kind: ratio\nunit: ratio", "kind: money\nunit: wan_yuan")
    put("rules/contract/target.yaml", text)
    assert RuleBook.load(folder).find(RULE, on=date(2024, 5, 1)).fen == 290_000


def test_a_point_outside_all_bands_is_refused_and_at_a_border_falls_in_one_band(folder, put):
    bands = "\n      - {from: 0, up_to: 50%, value: 1, label: 低}\n      - {above: 50%, below: 2, value: 2, label: 中}"
    text = rule(version(bands, "2024-01-01")).replace("kind: ratio\nunit: ratio", "kind: bands\nunit: coefficient")
    put("rules/contract/target.yaml", text)
    found = RuleBook.load(folder).find(RULE, on=date(2024, 5, 1))
    assert [found.band(point).label for point in (0, 0.5, 0.51, 1.99)] == ["低", "低", "中", "中"]
    assert not found.covers(2)
    with pytest.raises(PolicyError, match="2 不在规则“目标”的任何一段内"):
        found.band(2)


def test_asking_a_rule_for_what_it_is_not_is_a_mistake_of_the_program(national):
    found = national(version("80%", "2024-01-01")).find(RULE, on=date(2024, 5, 1))
    for name in ("fen", "is_on", "timedelta", "days", "bands", "table", "codes"):
        with pytest.raises(TypeError, match=r"contract\.target is of kind ratio"):
            getattr(found, name)


@pytest.mark.parametrize(
    ("kind", "unit", "value", "text"),
    [
        ("number", "person_per_year", "10000", "10,000 人/年"),
        ("number", "coefficient", "0.93", "0.93"),
        ("ratio", "ratio", "5‰", "0.5%"),
        ("yes_no", "yes_no", "否", "否"),
        ("bands", "person", "[{from: 8000, up_to: 20000}]", "8,000—20,000 人"),
        ("bands", "coefficient", "[{below: 40%, value: 低倍率}, {from: 40%, value: 1}]", "<0.4 → 低倍率;≥0.4 → 1"),
        ("bands", "ratio", "[{above: 1, below: 2}]", ">100% 且 <200%"),
        ("table", "day", "{imaging: 30, lab: 7}", "imaging:30;lab:7"),
        ("table", "mmhg", "{adult: {sbp: 140, dbp: 90}}", "adult:sbp 140、dbp 90"),
        ("code_set", "icd10", "[I20-I25, I60]", "I20–I25、I60"),
    ],
)
def test_a_value_is_told_in_the_words_people_use(folder, put, kind, unit, value, text):
    put(
        "rules/contract/target.yaml",
        rule(version(value, "2024-01-01")).replace("ratio\nunit: ratio", f"{kind}\nunit: {unit}"),
    )
    assert RuleBook.load(folder).find(RULE, on=date(2024, 5, 1)).text == text


def test_a_no_and_a_whole_table_can_be_asked_for(folder, put):
    put(
        "rules/contract/target.yaml",
        rule(version("否", "2024-01-01")).replace("ratio\nunit: ratio", "yes_no\nunit: yes_no"),
    )
    put(
        "rules/contract/weights.yaml",
        rule(version("{a: 1, b: 2.5}", "2024-01-01")).replace("ratio\nunit: ratio", "table\nunit: point"),
    )
    rules = RuleBook.load(folder).on(date(2024, 5, 1))
    assert rules[RULE].is_on is False
    assert rules["contract.weights"].table == {"a": 1, "b": Decimal("2.5")}
    with pytest.raises(TypeError, match="not one number"):
        _ = rules["contract.weights"].number


def test_a_supposed_value_changes_every_day_and_says_that_it_is_supposed(national):
    book = national(version("80%", "2024-01-01"), version("85%", "2025-01-01"))
    supposed = book.with_values({RULE: "90%"})
    assert [value(supposed, day) for day in ("2024-05-01", "2025-05-01")] == ["90%", "90%"]
    found = supposed.find(RULE, on=date(2024, 5, 1))
    assert (found.key, found.confidence) == ("national+what-if@2024-01-01", "default")
    assert value(book, "2024-05-01") == "80%"


def test_a_supposed_value_must_fit_its_rule(national):
    book = national(version("80%", "2024-01-01"))
    with pytest.raises(PolicyError, match=r"假设值不合规则“目标”.*比例 90 过大"):
        book.with_values({RULE: "90"})
    with pytest.raises(UnknownRule):
        book.with_values({"contract.targets": "90%"})
