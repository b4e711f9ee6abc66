"""The open suite: its files are sound, its expectations hold twice over, the product passes, a wrong program fails."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from second_opinion import SUITES as SECOND_OPINION
from second_opinion_reckoning import Refused
from typer.testing import CliRunner

from yigongti.capabilities.payment.services.conformance import SUITES, Command, read_suites, run
from yigongti.capabilities.payment.services.conformance.running import differences
from yigongti.capabilities.payment.services.conformance.suites import HERE
from yigongti.kernel.errors import FileRefused, Refusal
from yigongti.site.command_line.main import app
from yigongti.site.conformance import answer

EVERY = [case for suite in read_suites(HERE) for case in suite.cases]
SCHEMA = json.loads((HERE / "schema" / "case-file.schema.json").read_text())
named = pytest.mark.parametrize("case", EVERY, ids=lambda case: f"{case.suite}-{case.id}")


@pytest.mark.parametrize("suite", SUITES)
def test_the_files_are_as_their_schema_says(suite):
    document = json.loads((HERE / "cases" / f"{suite}.json").read_text())
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("suite", "spoil"),
    [
        ("grouping", lambda case: case["input"]["case"].pop("sex")),
        ("dip", lambda case: case["input"].update(task="guess")),
        ("points", lambda case: case["expected"].update(more=1)),
        ("deductible", lambda case: case["input"]["stays"][0].update(level="fourth")),
        ("clearing", lambda case: case["expected"].pop("kept_by_fund_fen")),
        ("distribution", lambda case: case["input"].update(total_fen="1 yuan")),
        ("points", lambda case: case.pop("working")),
    ],
)
def test_the_schema_refuses_a_case_of_another_shape(suite, spoil):
    document = json.loads((HERE / "cases" / f"{suite}.json").read_text())
    spoil(document["cases"][0])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)


@named
def test_every_expectation_holds_when_worked_out_a_second_time(case):
    try:
        got = SECOND_OPINION[case.suite](dict(case.input))
    except Refused:
        got = {"refused": "as the suite says"}
    assert list(differences(case.expected, got)) == []


@named
def test_the_product_answers_as_expected(case):
    assert list(differences(case.expected, answer(case.request()))) == []


def test_money_of_every_clearing_adds_up():
    for case in EVERY:
        if case.suite == "clearing" and "lines" in case.expected:
            final = sum(line["final_fen"] for line in case.expected["lines"].values())
            kept, share = (case.expected[name] for name in ("kept_by_fund_fen", "fund_share_of_overrun_fen"))
            assert final + kept == case.input["pool"]["budget_fen"] + share, case.id


ECHO = f"{sys.executable} -c \"import sys, json; json.load(sys.stdin); print(json.dumps({{'refused': 'never'}}))\""


def test_the_products_own_command_passes_by_the_protocol(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import json, sys\n"
        "from yigongti.site.conformance import answer\n"
        "for_, to = sys.argv[1:]\n"
        "json.dump(answer(json.load(open(for_))), open(to, 'w'))\n"
    )
    suites = read_suites(HERE, ("distribution",))
    by_files = Command(f"{sys.executable} {program} {{in}} {{out}}")
    assert run(suites, by_files).failed == ()


def test_answer_reads_a_request_and_writes_a_result():
    case = next(case for case in EVERY if case.id == "six-three-one")
    done = CliRunner().invoke(app, ["conformance", "answer"], input=json.dumps(case.request()))
    assert json.loads(done.stdout)["shares"] == {"county": 60001, "town": 30000, "village": 10000}


def test_a_wrong_program_fails_with_what_differs_and_exit_code_1():
    arguments = ["conformance", "run", "--suite", "distribution", "--command", ECHO, "--json"]
    done = CliRunner().invoke(app, arguments)
    report = json.loads(done.stdout)
    assert done.exit_code == 1
    assert report["suites"] == {"distribution": {"passed": 5, "cases": 17}}
    assert any("不应拒绝" in row["differences"][0] for row in report["results"] if not row["passed"])


def test_the_whole_suite_by_the_command_line_passes_with_exit_code_0():
    done = CliRunner().invoke(app, ["conformance", "run", "--suite", "clearing", "--suite", "deductible"])
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "全部通过")
    listed = CliRunner().invoke(app, ["conformance", "list"])
    assert "newborn-1499" in listed.stdout


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f'{sys.executable} -c "raise SystemExit(3)"', "以 3 退出"),
        (f"{sys.executable} -c \"print('hello')\"", "不是 JSON"),
        (f'{sys.executable} -c "print([1])"', "不是 JSON 对象"),
        (f'{sys.executable} -c "import time; time.sleep(9)"', "没有回答"),
    ],
)
def test_a_command_that_does_not_answer_has_failed_the_case_and_the_report_says_how(line, said):
    (suite,) = read_suites(HERE, ("distribution",))
    (outcome,) = run([replace(suite, cases=suite.cases[:1])], Command(line, seconds=1)).outcomes
    assert said in outcome.differences[0]


@pytest.mark.parametrize("line", ["no-such-program-at-all", "", 'unclosed "quote'])
def test_a_command_that_cannot_be_started_is_refused(line):
    with pytest.raises(FileRefused):
        run(read_suites(HERE, ("distribution",)), Command(line))


def test_what_is_wrong_in_a_folder_of_cases_is_told(tmp_path):
    with pytest.raises(FileRefused, match="没有套件"):
        read_suites(HERE, ("grouping", "weather"))
    with pytest.raises(FileRefused, match=r"没有 points\.json"):
        read_suites(tmp_path, ("points",))
    (tmp_path / "cases").mkdir()
    for text, said in (("{", "不是 JSON"), ("[]", "不是套件文件"), ('{"suite": "points", "cases": [1]}', "写得不对")):
        (tmp_path / "cases" / "points.json").write_text(text)
        with pytest.raises(FileRefused, match=said):
            read_suites(tmp_path, ("points",))
    document = json.loads((HERE / "cases" / "points.json").read_text())
    document["cases"].append(document["cases"][0])
    (tmp_path / "cases" / "points.json").write_text(json.dumps(document))
    with pytest.raises(FileRefused, match="编号重复"):
        read_suites(tmp_path, ("points",))


@pytest.mark.parametrize(
    "request_",
    [{"suite": "weather", "input": {}}, {"suite": "points"}, {"suite": "points", "input": {}},
     {"suite": "clearing", "input": {"parameters": {"more": 1}, "pool": {}}}],
)  # fmt: skip
def test_a_request_of_another_shape_is_refused(request_):
    try:
        got = answer(request_)
    except Refusal:
        return
    assert got["refused"]


@pytest.mark.parametrize(
    ("expected", "got", "number"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, 0),
        ({"a": 1}, {"a": 2}, 1),
        ({"a": 0.1234}, {"a": 0.12341}, 0),
        ({"a": 0.1234}, {"a": 0.12346}, 1),
        ({"a": 1}, {"a": True}, 1),
        ({"a": None}, {}, 1),
        ({"a": {"b": 1}}, {"a": 1}, 1),
        ({"refused": True}, {"a": 1}, 1),
        ({"a": 1}, {"refused": "no"}, 1),
    ],
)
def test_fen_are_compared_exactly_and_points_to_four_decimals(expected, got, number):
    assert len(list(differences(expected, got))) == number


def test_the_readme_names_every_suite_and_both_languages_are_there():
    for name in ("README.md", "README.zh-CN.md"):
        text = (Path(HERE) / name).read_text()
        assert all(f"`{suite}`" in text for suite in SUITES)
