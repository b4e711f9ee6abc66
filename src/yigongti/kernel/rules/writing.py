"""Writes dated values and documents into a county's own pack: the same files that a person would edit by hand.

A value is never edited: `write_value` adds a later one, `end_value` adds the same value with its last day.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from textwrap import indent

import yaml

from yigongti.kernel.errors import PolicyError
from yigongti.kernel.rules.book import RuleBook
from yigongti.kernel.rules.model import Confidence, Document, Rule, RuleVersion
from yigongti.kernel.rules.reading import OWN, Shelf, read_document, read_pack, read_rule

_FIRST_VERSION = re.compile(r"^versions:\s*\n(?P<margin> *)- ", re.MULTILINE)
_VERSION = re.compile(r"\n *- effective_from:")
_RULE_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_NEXT_KEY = re.compile(r"^[^\s#-]", re.MULTILINE)


@dataclass(frozen=True)
class Draft:
    """A value to be written: everything that a version in a rule file has; `value` as a person would type it."""

    rule_id: str
    label: str
    kind: str
    unit: str
    value: object
    effective_from: date
    recorded_on: date
    doc: str
    clause: str
    confidence: Confidence = "stated"
    comparator: str = ""
    due: date | None = None
    note: str = ""


def write_value(own: Path, draft: Draft, *, root: Path, book: RuleBook) -> Path:
    """Add a value to the county's own pack folder and return its file; nothing is written when it is refused.

    root: the policy folder; book: the county's rules as they are.  The document has to be there already
    (`write_document`).  Raises PolicyError as reading the file would, for an id that no rule can have, or where kind
    or unit differ from the rule that the county already has.
    """
    if not _RULE_ID.fullmatch(draft.rule_id):
        raise PolicyError(
            f"“{draft.rule_id}”不能作规则编号",
            why="编号由小写英文字母、数字和下划线组成,用点分段",
            remedy="如 registry.target.community_hospitals",
        )
    known = book.rules.get(draft.rule_id)
    if known is not None and (known.kind, known.unit) != (draft.kind, draft.unit):
        raise PolicyError(
            f"规则“{draft.rule_id}”的种类和单位是 {known.kind}/{known.unit},不能写成 {draft.kind}/{draft.unit}",
            where=str(own),
            remedy="请换算成相同的单位,或另起规则编号",
        )
    path = file_of(own, draft.rule_id)
    _put(path, _with_version(path, draft), check=_reader(own, draft.rule_id, root=root))
    return path


def end_value(
    own: Path, rule_id: str, *, ends_on: date, recorded_on: date, note: str, root: Path, book: RuleBook
) -> Path | None:
    """End the county's own value of a rule after a day and return its file; None where it has none on that day.

    The value is written again with `effective_to`, known from `recorded_on` on: who looks back from an earlier day
    still sees it unended.  Afterwards the values of the packs below count again.  Raises PolicyError where the file
    cannot be added to.
    """
    rule = book.rules.get(rule_id)
    layer = rule.layers.get(OWN, ()) if rule else ()
    begun = [version for version in layer if version.effective_from <= ends_on]
    if not begun or begun[-1].effective_to is not None:
        return None
    path = file_of(own, rule_id)
    text = path.read_text(encoding="utf-8")
    ended = _ended(text, begun[-1], ends_on=ends_on, recorded_on=recorded_on, note=note, path=path)
    _put(path, ended, check=_reader(own, rule_id, root=root))
    return path


def file_of(own: Path, rule_id: str) -> Path:
    """The file of a rule in the county's own pack folder."""
    return own / "rules" / Path(*rule_id.split(".")).with_suffix(".yaml")


def _reader(own: Path, rule_id: str, *, root: Path) -> Callable[[Path], Rule]:
    shelf = Shelf.of(root, own)
    pack = read_pack(own, name=OWN, shelf=shelf)
    return lambda trial: read_rule(trial, rule=rule_id, pack=pack, shelf=shelf)


