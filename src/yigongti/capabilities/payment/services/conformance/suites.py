"""Reads the files of the suite: `cases/<suite>.json`, with the schemes they name put in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yigongti.kernel.errors import FileRefused

SUITES = ("grouping", "dip", "points", "deductible", "clearing", "distribution")
BY = ("hand", "independent implementation")
_KEYS = {"id", "title", "input", "expected", "by", "working"}
_PACKAGE = Path(__file__).resolve().parents[4]
_INSTALLED, _IN_PROJECT = _PACKAGE / "conformance", _PACKAGE.parents[1] / "conformance"
HERE = _INSTALLED if _INSTALLED.is_dir() else _IN_PROJECT
"""Where the suite lies: inside an installed product, else beside the sources of the project."""


@dataclass(frozen=True)
class Case:
    """One case: what is asked, what is expected, and how the expectation was found."""

    suite: str
    id: str
    title: Mapping[str, str]
    input: Mapping[str, Any]
    expected: Mapping[str, Any]
    by: str
    working: str

    def request(self) -> dict[str, Any]:
        """What a program is asked."""
        return {"suite": self.suite, "id": self.id, "input": self.input}


@dataclass(frozen=True)
class Suite:
    """The cases of one subject."""

    name: str
    title: Mapping[str, str]
    cases: tuple[Case, ...]


def read_suites(folder: Path, names: Sequence[str] = SUITES) -> tuple[Suite, ...]:
    """The suites of a folder.  Raises FileRefused on an unknown name, a missing file or a case of another shape."""
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        raise FileRefused(f"没有套件“{'、'.join(unknown)}”", str(folder), remedy=f"可用:{'、'.join(SUITES)}")
    return tuple(_suite(folder, name) for name in names)


def _suite(folder: Path, name: str) -> Suite:
    path = folder / "cases" / f"{name}.json"
    raw = _json(path)
    if not isinstance(raw, dict) or raw.get("suite") != name or not isinstance(raw.get("cases"), list):
        raise FileRefused(f"{path.name} 不是套件文件", str(path), "应有 suite 和 cases", "对照 schema 改正")
    cases = tuple(_case(each, name, folder) for each in raw["cases"])
    twice = sorted({case.id for case in cases if sum(other.id == case.id for other in cases) > 1})
    if twice:
        raise FileRefused(f"编号重复:{'、'.join(twice)}", str(path), remedy="改正编号")
    return Suite(name, raw["title"], cases)


def _case(raw: Any, suite: str, folder: Path) -> Case:
    if not isinstance(raw, dict) or set(raw) != _KEYS or raw["by"] not in BY:
        said = raw.get("id", raw) if isinstance(raw, dict) else raw
        raise FileRefused(
            f"病例“{said}”写得不对", f"{suite}.json", f"应有 {'、'.join(sorted(_KEYS))}", "对照 schema 改正"
        )
    given = dict(raw["input"])
    if isinstance(given.get("scheme"), str):
        given["scheme"] = _json(folder / "schemes" / f"{given['scheme']}.json")
    return Case(suite, raw["id"], raw["title"], given, raw["expected"], raw["by"], raw["working"])


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileRefused(f"没有 {path.name}", str(path.parent), remedy="用 --folder 写明 conformance 目录") from error
    except ValueError as error:
        raise FileRefused(f"{path.name} 不是 JSON", str(error), remedy="改正文件") from error
