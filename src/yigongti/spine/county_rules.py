"""The county's book of rules: the packs it chose, and its own pack in the data directory."""

from functools import lru_cache
from pathlib import Path

from yigongti.kernel.rules import DEFAULT_POLICY, RuleBook
from yigongti.spine.home import home


def county_rules() -> RuleBook:
    """Read once and kept until a file of the county's own pack changes.  Raises PolicyError on faulty policy data."""
    here = home()
    return _read(here.choices.packs, here.own_policy, _state_of(here.own_policy))


@lru_cache(maxsize=2)
def _read(packs: tuple[str, ...], own: Path, _state: tuple[tuple[str, int, int], ...]) -> RuleBook:
    return RuleBook.load(DEFAULT_POLICY, packs, own=own)


def _state_of(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, change time and size of every file of a policy folder."""
    files = (path for path in sorted(folder.rglob("*.yaml")))
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
