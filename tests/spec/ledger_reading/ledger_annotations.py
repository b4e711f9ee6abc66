"""Reads the annotations beside it and counts what the reader finds, names right and invents.

An annotated sentence file holds sentences, each followed by its targets, four spaces in:
`类别 | 比较 | 数值 | 单位 | 期限 | 指标`.  A seed file holds one target a line: `条款 | … | 原文`.
A target is found when its number stands among the read ones; it is right when comparator, value, range, unit and
deadline agree and the indicator is the same phrase or one holds the other.

A fresh document (fresh/<batch>/*.txt) is a whole document with each paragraph's targets under it, four spaces in; lines
that begin with `# ` are remarks.  It was annotated before the reader saw it; fresh/first_sight.csv keeps what each
batch scored then.  From the thirteenth on a batch is half real pages, which are scored there and not kept here, and of
its written documents those stand here that are read whole as annotated by now.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from yigongti.capabilities.ledger.reading import Target

HERE = Path(__file__).parent
SENTENCES = HERE / "sentences"
SEEDS = HERE / "seeds"
FRESH = HERE / "fresh"
FIRST_SIGHT = FRESH / "first_sight.csv"
_KINDS = {"目标": "target", "规则": "rule"}


@dataclass(frozen=True)
class Expected:
    """What an officer reads in a sentence or clause."""

    kind: str
    comparator: str
    value: float
    upper: float | None
    unit: str
    due: str | None
    indicator: str
    clause: str = ""
    quote: str = ""


@dataclass
class Score:
    """Counts over any number of sentences, and a line for each reading that is not right."""

    expected: int = 0
    found: int = 0
    right: int = 0
    read: int = 0
    kinds: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def invented(self) -> int:
        """Readings that stand for nothing expected."""
        return self.read - self.found

    def add(self, where: str, expected: Iterable[Expected], read: Iterable[Target]) -> None:
        """Match expected with read targets, the fully right ones first."""
        left = list(read)
        self.read += len(left)
        missing: list[Expected] = []
        for wanted in expected:
            self.expected += 1
            match = min(
                (t for t in left if is_right(wanted, t)), key=lambda t: t.indicator != wanted.indicator, default=None
            )
            if match is None:
                missing.append(wanted)
                continue
            left.remove(match)
            self.found += 1
            self.right += 1
            self.kinds += match.kind == wanted.kind
        for wanted in missing:
            near = next((t for t in left if t.value == wanted.value), None)
            self.wrong.append(f"{where}: 应为 {wanted}, 读作 {near}")
            if near is not None:
                left.remove(near)
                self.found += 1
        self.wrong += [f"{where}: 多读 {extra}" for extra in left]


def is_right(wanted: Expected, read: Target) -> bool:
    """True when all measured fields agree and the phrases name the same thing."""
    fields = (read.comparator, float(read.value), read.upper, read.unit, read.due)
    if fields != (wanted.comparator, wanted.value, wanted.upper, wanted.unit, wanted.due):
        return False
    return bool(read.indicator) and (read.indicator in wanted.indicator or wanted.indicator in read.indicator)


def annotated_sentences(path: Path) -> Iterator[tuple[str, list[Expected]]]:
    """Each sentence of a file with its targets."""
    sentence, targets = "", []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("    "):
            targets.append(_expected(line))
            continue
        if sentence:
            yield sentence, targets
        sentence, targets = line, []
    if sentence:
        yield sentence, targets


def annotated_seed(path: Path) -> tuple[str, list[Expected]]:
    """The title of an annotated document (its first line) and its targets."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ", 1) for line in lines if line and not line.startswith("#")]
    return lines[0].lstrip("# "), [_with_place(clause, rest) for clause, rest in rows]


def annotated_document(path: Path) -> tuple[str, list[Expected]]:
    """The text of a fresh document and its targets."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
    text = "\n".join(line for line in lines if not line.startswith("    "))
    return text, [_expected(line) for line in lines if line.startswith("    ")]


def _with_place(clause: str, rest: str) -> Expected:
    fields, quote = rest.rsplit(" | ", 1)
    plain = _expected(fields)
    return Expected(**{**vars(plain), "clause": clause, "quote": quote})


def _expected(line: str) -> Expected:
    kind, comparator, value, unit, due, indicator = (cell.strip() for cell in line.split("|"))
    low, _, high = value.partition("..")
    upper = float(high) if high else None
    return Expected(_KINDS[kind], comparator, float(low), upper, unit, None if due == "-" else due, indicator)
