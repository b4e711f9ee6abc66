"""A small policy folder to break in every way, and the books of the five places."""

from collections.abc import Callable
from pathlib import Path

import pytest

from yigongti.kernel.rules import RuleBook
from yigongti.kernel.rules.linting import whole

SOURCE = """\
title: 关于推进家庭医生签约服务的通知
number: 某卫发〔2024〕1号
issuer: 某县卫生健康局
issued_on: 2024-01-10
level: county
region: 某县
clauses:
  1: 签约目标
  2: 随访要求
"""
DEFAULTS = SOURCE.replace("某卫发〔2024〕1号", "暂定")
NATION = "label: 全国\nlevel: nation\nregion: 全国\n"
PROVINCE = "label: 某省\nlevel: province\nregion: 某省\nparents: [national]\n"
CITY = "label: 某市\nlevel: city\nregion: 某市\nparents: [national, province-a]\n"
COUNTY = "label: 某县\nlevel: county\nregion: 某县\nparents: [national]\n"
RULE = """\
label: 重点人群签约覆盖率目标
kind: ratio
unit: ratio
checked_on: 2024-02-01
versions:
  - effective_from: 2024-01-10
    value: 80%
    source: {doc: notice, clause: 1}
    recorded_on: 2024-01-10
    confidence: stated
"""
TARGET = "rules/contract/target.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole policy folder: one document, four packs, one rule; everything in it is right."""
    files = {
        "pack.yaml": NATION, "sources/notice.yaml": SOURCE, "sources/working-defaults.yaml": DEFAULTS,
        "regions/province-a/pack.yaml": PROVINCE, "regions/city-a/pack.yaml": CITY,
        "regions/county-a/pack.yaml": COUNTY, TARGET: RULE,
        "coverage.yaml": "A-1: {label: 签约, doc: notice, clauses: [1, 2], capabilities: [contract], "
        "rules: [contract.target], ledger: true, state: partly}\n",
    }  # fmt: skip
    for name, text in files.items():
        write(tmp_path / "policy", name, text)
    return tmp_path / "policy"


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def put(folder: Path) -> Callable[[str, str], None]:
    """Write a file of the policy folder: `put("rules/x.yaml", text)`."""
    return lambda name, text: write(folder, name, text)


@pytest.fixture
def change(folder: Path) -> Callable[..., None]:
    """Change the words of a file of the policy folder: `change("80%", "85%")` changes the rule's."""

    def replace(old: str, new: str, name: str = TARGET) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        write(folder, name, text.replace(old, new))

    return replace


@pytest.fixture(scope="session")
def books() -> dict[str, RuleBook]:
    """The shipped book of each pack: national alone, and each place with what it builds on."""
    return {next(iter(book.packs)): book for book in whole()}
