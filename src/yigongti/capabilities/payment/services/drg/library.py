"""The schemes at hand: those that ship, those imported into the data directory; `yigongti drg scheme …`.

Imported schemes are `<data directory>/schemes/drg/<name>.json.gz`, in the neutral format.
"""

import gzip
import hashlib
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import orjson

from yigongti.capabilities.payment.decisions.drg import Scheme
from yigongti.capabilities.payment.decisions.drg.check import Problem, problems
from yigongti.capabilities.payment.decisions.drg.scheme import read_document
from yigongti.capabilities.payment.decisions.drg.sheets import SheetProblem, assemble
from yigongti.capabilities.payment.services.drg.tables import read_tables
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.rules import DEFAULT_POLICY, CodeSet

SHIPPED = DEFAULT_POLICY / "codes" / "drg"
ENDINGS = (".json.gz", ".json", ".toml")
_SHOWN = 20


@dataclass(frozen=True)
class SchemeEntry:
    """A scheme of the library; digest: of its file, to name the edition a result was made with."""

    name: str
    title: str
    origin: Literal["shipped", "imported"]
    path: Path
    mdcs: int
    adrgs: int
    drgs: int
    digest: str


@dataclass(frozen=True)
class Imported:
    """A scheme taken into the library, and what is doubtful in it."""

    name: str
    path: Path
    problems: tuple[Problem, ...]


def list_schemes(home: Path | None = None) -> list[SchemeEntry]:
    """Every scheme of the library, those that ship first."""
    return [_entry(path, origin) for path, origin in _files(home)]


def open_scheme(named: str | Path, *, home: Path | None = None) -> Scheme:
    """A scheme by its file or by its name in the library.  FileRefused names those there are, where there is none."""
    return Scheme.load(_path(named, home))


def scheme_digest(named: str | Path, *, home: Path | None = None) -> str:
    """The digest of a scheme's file, to name the edition a result was made with."""
    return hashlib.sha256(_path(named, home).read_bytes()).hexdigest()


def scheme_names(home: Path | None = None) -> list[str]:
    """The names of the library's schemes, without reading them."""
    return [_name(path) for path, _ in _files(home)]


def kept_scheme(named: str, *, home: Path | None = None) -> Scheme:
    """The same as `open_scheme`, kept in the process until its file changes: for pages."""
    path = _path(named, home)
    return _kept(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _kept(path: Path, _changed: int) -> Scheme:
    return Scheme.load(path)


def check_scheme(named: str | Path, *, home: Path | None = None) -> list[Problem]:
    """What is wrong or doubtful in a scheme."""
    document = read_document(_path(named, home))
    return problems(Scheme.from_document(document), document)


NO_GAPS = CodeSet({})


def import_scheme(
    source: Path, *, home: Path, name: str = "", title: str = "", base_level: Container[str] = (),
    known_gaps: CodeSet = NO_GAPS,
) -> Imported:  # fmt: skip
    """Take a scheme into the library: the neutral format, a workbook (`.xlsx`), or a folder of CSV tables.

    base_level: groups paid alike at every level, for a source that does not say so itself (the rule
    `payment.drg.base_level_groups` has those of CHS-DRG 3.0); known_gaps: exclusion list → principal diagnoses known
    to be left out of it, told where they are (`payment.drg.known_exclusion_gaps`).  Raises FileRefused, with every
    sheet and row that does not parse, and then imports nothing.
    """
    document = _document(source, name or source.name.partition(".")[0], title)
    document |= {"scheme": name} if name else {}
    scheme = Scheme.from_document(document, where=source.name)
    document["base_level"] = sorted(scheme.base_level | {code for code in _drgs(scheme) if code in base_level})
    path = home / "schemes" / "drg" / f"{scheme.name}.json.gz"
    _keep(path, gzip.compress(orjson.dumps(document), mtime=0))
    return Imported(scheme.name, path, (*_gaps(scheme, known_gaps), *problems(scheme, document)))


def _gaps(scheme: Scheme, known: CodeSet) -> Iterator[Problem]:
    """The rows known to be missing from the source's exclusion tables that are missing here too."""
    used = {exclusion for table in (scheme.mcc, scheme.cc) for exclusion in table.by_code.values()}
    for exclusion, ranges in known.groups.items():
        missing = [code.first for code in ranges if exclusion not in (scheme.exclusions.get(code.first) or ())]
        if exclusion in used and missing:
            text = f"已知的缺行:主要诊断 {'、'.join(missing)} 不在其中,其并发症会照计;按原样导入"
            yield Problem("notice", f"排除表 {exclusion}", text)


def _keep(path: Path, content: bytes) -> None:
    """Write a scheme once: results name the scheme they were made with, so it never changes under its name."""
    if path.is_file() and path.read_bytes() != content:
        raise FileRefused(
            f"方案库里已有同名而内容不同的方案 {_name(path)}",
            str(path.parent),
            "已有结果以方案名为据",
            "换一个名称(如加版本)再导入",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _files(home: Path | None) -> Iterator[tuple[Path, Literal["shipped", "imported"]]]:
    for path in sorted(SHIPPED.iterdir()):
        if path.name.endswith(ENDINGS):
            yield path, "shipped"
    imported = home / "schemes" / "drg" if home else None
    if imported and imported.is_dir():
        for path in sorted(imported.iterdir()):
            if path.name.endswith(ENDINGS) and not path.name.startswith("."):
                yield path, "imported"


def _path(named: str | Path, home: Path | None) -> Path:
    path = Path(named)
    if path.is_file():
        return path
    found = {_name(each): each for each, _ in _files(home)}
    if str(named) not in found:
        raise FileRefused(
            f"没有分组方案“{named}”",
            why="既不是文件,也不是方案库里的名称",
            remedy=f"可用:{'、'.join(found)};或先 yigongti drg scheme import 导入",
        )
    return found[str(named)]


def _name(path: Path) -> str:
    return next(path.name.removesuffix(ending) for ending in ENDINGS if path.name.endswith(ending))


def _entry(path: Path, origin: Literal["shipped", "imported"]) -> SchemeEntry:
    scheme = Scheme.load(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return SchemeEntry(
        _name(path), scheme.title, origin, path, len(scheme.mdcs), len(scheme.adrgs), len(_drgs(scheme)), digest
    )


def _drgs(scheme: Scheme) -> set[str]:
    return {drg.code for adrg in scheme.adrgs.values() for drg in adrg.drgs}


def _document(source: Path, name: str, title: str) -> dict[str, Any]:
    if source.is_dir() or source.suffix.lower() == ".xlsx":
        assembled = assemble(read_tables(source), name=name, title=title or name)
        if assembled.problems:
            raise _refused(source, assembled.problems)
        return assembled.document
    return read_document(source)


def _refused(source: Path, found: tuple[SheetProblem, ...]) -> FileRefused:
    shown = ";".join(map(str, found[:_SHOWN]))
    more = f";另有 {len(found) - _SHOWN} 处" if len(found) > _SHOWN else ""
    return FileRefused(f"{source.name} 有 {len(found)} 处读不懂,没有导入", shown + more, "读不懂的不猜", "改正后再导入")
