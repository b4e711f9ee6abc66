"""Reads the whole of a policy folder and tells everything that is wrong with it, not only the first thing."""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from yigongti.kernel.errors import PolicyError
from yigongti.kernel.rules.book import DEFAULT_POLICY, RuleBook
from yigongti.kernel.rules.coverage import read_coverage, untrue
from yigongti.kernel.rules.model import Rule
from yigongti.kernel.rules.reading import (
    NATIONAL,
    OWN,
    Shelf,
    code_lists,
    files,
    folder_of,
    pack_names,
    read_code_list,
    read_document,
    read_pack,
    read_rule,
    rule_id,
)


def lint(root: Path = DEFAULT_POLICY) -> list[str]:
    """Every problem of a policy folder as a sentence with its place; an empty list when all is well."""
    return [str(problem) for problem in problems(root)]


def problems(root: Path = DEFAULT_POLICY) -> list[PolicyError]:
    """Every problem of a policy folder.  What rests on something unreadable is not judged until that is mended."""
    strays = [_stray(path) for path in sorted(root.rglob("*")) if path.is_file() and not _belongs(path, root)]
    sources = [*_failures(read_document, files(root / "sources")), *_failures(read_code_list, code_lists(root))]
    return strays + (sources or _in_packs(root) or _in_whole(root))


def county_problems(root: Path, *, packs: Sequence[str], own: Path) -> list[PolicyError]:
    """Every problem of a county's own pack folder, and of composing it with the packs that the county chose."""
    strays = [_stray(path) for path in sorted(own.rglob("*")) if path.is_file() and not _belongs(path, own)]
    sources = [*_failures(read_document, files(own / "sources")), *_failures(read_code_list, code_lists(own))]
    return strays + (sources or _in_county(root, packs=packs, own=own))


def _in_county(root: Path, *, packs: Sequence[str], own: Path) -> list[PolicyError]:
    try:
        RuleBook.load(root, packs)
        shelf = Shelf.of(root, *(folder_of(root, name) for name in packs if name != NATIONAL), own)
        found = _in_pack(own, name=OWN, shelf=shelf)
        if not found:
            RuleBook.load(root, packs, own)
    except PolicyError as problem:
        return [problem]
    return found


def whole(root: Path = DEFAULT_POLICY) -> list[RuleBook]:
    """One book a pack, each composed with the packs it builds on; the national one first."""
    shelf = Shelf.of(root)
    parents = {name: read_pack(folder_of(root, name), name=name, shelf=shelf).parents for name in pack_names(root)}
    return [RuleBook.load(root, _line_of(name, parents)) for name in parents]


def main(arguments: Sequence[str] = (), *, packs: Sequence[str] = (), own: Path | None = None) -> int:
    """`policy check [--root DIR] [--json]`: prints what is wrong and returns 2, or a summary and 0.

    packs, own: what a county chose and its own pack folder, where they are to be checked as well.
    """
    parser = argparse.ArgumentParser(
        prog="yigongti policy check", description="检查政策数据:规则、出处、政策包与覆盖表"
    )
    parser.add_argument("--root", type=Path, default=DEFAULT_POLICY, help="政策数据目录")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    options = parser.parse_args(arguments)
    found = problems(options.root)
    if own is not None:
        found += county_problems(options.root, packs=packs, own=own)
    counts = {} if found else _counts(whole(options.root))
    if options.json:
        print(json.dumps({"problems": [each.as_dict() for each in found], **counts}, ensure_ascii=False, indent=2))
    else:
        print("\n".join([str(each) for each in found] or [_summary(counts)]))
    return 2 if found else 0


def _failures(read: Callable[[Path], object], paths: Sequence[Path]) -> Iterator[PolicyError]:
    for path in paths:
        try:
            read(path)
        except PolicyError as problem:
            yield problem


def _in_packs(root: Path) -> list[PolicyError]:
    shelf = Shelf.of(root)
    return [each for name in pack_names(root) for each in _in_pack(folder_of(root, name), name=name, shelf=shelf)]


def _in_pack(folder: Path, *, name: str, shelf: Shelf) -> list[PolicyError]:
    try:
        pack = read_pack(folder, name=name, shelf=shelf)
    except PolicyError as problem:
        return [problem]

    def read(path: Path) -> Rule:
        return read_rule(path, rule=rule_id(folder, path), pack=pack, shelf=shelf)

    return list(_failures(read, files(folder / "rules")))


def _in_whole(root: Path) -> list[PolicyError]:
    """What shows only when packs are composed, and what coverage.yaml claims."""
    try:
        books, coverage = whole(root), read_coverage(root)
    except PolicyError as problem:
        return [problem]
    rules: dict[str, list[Rule]] = {}
    for rule in (rule for book in books for rule in book.rules.values()):
        rules.setdefault(rule.id, []).append(rule)
    return list(untrue(coverage, documents=books[0].documents, rules=rules))


def _line_of(name: str, parents: dict[str, tuple[str, ...]]) -> list[str]:
    """A pack, the packs it builds on, those they build on, and so on."""
    line = [name]
    for each in line:
        line.extend(parent for parent in parents.get(each, ()) if parent not in line)
    return line


def _counts(books: Sequence[RuleBook]) -> dict[str, int]:
    versions = {
        (each.rule_id, each.key): each for book in books for rule in book.rules.values() for each in rule.versions
    }
    return {
        "packs": len(books),
        "documents": len(books[0].documents),
        "rules": len({rule_id for rule_id, _ in versions}),
        "versions": len(versions),
        "working_defaults": sum(1 for version in versions.values() if version.confidence == "default"),
    }


def _summary(counts: dict[str, int]) -> str:
    return (
        f"政策数据无误:{counts['packs']} 个政策包,{counts['documents']} 份文件,{counts['rules']} 条规则,"
        f"{counts['versions']} 个取值(其中工作默认值 {counts['working_defaults']} 个)"
    )


def _belongs(path: Path, root: Path) -> bool:
    scheme = len(path.relative_to(root).parts) > len(("codes", path.name)) and path.is_relative_to(root / "codes")
    return scheme or path.suffix in (".yaml", ".md")


def _stray(path: Path) -> PolicyError:
    return PolicyError(
        f"不会被读取的文件“{path.name}”",
        where=str(path),
        why="规则文件的后缀必须是 .yaml",
        remedy="请改名为 .yaml,或移出政策目录",
    )
