"""A DIP catalogue: groups with their scores, auxiliary coefficients, institutions, and what it was made from.

Plain data with a digest of its own content: a catalogue that was changed after it was made is refused.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from yigongti.capabilities.payment.decisions.dip.matching import GroupKey, Kind
from yigongti.kernel.errors import FileRefused

FORMAT = "yigongti-dip-1"


@dataclass(frozen=True)
class Group:
    """A group of the catalogue.  score_e4: its score in ten-thousandths; mean_fen: cost per case, years weighted.

    cases and total_fen by year, oldest first; variation: of the cost within the group; means_fen: the latest year's
    cost per case, by level of institution and ("") of all; days_e4: mean days in hospital; deaths: how many died.
    """

    id: str
    kind: Kind
    diagnosis: str
    procedures: tuple[str, ...]
    treatment: str
    cases: tuple[int, ...]
    total_fen: tuple[int, ...]
    mean_fen: int
    score_e4: int
    variation: float
    days_e4: int
    deaths: int
    means_fen: Mapping[str, int]

    @property
    def key(self) -> GroupKey:
        return GroupKey(self.kind, self.diagnosis, self.procedures, self.treatment)


@dataclass(frozen=True)
class Institution:
    """An institution's coefficient and its supervision indices against its peers (1 is their mean)."""

    level: str
    coefficient_e4: int | None
    steps: Mapping[str, int]
    indices: Mapping[str, float | None]


@dataclass(frozen=True)
class Catalogue:
    """years: those weighted, oldest first; mean_fen: of all cases; auxiliary: "group/catalogue/label" → coefficient in
    ten-thousandths; rules: those used with their versions; report: coverage, variation, what was left out."""

    years: tuple[int, ...]
    mean_fen: int
    groups: tuple[Group, ...]
    auxiliary: Mapping[str, int]
    institutions: Mapping[str, Institution]
    rules: Mapping[str, str]
    report: Mapping[str, Any]
    digest: str = field(default="")

    def as_dict(self) -> dict[str, Any]:
        """Plain data with its digest, for a JSON file."""
        content = self._content()
        return {"format": FORMAT, "digest": digest_of(content), **content}

    def _content(self) -> dict[str, Any]:
        content = json.loads(json.dumps(asdict(self), sort_keys=True))
        content.pop("digest")
        return dict(content)


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of plain data, whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def frozen(catalogue: Catalogue) -> Catalogue:
    """The same catalogue carrying the digest of its content."""
    return read_catalogue(catalogue.as_dict(), where="")


def read_catalogue(raw: object, *, where: str) -> Catalogue:
    """A catalogue from plain data.  Raises FileRefused when it is none, or is not what it was when it was made."""
    if not isinstance(raw, Mapping) or raw.get("format") != FORMAT:
        raise FileRefused("不是 DIP 目录文件", where, f"format 应为 {FORMAT}", "用 yigongti dip build 生成目录")
    content = {name: value for name, value in raw.items() if name not in ("format", "digest")}
    if digest_of(content) != raw.get("digest"):
        raise FileRefused("目录内容与其摘要不符", where, "目录固化后不得改动", "取回原文件,或重新生成一版")
    try:
        return _catalogue(content, str(raw["digest"]))
    except (KeyError, TypeError) as error:
        raise FileRefused(f"目录缺字段或字段不对:{error}", where, remedy="用 yigongti dip build 生成目录") from error


def _catalogue(content: Mapping[str, Any], digest: str) -> Catalogue:
    lists = ("procedures", "cases", "total_fen")
    groups = tuple(Group(**{**row, **{name: tuple(row[name]) for name in lists}}) for row in content["groups"])
    institutions = {name: Institution(**row) for name, row in content["institutions"].items()}
    fixed = {"years": tuple(content["years"]), "groups": groups, "institutions": institutions, "digest": digest}
    return Catalogue(**{**content, **fixed})


@dataclass(frozen=True)
class Comparison:
    """Two catalogues side by side: groups only in one, and those whose score changed (before, after, e4)."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: Mapping[str, tuple[int, int]]


def compared(before: Catalogue, after: Catalogue) -> Comparison:
    """What a new catalogue changes."""
    old, new = scores_of(before.groups), scores_of(after.groups)
    changed = {name: (old[name], new[name]) for name in sorted(old.keys() & new.keys()) if old[name] != new[name]}
    return Comparison(tuple(sorted(new.keys() - old.keys())), tuple(sorted(old.keys() - new.keys())), changed)


def scores_of(groups: Sequence[Group]) -> dict[str, int]:
    """Group id → score in ten-thousandths."""
    return {group.id: group.score_e4 for group in groups}
