"""From the folders of policy data to documents, packs and versions; refuses whatever is not cited or not clear.

A pack is a folder with `pack.yaml`, `rules/` and perhaps `sources/` and `codes/`.  The folder `policy/` itself is
the national pack; the others are `policy/regions/<id>/`, and a county keeps its own beside its data.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import cast

from yigongti.kernel.errors import PolicyError
from yigongti.kernel.rules.capabilities import CAPABILITIES
from yigongti.kernel.rules.entries import Entry, Plain, read_entry
from yigongti.kernel.rules.model import (
    COMPARATORS,
    CONFIDENCE_LABELS,
    LEVELS,
    Clause,
    Confidence,
    Document,
    Level,
    Pack,
    Rule,
    RuleVersion,
    SourceRef,
)
from yigongti.kernel.rules.units import KINDS, UNITS, UNITS_OF_KIND
from yigongti.kernel.rules.values import Value, read_value

NATIONAL = "national"
OWN = "own"
WORKING_DEFAULTS = "working-defaults"
_NO_CITATION = "每个取值都必须注明出处(文件与条款),否则不能作为规则使用"
_VERSION_FIELDS = (
    "effective_from",
    "effective_to",
    "value",
    "comparator",
    "due",
    "source",
    "recorded_on",
    "confidence",
    "note",
)


@dataclass(frozen=True)
class Shelf:
    """What a rule file may refer to: the documents that can be cited and the code sets that can be named."""

    documents: Mapping[str, Document]
    codes: Mapping[str, Plain]

    @classmethod
    def of(cls, *folders: Path) -> "Shelf":
        """Everything in the `sources/` and `codes/` of these pack folders; no name may stand twice."""
        sources = _by_name(path for folder in folders for path in files(folder / "sources"))
        codes = _by_name(path for folder in folders for path in code_lists(folder))
        return cls(
            {name: read_document(path) for name, path in sources.items()},
            {name: read_code_list(path) for name, path in codes.items()},
        )

    def cite(self, entry: Entry) -> SourceRef:
        """`{doc, clause}` → the clause it names; refused when either does not exist."""
        entry.only("doc", "clause")
        doc, clause = entry.text("doc", why=_NO_CITATION), entry.text("clause", why=_NO_CITATION)
        document = self.documents.get(doc)
        if document is None:
            entry.refuse(
                f"引用的文件“{doc}”在 sources/ 里没有",
                field="doc",
                why=_NO_CITATION,
                remedy=f"请先添加 sources/{doc}.yaml,或改为已有的:{'、'.join(self.documents)}",
            )
        if clause not in document.clauses:
            entry.refuse(
                f"文件“{document.title}”没有登记条款“{clause}”",
                field="clause",
                why=_NO_CITATION,
                remedy=f"请在 sources/{doc}.yaml 的 clauses 里补上,或改为:{'、'.join(document.clauses)}",
            )
        found = document.clauses[clause]
        return SourceRef(doc, clause, found.heading, document.title, document.number)


def _by_name(paths: Iterable[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in paths:
        if path.stem in found:
            raise PolicyError(
                f"编号“{path.stem}”用了两次", where=f"{found[path.stem]} 与 {path}", remedy="请给其中一个改名"
            )
        found[path.stem] = path
    return found


def files(folder: Path) -> list[Path]:
    """The policy files below a folder, in the order of their names; none where the folder is not there."""
    return sorted(folder.rglob("*.yaml"))


def code_lists(folder: Path) -> list[Path]:
    """The code lists of a pack folder.  Folders below `codes/` hold whole schemes, which have readers of their own."""
    return sorted((folder / "codes").glob("*.yaml"))


def pack_names(root: Path) -> list[str]:
    """The packs in a policy folder, the national one first."""
    return [NATIONAL, *(path.parent.name for path in sorted(root.glob("regions/*/pack.yaml")))]


def folder_of(root: Path, pack: str) -> Path:
    """Where a pack's files are.  Raises PolicyError naming the packs there are."""
    folder = root if pack == NATIONAL else root / "regions" / pack
    if not (folder / "pack.yaml").is_file():
        raise PolicyError(
            f"没有名为“{pack}”的政策包",
            where=str(folder),
            why="yigongti.toml 的 packs 只能写已有的政策包",
            remedy=f"可用的政策包:{'、'.join(pack_names(root))}",
        )
    return folder


