"""A DRG scheme: data that says in which order groups are tried, on which conditions, with which complications.

A scheme file is one JSON object: `scheme`, `title`, `retry_other_procedures` (a case without a group tries each other
procedure as its only one), `mdcs` in the order tried (`code`, `when`, `steps`), `adrgs` (code → `when`, `drgs`,
`else`), `drgs` (code → name), `lists` (name → codes), `mcc` and `cc` (code → exclusion list), `exclusion_of_principal`
(principal diagnosis → the exclusion list, or lists, whose complications it voids).  Conditions: `conditions`.
A step is `{"adrg": code}`, `{"ambiguous": code, "when": …}` or `{"ungrouped": code, "when": …}`.

Two keys are optional.  `prefixes` gives codes by how they begin (`{"lists": {name: [prefix]}, "mcc": {prefix: list}}`
and so on; a code's own entry goes before a prefix, a longer prefix before a shorter one).  `base_level` names the
groups paid alike at every level.
"""

import gzip
import tomllib
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import orjson

from yigongti.capabilities.payment.decisions.drg.codes import CodeList, CodeTable
from yigongti.capabilities.payment.decisions.drg.compact import from_compact
from yigongti.capabilities.payment.decisions.drg.conditions import Codes, Condition, parse_condition
from yigongti.kernel.errors import FileRefused, Refusal

UNGROUPED = "0000"
ENDINGS: tuple[Literal["ambiguous", "ungrouped"], ...] = ("ambiguous", "ungrouped")
T = TypeVar("T")


@dataclass(frozen=True)
class Drg:
    """A group of an ADRG, taken where its condition is the first to hold."""

    code: str
    when: Condition


@dataclass(frozen=True)
class Adrg:
    """A core group: its condition, its DRGs in the order tried, and the code taken when none holds (None: go on)."""

    code: str
    when: Condition
    drgs: tuple[Drg, ...]
    otherwise: str | None


@dataclass(frozen=True)
class Ending:
    """A step that ends the search without a core group.

    ambiguous: a valid procedure that no surgical group of this MDC takes (`xQY`); ungrouped: by the scheme's own word.
    """

    code: str
    when: Condition
    status: Literal["ambiguous", "ungrouped"] = "ambiguous"


@dataclass(frozen=True)
class Mdc:
    """A major category: the condition to enter it and its steps in order."""

    code: str
    when: Condition
    steps: tuple[Adrg | Ending, ...]

    def conditions(self) -> Iterator[Condition]:
        """Its own condition and those of its steps and their groups."""
        yield self.when
        for step in self.steps:
            yield step.when
            if isinstance(step, Adrg):
                yield from (drg.when for drg in step.drgs)


@dataclass(frozen=True)
class Scheme:
    """One edition of one place's grouping, as read from its file.

    names: DRG or ADRG code → name; mcc, cc: severe and ordinary complications → exclusion list; exclusions: principal
    diagnosis → the exclusion lists whose complications it voids; base_level: groups paid alike at every level.
    """

    name: str
    title: str
    retry_other_procedures: bool
    mdcs: tuple[Mdc, ...]
    adrgs: Mapping[str, Adrg]
    names: Mapping[str, str]
    lists: Mapping[str, CodeList]
    mcc: CodeTable[str]
    cc: CodeTable[str]
    exclusions: CodeTable[tuple[str, ...]]
    base_level: frozenset[str] = frozenset()

    @classmethod
    def load(cls, path: Path) -> "Scheme":
        """Read a scheme file in the neutral format (`.json` or `.json.gz`); FileRefused when it is not one."""
        return cls.from_document(read_document(path), where=path.name)

    @classmethod
    def from_document(cls, document: Mapping[str, Any], *, where: str = "方案") -> "Scheme":
        """A scheme from the parsed JSON; a Refusal names the entry that breaks the format."""
        return _Reader(document, where).scheme()

    def __getstate__(self) -> dict[str, object]:
        """What is sent to another process: the data; each derives for itself."""
        return {name: value for name, value in vars(self).items() if name != "_derived"}

    def derived(self, make: Callable[["Scheme"], T]) -> T:
        """What `make` makes of the scheme, made once and kept with it (such as its compiled form)."""
        kept: dict[Callable[[Scheme], Any], Any] = vars(self).setdefault("_derived", {})
        if make not in kept:
            kept[make] = make(self)
        return cast(T, kept[make])

    def codes_of(self, codes: Codes) -> CodeList:
        """The codes that a condition means: those of a named list of the scheme (none: no code), or its own."""
        return self.lists.get(codes, CodeList()) if isinstance(codes, str) else CodeList(frozenset(codes))

    def conditions(self) -> Iterator[Condition]:
        """Every condition of the scheme."""
        return (condition for mdc in self.mdcs for condition in mdc.conditions())


