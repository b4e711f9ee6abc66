"""每一条款由什么承接:一条不少,一句不虚。 Every clause is in coverage.yaml, and what it claims is there."""

import re

from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.rules import DEFAULT_POLICY
from yigongti.kernel.rules.coverage import read_coverage
from yigongti.kernel.rules.linting import lint
from yigongti.site.menu import MENU

COVERAGE = read_coverage(DEFAULT_POLICY)
_ROW = re.compile(r"^\| ((?:BN|QY|YN|JD|CZ)-\S+) \|.*\| ([a-z ]+) \|$", re.MULTILINE)
LETTERS = "abcdef"


def required(text: str) -> dict[str, set[str]]:
    """Every id of the requirements → the capabilities that have to serve it; `JD-a…f` stands for six."""
    found = {name: set(sections.split()) for name, sections in _ROW.findall(text)}
    six = found.pop("JD-a…f")
    return found | {f"JD-{letter}": six for letter in LETTERS}


def test_the_shipped_policy_data_has_nothing_wrong_in_it():
    assert lint() == []


def test_every_required_clause_has_its_row_with_the_capabilities_that_must_serve_it(shared):
    asked = required((shared / "requirements.md").read_text(encoding="utf-8"))
    assert len(asked) == 92
    listed = {name: set(each.capabilities) for name, each in COVERAGE.items() if not name.startswith("N-")}
    assert listed == asked


def test_every_one_of_the_36_functions_of_the_national_guide_has_its_row():
    assert [name for name in COVERAGE if name.startswith("N-")] == [f"N-{number}" for number in range(1, 37)]


def test_only_screens_of_the_product_are_claimed():
    screens = {name for section in MENU for entry in section.entries for name in (entry.name, *entry.also)}
    assert {screen for each in COVERAGE.values() for screen in each.screens} - screens == set()


def test_only_indicators_and_workflows_that_are_declared_are_claimed():
    for claimed, declared in (("indicators", REGISTRY.indicators), ("workflows", REGISTRY.workflows)):
        assert {name for each in COVERAGE.values() for name in getattr(each, claimed)} - set(declared) == set()


def test_every_indicator_serves_a_required_clause():
    assert set(REGISTRY.indicators) - {name for each in COVERAGE.values() for name in each.indicators} == set()


def test_every_indicator_names_a_registered_clause_as_its_source(books):
    documents = books["national"].documents
    sources = [each.source.split(" ", 1) for each in REGISTRY.indicators.values()]
    assert [source for source in sources if source[1] not in documents[source[0]].clauses] == []


def test_every_rule_that_an_indicator_uses_is_national_and_every_target_belongs_to_an_indicator(books):
    used = {rule for each in REGISTRY.indicators.values() for rule in each.rules}
    assert used - set(books["national"].rules) == set()
    targets = {rule for book in books.values() for rule in book.rules if rule.startswith("measure.target.")}
    assert targets - {each.target for each in REGISTRY.indicators.values()} == set()


def test_a_claim_of_a_rule_that_is_not_there_is_told(folder, change):
    change("rules: [contract.target]", "rules: [contract.target, contract.dream]", "coverage.yaml")
    assert lint(folder) == ["A-1:没有编号为“contract.dream”的规则;位置:coverage.yaml 的 A-1;处理:请核对,只写现在已有的"]


def test_a_clause_that_is_left_out_is_told(folder, change):
    change("clauses: [1, 2]", "clauses: [1]", "coverage.yaml")
    assert lint(folder) == ["文件“notice”的条款“2”没有列入;位置:coverage.yaml;处理:请补入相应条目"]


def test_a_rule_that_is_not_named_with_its_clause_is_told(folder, change):
    change("rules: [contract.target]", "screens: [rules]", "coverage.yaml")
    assert "规则“contract.target”依据 notice 的条款“1”,该条款下却没有列出它" in lint(folder)[0]


def test_a_clause_said_to_be_served_by_nothing_is_told(folder, change):
    change("rules: [contract.target], ", "", "coverage.yaml")
    assert "A-1:称已承接,却没有写由什么承接" in lint(folder)[0]


def test_a_document_that_does_not_have_the_clause_is_told(folder, change):
    change("clauses: [1, 2]", "clauses: [1, 2, 3]", "coverage.yaml")
    assert "A-1:文件“notice”没有条款“3”" in lint(folder)[0]


def test_a_clause_left_to_a_ledger_that_does_not_track_it_is_told(folder, change):
    change("ledger: true, state: partly", "ledger: false, state: ledger only", "coverage.yaml")
    assert "A-1:称由台账跟踪,ledger 却不是 true" in lint(folder)[0]


def test_a_capability_that_there_is_not_is_told(folder, change):
    change("capabilities: [contract]", "capabilities: [telepathy]", "coverage.yaml")
    assert "没有名为“telepathy”的功能" in lint(folder)[0]