def read_document(path: Path) -> Document:
    """One `sources/<doc>.yaml`."""
    entry = read_entry(path)
    entry.only("title", "number", "issuer", "issued_on", "level", "region", "note", "clauses")
    headings = entry.entry("clauses")
    clauses = {clause: Clause(clause, headings.text(clause)) for clause in headings.fields}
    return Document(
        id=path.stem,
        title=entry.text("title"),
        number=entry.optional("number"),
        issuer=entry.text("issuer"),
        issued_on=entry.day("issued_on"),
        level=_level(entry),
        region=entry.text("region"),
        clauses=clauses,
        note=entry.optional("note"),
    )


def read_pack(folder: Path, *, name: str, shelf: Shelf) -> Pack:
    """A folder's `pack.yaml` with the ids of its rules.  The county's own folder may do without one."""
    rules = tuple(rule_id(folder, path) for path in files(folder / "rules"))
    path = folder / "pack.yaml"
    if name == OWN and not path.is_file():
        return Pack(OWN, "本县自定", "county", "本县", (), (), {}, rules)
    entry = read_entry(path)
    entry.only("label", "level", "region", "parents", "documents", "capabilities", "note")
    for doc in entry.texts("documents"):
        if doc not in shelf.documents:
            entry.refuse(f"政策包所列文件“{doc}”在 sources/ 里没有", field="documents", remedy="请核对文件编号")
    return Pack(
        id=name,
        label=entry.text("label"),
        level=_level(entry),
        region=entry.text("region"),
        parents=entry.texts("parents"),
        documents=entry.texts("documents"),
        capabilities=dict(_capabilities(entry, shelf)),
        rules=rules,
        note=entry.optional("note"),
    )


def _capabilities(entry: Entry, shelf: Shelf) -> Iterator[tuple[str, SourceRef]]:
    if not entry.has("capabilities"):
        return
    switched_on = entry.entry("capabilities")
    for name in switched_on.fields:
        if name not in CAPABILITIES:
            switched_on.refuse(f"没有名为“{name}”的功能", field=name, remedy=f"可用:{'、'.join(CAPABILITIES)}")
        yield name, shelf.cite(switched_on.entry(name))


def rule_id(folder: Path, path: Path) -> str:
    """`<folder>/rules/measure/target/x.yaml` → `measure.target.x`."""
    return ".".join(path.relative_to(folder / "rules").with_suffix("").parts)


def read_rules(folder: Path, *, pack: Pack, shelf: Shelf) -> Iterator[Rule]:
    """Every rule file of a pack, as rules with that one layer."""
    for path in files(folder / "rules"):
        yield read_rule(path, rule=rule_id(folder, path), pack=pack, shelf=shelf)


def read_rule(path: Path, *, rule: str, pack: Pack, shelf: Shelf) -> Rule:
    """One rule file: label, kind, unit, versions, checked_on."""
    entry = read_entry(path)
    entry.only("label", "kind", "unit", "versions", "checked_on")
    label, kind = entry.text("label"), entry.choice("kind", KINDS)
    unit = entry.choice("unit", UNITS, why="单位只能用封闭清单里的")
    if unit not in UNITS_OF_KIND[kind]:
        entry.refuse(
            f"种类“{kind}”不能用单位“{unit}”", field="unit", remedy=f"可用:{'、'.join(sorted(UNITS_OF_KIND[kind]))}"
        )
    head = Rule(rule, label, kind, unit, layers={}, checked_on=entry.day("checked_on"))
    read = [(_version(each, head, pack, shelf), each) for each in entry.entries("versions")]
    read.sort(key=lambda pair: (pair[0].effective_from, pair[0].recorded_on))
    _must_not_overlap(read)
    return replace(head, layers={pack.id: tuple(version for version, _ in read)})


