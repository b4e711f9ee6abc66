"""Joint inspection by double lot (双随机): institutions and inspectors by a seed that anyone can draw again."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yigongti.kernel.errors import Refusal


@dataclass(frozen=True)
class Drawn:
    """An institution drawn, and who inspects it."""

    institution_id: str
    inspectors: tuple[str, ...]


def draw(
    institutions: Iterable[str], inspectors: Iterable[str], *, count: int, each: int, seed: str,
    barred: Mapping[str, Iterable[str]] | None = None,
) -> list[Drawn]:  # fmt: skip
    """`count` institutions, each with `each` inspectors, in the order of the lot.

    The lot is the order of SHA-256(seed, purpose, name): the same names and seed give the same draw on any machine.
    Inspectors are dealt so that the least burdened goes first.  barred: inspector → institutions that are their own.
    Raises Refusal where there are too few of either.
    """
    places = _lot(institutions, seed=seed, purpose="institution")
    if count < 1 or count > len(places):
        raise Refusal(f"要抽 {count} 家,可抽的机构有 {len(places)} 家", remedy="请减少数量或放宽范围")
    people, own = sorted(set(inspectors)), {name: set(where) for name, where in (barred or {}).items()}
    burden = dict.fromkeys(people, 0)
    return [Drawn(place, _dealt(place, people, burden, own, each=each, seed=seed)) for place in places[:count]]


def _dealt(
    place: str, people: Sequence[str], burden: dict[str, int], own: Mapping[str, set[str]], *, each: int, seed: str
) -> tuple[str, ...]:
    able = [name for name in _lot(people, seed=seed, purpose=place) if place not in own.get(name, ())]
    chosen = tuple(sorted(able, key=lambda name: burden[name])[:each])
    if len(chosen) < each:
        raise Refusal(f"每家需 {each} 名检查人员,可用的只有 {len(able)} 名", where=place, remedy="请补充检查人员名单")
    for name in chosen:
        burden[name] += 1
    return chosen


def _lot(names: Iterable[str], *, seed: str, purpose: str) -> list[str]:
    def ticket(name: str) -> str:
        return hashlib.sha256("\x1f".join((seed, purpose, name)).encode()).hexdigest()

    return sorted(set(names), key=lambda name: (ticket(name), name))
