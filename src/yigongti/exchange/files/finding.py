"""What the given paths hold: files by the reader that claims them, in loading order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yigongti.exchange.files.failures import told
from yigongti.exchange.files.sources import Offer, Reader
from yigongti.kernel.errors import FileRefused, Refusal


@dataclass(frozen=True)
class Found:
    """offers in loading order; refused: (path, why) of what cannot be a fact file; ignored: other files in folders."""

    offers: tuple[Offer, ...]
    refused: tuple[tuple[str, Refusal], ...]
    ignored: tuple[str, ...]


def find(paths: Sequence[Path], *, readers: Sequence[Reader]) -> Found:
    """Ask the readers, the first that claims a file has it; each gets all of its files at once."""
    claimed: dict[int, list[Path]] = {}
    refused: list[tuple[str, Refusal]] = []
    ignored: list[str] = []
    for path, asked in _files(paths):
        try:
            place = _claimant(path, readers)
        except Refusal as refusal:
            refused.append((str(path), refusal))
            continue
        if place >= 0:
            claimed.setdefault(place, []).append(path)
        elif asked:
            refused.append((str(path), _unclaimed(path)))
        else:
            ignored.append(str(path))
    offers = [offer for place, files in claimed.items() for offer in readers[place].offers(files)]
    return Found(tuple(sorted(offers, key=lambda offer: offer.order)), tuple(refused), tuple(ignored))


def _claimant(path: Path, readers: Sequence[Reader]) -> int:
    if not path.exists():
        raise FileRefused("文件不存在", where=str(path), remedy="请检查路径")
    with told(str(path)):
        return next((place for place, reader in enumerate(readers) if reader.claims(path)), -1)


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Every file, and whether it was asked for by name."""
    for path in paths:
        if path.is_dir():
            inside = (file for file in sorted(path.rglob("*")) if file.is_file())
            yield from ((file, False) for file in inside if not file.name.startswith((".", "~$")))
        else:
            yield path, True


def _unclaimed(path: Path) -> Refusal:
    return FileRefused(
        f"不认识“{path.suffix or path.name}”类型的文件",
        where=str(path),
        why="可装载 CSV、XLSX、Parquet、NDJSON 和 FHIR",
        remedy="请另存为其中一种",
    )