def _version(entry: Entry, rule: Rule, pack: Pack, shelf: Shelf) -> RuleVersion:
    entry.only(*_VERSION_FIELDS)
    version = RuleVersion(
        rule_id=rule.id,
        label=rule.label,
        kind=rule.kind,
        unit=rule.unit,
        value=_value(entry, rule, shelf),
        effective_from=entry.day("effective_from"),
        effective_to=entry.optional_day("effective_to"),
        recorded_on=entry.day("recorded_on"),
        source=shelf.cite(entry.entry("source", why=_NO_CITATION)),
        confidence=_confidence(entry),
        level=pack.level,
        pack=pack.id,
        due=entry.optional_day("due"),
        comparator=entry.choice("comparator", COMPARATORS) if entry.has("comparator") else "",
        note=entry.optional("note"),
    )
    _must_be_consistent(entry, version)
    return version


def _value(entry: Entry, rule: Rule, shelf: Shelf) -> Value:
    raw = entry.raw("value")
    if rule.kind == "code_set" and isinstance(raw, str):
        if raw not in shelf.codes:
            entry.refuse(f"编码集“{raw}”在 codes/ 里没有", field="value", remedy=f"可用:{'、'.join(shelf.codes)}")
        raw = shelf.codes[raw]
    try:
        return read_value(raw, kind=rule.kind, unit=rule.unit)
    except ValueError as error:
        entry.refuse(
            f"规则“{rule.label}”的值不合种类“{KINDS[rule.kind]}”:{error}",
            field="value",
            remedy="请按 policy/README.md 的样例改写",
        )


def _confidence(entry: Entry) -> Confidence:
    return cast(Confidence, entry.choice("confidence", CONFIDENCE_LABELS, why="每个取值必须说明可信程度"))


def _level(entry: Entry) -> Level:
    return cast(Level, entry.choice("level", LEVELS))


def _must_be_consistent(entry: Entry, version: RuleVersion) -> None:
    for name, day in (("effective_to", version.effective_to), ("due", version.due)):
        if day is not None and day < version.effective_from:
            entry.refuse(f"“{name}”的 {day} 早于生效日 {version.effective_from}", field=name, remedy="请核对日期")
    if (version.confidence == "default") != (version.source.doc == WORKING_DEFAULTS):
        entry.refuse(
            "工作默认值(default)与出处 working-defaults 必须一起使用",
            field="confidence",
            why="没有文件依据的取值要如实标明",
            remedy="有文件依据就写该文件,没有就写 working-defaults",
        )


def _must_not_overlap(read: list[tuple[RuleVersion, Entry]]) -> None:
    for (earlier, _), (later, entry) in combinations(read, 2):
        if (earlier.effective_from, earlier.recorded_on) == (later.effective_from, later.recorded_on):
            entry.refuse(
                f"两个取值的生效日同为 {later.effective_from}、登记日也相同",
                field="effective_from",
                remedy="更正旧值时请写更晚的 recorded_on;新值请写新的生效日",
            )
        if _overlap(earlier, later):
            entry.refuse(
                f"取值的有效期重叠:{earlier.effective_from}—{earlier.effective_to} 与 {later.effective_from} 起",
                field="effective_from",
                remedy="请改 effective_to,或写明更晚的 recorded_on",
            )


def _overlap(earlier: RuleVersion, later: RuleVersion) -> bool:
    """Two values for one day that were both known from the start; what was recorded later may overtake."""
    ends = earlier.effective_to
    begun = earlier.effective_from < later.effective_from
    return begun and ends is not None and later.effective_from <= ends and later.recorded_on <= earlier.recorded_on


def read_code_list(path: Path) -> Plain:
    """One `codes/<name>.yaml`: a named list of codes, or groups of them."""
    entry = read_entry(path)
    entry.only("label", "codes", "note")
    entry.text("label")
    return entry.raw("codes")