def read_document(path: Path) -> dict[str, Any]:
    """The neutral document in a scheme file: JSON, unpacked if its name ends in .gz; or the compact form in .toml."""
    try:
        raw = path.read_bytes()
        if path.suffix == ".toml":
            return from_compact(tomllib.loads(raw.decode()), where=path.name)
        document = orjson.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except FileNotFoundError as error:
        raise FileRefused(f"没有分组方案文件 {path.name}", str(path.parent), remedy="先导入方案,或改正路径") from error
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise FileRefused(f"分组方案文件 {path.name} 读不出来", str(error), "须为 JSON、JSON.gz 或 TOML") from error
    if not isinstance(document, dict):
        raise FileRefused(f"{path.name} 不是分组方案", why="方案是一个 JSON 对象")
    return document


class _Reader:
    """Reads one document; every refusal says where in it."""

    def __init__(self, document: Mapping[str, Any], where: str) -> None:
        self.document, self.where = document, where
        self.prefixes = document.get("prefixes", {})

    def scheme(self) -> Scheme:
        adrgs = {code: self._adrg(code, raw) for code, raw in self._part("adrgs", dict).items()}
        return Scheme(
            name=self._part("scheme", str),
            title=self.document.get("title", ""),
            retry_other_procedures=self.document.get("retry_other_procedures", False),
            mdcs=tuple(self._mdc(raw, adrgs) for raw in self._part("mdcs", list)),
            adrgs=adrgs,
            names=self._part("drgs", dict),
            lists=self._lists(),
            mcc=self._table("mcc", _exclusion),
            cc=self._table("cc", _exclusion),
            exclusions=self._table("exclusion_of_principal", _exclusions),
            base_level=frozenset(self.document.get("base_level", ())),
        )

    def _part(self, key: str, kind: type) -> Any:
        value = self.document.get(key)
        if not isinstance(value, kind):
            raise FileRefused(f"方案缺“{key}”或其类型不对", self.where, "不符合分组方案的约定格式", "改正方案文件")
        return value

    def _lists(self) -> dict[str, CodeList]:
        by_code, by_prefix = self._part("lists", dict), self.prefixes.get("lists", {})
        return {
            name: CodeList(frozenset(by_code.get(name, ())), tuple(by_prefix.get(name, ())))
            for name in (*by_code, *(name for name in by_prefix if name not in by_code))
        }

    def _table(self, name: str, read: Callable[[Any], T]) -> CodeTable[T]:
        try:
            by_code, by_prefix = (
                {code: read(value) for code, value in entries.items()}
                for entries in (self._part(name, dict), self.prefixes.get(name, {}))
            )
        except TypeError as error:
            raise FileRefused(f"“{name}”里有的编码没有排除表编号", self.where, remedy="每个编码写排除表编号") from error
        return CodeTable(by_code, by_prefix)

    def _mdc(self, raw: Any, adrgs: Mapping[str, Adrg]) -> Mdc:
        code = self._field(raw, "code", "mdcs")
        where = f"{self.where} {code}"
        steps = tuple(self._step(step, adrgs, where) for step in self._field(raw, "steps", where))
        return Mdc(code, parse_condition(raw.get("when", True), where=f"{where}.when"), steps)

    def _step(self, raw: Any, adrgs: Mapping[str, Adrg], where: str) -> Adrg | Ending:
        for status in ENDINGS:
            if isinstance(raw, Mapping) and status in raw:
                when = parse_condition(raw.get("when", True), where=f"{where} {raw[status]}")
                return Ending(raw[status], when, status)
        code = self._field(raw, "adrg", where)
        if code not in adrgs:
            raise Refusal(f"步骤里的 {code} 不在 adrgs 中", where, remedy="补上该 ADRG,或删去这一步")
        return adrgs[code]

    def _adrg(self, code: str, raw: Any) -> Adrg:
        where = f"{self.where} {code}"
        when = parse_condition(self._field(raw, "when", where), where=f"{where}.when")
        drgs = tuple(self._drg(drg, where) for drg in raw.get("drgs", ()))
        return Adrg(code, when, drgs, raw.get("else"))

    def _drg(self, raw: Any, where: str) -> Drg:
        code = self._field(raw, "drg", where)
        return Drg(code, parse_condition(raw.get("when", True), where=f"{where} {code}"))

    def _field(self, raw: Any, key: str, where: str) -> Any:
        if not isinstance(raw, Mapping) or key not in raw:
            raise FileRefused(f"缺“{key}”:{raw!r:.60}", where, "不符合分组方案的约定格式", "改正方案文件")
        return raw[key]


def _exclusion(raw: Any) -> str:
    if not isinstance(raw, str | int):
        raise TypeError(raw)
    return str(raw)


def _exclusions(raw: Any) -> tuple[str, ...]:
    return tuple(map(_exclusion, raw)) if isinstance(raw, list) else (_exclusion(raw),)
