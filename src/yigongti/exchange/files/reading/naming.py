"""Which fact table a file or sheet is, from its name: `visit.csv`, `visit-2025-01.csv`, `门急诊就诊.xlsx`."""

import re
from difflib import get_close_matches
from pathlib import Path

from yigongti.kernel.errors import FileRefused
from yigongti.kernel.facts import COUNTY, FactTable

_BY_NAME = {**{table.label: table for table in COUNTY.values()}, **COUNTY}
_LONGEST_FIRST = sorted(_BY_NAME, key=len, reverse=True)


def table_named(name: str) -> FactTable | None:
    """The table of exactly this name or label, perhaps followed by a date, a number or the like; else None."""
    plain = name.strip().casefold()
    for known in _LONGEST_FIRST:
        if re.fullmatch(rf"{re.escape(known)}(?:[^a-z一-鿿].*)?", plain):
            return _BY_NAME[known]
    return None


def stem(path: Path) -> str:
    """The file's name without its extensions (`visit.csv.gz` → `visit`)."""
    name = path.name.removesuffix(".gz")
    return name[: -len(Path(name).suffix)] if Path(name).suffix else name


def table_of(path: Path) -> FactTable:
    """The table of a file, by its name or else its folder's.  Raises FileRefused with the nearest name."""
    table = table_named(stem(path)) or table_named(path.parent.name)
    if table is None:
        raise FileRefused(
            f"认不出“{path.name}”是哪张事实表",
            where=str(path),
            why="文件名应为事实表的英文名或中文名",
            remedy=suggestion(stem(path), _BY_NAME) or f"可用的表名:{'、'.join(COUNTY)}",
        )
    return table


def suggestion(given: str, known: object) -> str:
    """ "是不是“visit”?" for the nearest of the known words, or "" where none is near."""
    near = get_close_matches(given.strip().casefold(), list(known), n=1, cutoff=0.6)  # type: ignore[call-overload]  # any iterable of words
    return f"是不是“{near[0]}”?" if near else ""
