"""The commands that give numbers: any period and grouping, why a number is what it is."""

import csv
import io
import json
from datetime import date

import pytest

from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import parse

SHARE = "primary_visit_share"


def test_a_number_is_measured_for_any_period_and_group(facts):
    from yigongti.capabilities.measure.services.answering import measure

    rows = measure(parse("2025Q1"), indicators=[SHARE], by=["consortium"]).to_pylist()
    found = {row["consortium"]: (row["numerator"], row["denominator"]) for row in rows}
    assert found["A"] == (18, 30)
    assert found["B"] == (6, 30)


def test_results_are_written_as_json_csv_and_a_table_with_the_same_numbers(facts):
    from rich.console import Console

    from yigongti.capabilities.measure.services.answering import measure
    from yigongti.capabilities.measure.web import printed

    results = measure(parse("2025"), indicators=[SHARE])
    (row,) = json.loads(printed.as_json(results))
    assert (row["value"], row["target"]["text"], row["met"]) == (0.4, "≥65%", False)
    assert row["rule_versions"][f"measure.target.{SHARE}"].startswith("national@")
    (line,) = csv.DictReader(io.StringIO(printed.as_csv(results)))
    assert (line["value"], line["target"], line["period_end"]) == ("0.4", "≥65%", "2025-12-31")
    console = Console(file=io.StringIO(), width=140)
    console.print(printed.as_table(results))
    assert "40.0%" in console.file.getvalue()


def test_why_gives_definition_rules_query_counts_and_the_rows_themselves(facts, tmp_path):
    from yigongti.capabilities.measure.services.answering import why

    found = why(SHARE, parse("2025"), out=tmp_path, by={"consortium": "A"})
    (path, count), *_others = found.files.values()
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    assert count == len(rows) == 120
    assert sum(row["in_numerator"] == "true" for row in rows) == 72
    assert found.explanation.facts["visit"] == 264
    assert any("visit" in sql.lower() for sql in found.explanation.sql.values())


def test_an_indicator_that_does_not_exist_is_refused_with_what_might_be_meant(facts):
    from yigongti.capabilities.measure.services.answering import measure

    with pytest.raises(Refusal, match="primary_visit_share"):
        measure(parse("2025"), indicators=["visit_share"])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["why", SHARE, "--from", "2025-01-01"], "要一起给"),
        (["why", SHARE, "--by", "town"], "组=值"),
        (["evaluate", "--kind", "annual", "--period", "2025", "--freeze", "--by", "nobody"], "没有登录名"),
        (["reproduce", "no-such-run"], "没有编号为"),
    ],
)
def test_a_command_that_was_asked_for_what_cannot_be_says_so(facts, asked, told):
    from yigongti.site.command_line.main import app

    with pytest.raises(Refusal, match=told):
        app(asked, standalone_mode=False)


def test_other_capabilities_read_numbers_of_the_latest_results(measured):
    from yigongti.capabilities.measure.api import at_level, latest

    number = latest(SHARE, level="consortium", group="A")
    assert (number.value, number.met, number.period_end) == (0.6, False, date(2025, 12, 31))
    assert set(at_level(SHARE, level="consortium")) == {"A", "B"}
    assert latest(SHARE, level="consortium", group="nowhere") is None


def test_the_catalogue_lists_every_indicator_with_its_definition_and_source():
    from yigongti.capabilities.measure.services.catalogue import catalogue

    found = catalogue()
    assert len(found) >= 50
    assert all(each["definition"] and each["definition_en"] and each["source"] for each in found)
