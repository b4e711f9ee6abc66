"""What people read and what the code says are one word: roles, workflows and fact tables are in the glossary."""

from collections import Counter
from pathlib import Path

import pytest

from yigongti.kernel.facts import COUNTY
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.roles import Role

LINES = (Path(__file__).parents[2] / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in LINES if line.startswith("| ")]


@pytest.mark.parametrize("role", Role)
def test_every_role_is_in_the_glossary(role):
    assert [role.label, role.value] in [row[:2] for row in ROWS]


@pytest.mark.parametrize("table", COUNTY.values(), ids=COUNTY.keys())
def test_every_fact_table_is_in_the_glossary(table):
    assert [table.label, table.name] in [row[:2] for row in ROWS]


def test_every_workflow_is_in_the_glossary():
    declared = {(workflow.label, workflow.id) for workflow in REGISTRY.workflows.values()}
    assert declared
    assert declared - {(row[0], row[1]) for row in ROWS} == set()


def test_no_word_is_explained_twice_in_one_part():
    parts = "\n".join(LINES).split("\n## ")
    words = [[line.split("|")[1].strip() for line in part.splitlines() if line.startswith("| ")] for part in parts]
    assert [word for part in words for word, count in Counter(part).items() if count > 1] == []