def _ended(text: str, version: RuleVersion, *, ends_on: date, recorded_on: date, note: str, path: Path) -> str:
    """The file's text with the version written again and ended; what was recorded the same day takes its place."""
    versions: list[Mapping[str, object]] = yaml.safe_load(text)["versions"]
    key = (version.effective_from, version.recorded_on)
    at = [(each.get("effective_from"), each.get("recorded_on")) for each in versions].index(key)
    again = {**versions[at], "effective_to": ends_on, "recorded_on": recorded_on, "note": note}
    kept = text if version.recorded_on < recorded_on else _without(text, at, of=len(versions), path=path)
    return f"{kept.rstrip()}\n{indent(_yaml([again]), _margin(text, path))}"


def _without(text: str, at: int, *, of: int, path: Path) -> str:
    """The file's text without one of its versions; refused where they do not each begin with effective_from."""
    starts = [found.start() for found in _VERSION.finditer(text)]
    if len(starts) != of:
        raise PolicyError("认不出要终止的取值在文件的哪里", where=str(path), remedy="请在文件里为它写明 effective_to")
    return text[: starts[at]] + text[([*starts, len(text)])[at + 1] :]


def write_document(own: Path, document: Document) -> Path:
    """Add a document that the county's values cite, or write it anew with more clauses; returns its file."""
    path = own / "sources" / f"{document.id}.yaml"
    fields = {
        "title": document.title, "number": document.number, "issuer": document.issuer,
        "issued_on": document.issued_on, "level": document.level, "region": document.region, "note": document.note,
        "clauses": {clause.id: clause.heading for clause in document.clauses.values()},
    }  # fmt: skip
    _put(path, _yaml(fields), check=read_document)
    return path


def _put(path: Path, text: str, *, check: Callable[[Path], object]) -> None:
    """Write beside, check as a reader would, then take the place of the file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    trial = path.with_suffix(".new")
    trial.write_text(text, encoding="utf-8")
    try:
        check(trial)
        trial.replace(path)
    except PolicyError as refused:
        raise replace(refused, where=refused.where.replace(str(trial), str(path))) from refused
    finally:
        trial.unlink(missing_ok=True)


def _with_version(path: Path, draft: Draft) -> str:
    version = _yaml([_version_fields(draft)])
    if not path.is_file():
        head = {"label": draft.label, "kind": draft.kind, "unit": draft.unit, "checked_on": draft.recorded_on}
        return f"{_yaml(head)}versions:\n{indent(version, '  ')}"
    text = path.read_text(encoding="utf-8")
    return f"{text.rstrip()}\n{indent(version, _margin(text, path))}"


def _margin(text: str, path: Path) -> str:
    """How far the versions of a file are indented; refused where they are not the last thing in it."""
    found = _FIRST_VERSION.search(text)
    if not found or _NEXT_KEY.search(text[found.end() :].partition("\n")[2]):
        raise PolicyError("无法在文件末尾添加取值", where=str(path), remedy="请把 versions 放在文件的最后,再试")
    return found["margin"]


def _version_fields(draft: Draft) -> Mapping[str, object]:
    return {
        "effective_from": draft.effective_from, "value": draft.value, "comparator": draft.comparator,
        "due": draft.due, "source": {"doc": draft.doc, "clause": draft.clause}, "recorded_on": draft.recorded_on,
        "confidence": draft.confidence, "note": draft.note,
    }  # fmt: skip


def _yaml(fields: Mapping[str, object] | list[Mapping[str, object]]) -> str:
    """YAML in the order given, without empty fields."""
    filled = [_filled(each) for each in fields] if isinstance(fields, list) else _filled(fields)
    return yaml.dump(filled, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=200)


class _Plain(yaml.SafeDumper):
    """Writes a value wherever it stands: people read the file, and a second version is appended to it."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _filled(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value not in ("", None)}
