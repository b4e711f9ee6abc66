"""`policy/coverage.yaml` as rows: each clause with what serves it today."""

from dataclasses import dataclass
from functools import cache

import yaml
from django.utils.translation import gettext_lazy as _

from yigongti.kernel.rules import DEFAULT_POLICY

STATES = {
    "served": (_("已落实"), "good"),
    "partly": (_("部分落实"), "warn"),
    "ledger only": (_("仅台账跟踪"), "none"),
    "planned": (_("计划中"), "none"),
}


@dataclass(frozen=True)
class Served:
    """One clause: its id (BN-1), label, document, and the ids of what serves it."""

    id: str
    label: str
    doc: str
    clauses: tuple[str, ...]
    capabilities: tuple[str, ...]
    rules: tuple[str, ...]
    workflows: tuple[str, ...]
    indicators: tuple[str, ...]
    screens: tuple[str, ...]
    state: str

    @property
    def state_label(self) -> str:
        return str(STATES[self.state][0])

    @property
    def tone(self) -> str:
        return STATES[self.state][1]


@cache
def coverage() -> tuple[Served, ...]:
    """Every clause of the requirements, in the file's order."""
    entries = yaml.safe_load((DEFAULT_POLICY / "coverage.yaml").read_text(encoding="utf-8"))
    return tuple(_served(name, entry) for name, entry in entries.items())


def _served(name: str, entry: dict[str, object]) -> Served:
    lists = {key: tuple(str(each) for each in entry.get(key) or ()) for key in
             ("clauses", "capabilities", "rules", "workflows", "indicators", "screens")}  # fmt: skip
    return Served(id=name, label=str(entry["label"]), doc=str(entry["doc"]), state=str(entry["state"]), **lists)
