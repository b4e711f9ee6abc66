"""What serves each clause of the policy documents today, read from `policy/coverage.yaml` and checked to be true."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from yigongti.kernel.errors import PolicyError
from yigongti.kernel.rules.capabilities import SECTIONS
from yigongti.kernel.rules.entries import Entry, read_entry
from yigongti.kernel.rules.model import Document, Rule

STATES: Mapping[str, str] = MappingProxyType({
    "served": "已承接", "partly": "部分承接", "ledger only": "由台账跟踪", "planned": "尚未承接",
})  # fmt: skip
_FIELDS = (
    "label", "doc", "clauses", "capabilities", "rules", "workflows", "indicators", "screens", "ledger", "state",
)  # fmt: skip


@dataclass(frozen=True)
class Coverage:
    """One required clause (`BN-10`) and what serves it: ids of rules, workflows, indicators; names of screens."""

    id: str
    label: str
    doc: str
    clauses: tuple[str, ...]
    capabilities: tuple[str, ...]
    rules: tuple[str, ...]
    workflows: tuple[str, ...]
    indicators: tuple[str, ...]
    screens: tuple[str, ...]
    ledger: bool
    state: str


def read_coverage(root: Path) -> Mapping[str, Coverage]:
    """All of `coverage.yaml` by id, in its order.  Raises PolicyError on anything malformed."""
    page = read_entry(root / "coverage.yaml")
    return MappingProxyType({name: _coverage(name, page.entry(name)) for name in page.fields})


def _coverage(name: str, entry: Entry) -> Coverage:
    entry.only(*_FIELDS)
    for each in entry.texts("capabilities"):
        if each not in SECTIONS:
            entry.refuse(f"没有名为“{each}”的功能", field="capabilities", remedy=f"可用:{'、'.join(SECTIONS)}")
    return Coverage(
        id=name, label=entry.text("label"), doc=entry.text("doc"), clauses=entry.texts("clauses"),
        capabilities=entry.texts("capabilities"), rules=entry.texts("rules"), workflows=entry.texts("workflows"),
        indicators=entry.texts("indicators"), screens=entry.texts("screens"),
        ledger=entry.choice("ledger", ("true", "false")) == "true", state=entry.choice("state", STATES),
    )  # fmt: skip


def untrue(
    coverage: Mapping[str, Coverage], *, documents: Mapping[str, Document], rules: Mapping[str, list[Rule]]
) -> Iterator[PolicyError]:
    """What `coverage.yaml` claims wrongly or leaves out.

    rules: rule id → that rule in every pack.  A rule that cites a covered clause has to stand with that clause, and
    every clause of a document that is covered at all has to stand somewhere.
    """
    for each in coverage.values():
        yield from (_untrue(each, f"没有编号为“{rule}”的规则") for rule in each.rules if rule not in rules)
        known = documents[each.doc].clauses if each.doc in documents else {}
        yield from (_untrue(each, f"文件“{each.doc}”没有条款“{c}”") for c in each.clauses if c not in known)
        if each.state in ("served", "partly") and not (each.rules or each.indicators or each.workflows or each.screens):
            yield _untrue(each, "称已承接,却没有写由什么承接")
        if each.state == "ledger only" and not each.ledger:
            yield _untrue(each, "称由台账跟踪,ledger 却不是 true")
    yield from _left_out(coverage, documents=documents, rules=rules)


def _left_out(
    coverage: Mapping[str, Coverage], *, documents: Mapping[str, Document], rules: Mapping[str, list[Rule]]
) -> Iterator[PolicyError]:
    listed = {(each.doc, clause): set[str]() for each in coverage.values() for clause in each.clauses}
    for each in coverage.values():
        for clause in each.clauses:
            listed[each.doc, clause].update(each.rules)
    for doc in dict.fromkeys(each.doc for each in coverage.values()):
        missing = (
            [clause for clause in documents[doc].clauses if (doc, clause) not in listed] if doc in documents else []
        )
        yield from (_left(f"文件“{doc}”的条款“{clause}”没有列入") for clause in missing)
    for source, rule in _citations(rules):
        if rule not in listed.get(source, {rule}):
            yield _left(f"规则“{rule}”依据 {source[0]} 的条款“{source[1]}”,该条款下却没有列出它")


def _citations(rules: Mapping[str, list[Rule]]) -> list[tuple[tuple[str, str], str]]:
    versions = [version for same in rules.values() for rule in same for version in rule.versions]
    return sorted({((each.source.doc, each.source.clause), each.rule_id) for each in versions})


def _untrue(each: Coverage, what: str) -> PolicyError:
    return PolicyError(f"{each.id}:{what}", where=f"coverage.yaml 的 {each.id}", remedy="请核对,只写现在已有的")


def _left(what: str) -> PolicyError:
    return PolicyError(what, where="coverage.yaml", remedy="请补入相应条目")
