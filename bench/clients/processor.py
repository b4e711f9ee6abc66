"""Processor time of those who work on a request: clients, server, and PostgreSQL where it runs on this machine.

Read from Linux's /proc; it is what remains comparable between a busy machine and a quiet one.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TICK = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """Milliseconds of processor time."""

    clients: float
    server: float
    database: float

    def __sub__(self, earlier: "Spent") -> "Spent":
        return Spent(self.clients - earlier.clients, self.server - earlier.server, self.database - earlier.database)

    def each(self, answers: int) -> str:
        """What one of so many answers cost, in words."""
        parts = {name: spent / answers for name, spent in vars(self).items()}
        return f"{sum(parts.values()):.1f} ms ({', '.join(f'{name} {spent:.1f}' for name, spent in parts.items())})"


def spent(server: int) -> Spent:
    """Until now, of this process, of `server` with its workers, and of every PostgreSQL process."""
    own = os.times()
    found = list(_processes())
    family = {server}
    for process in sorted(found, key=lambda each: each.number):
        if process.parent in family:
            family.add(process.number)
    return Spent(
        (own.user + own.system) * 1000,
        sum(each.spent for each in found if each.number in family),
        sum(each.spent for each in found if each.name == "postgres"),
    )


@dataclass(frozen=True)
class _Process:
    number: int
    name: str
    parent: int
    spent: float


def _processes() -> Iterator[_Process]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            said = (entry / "stat").read_text()
        except OSError:  # it has ended meanwhile
            continue
        name, _, rest = said.partition("(")[2].rpartition(")")
        fields = rest.split()
        yield _Process(int(entry.name), name, int(fields[1]), (int(fields[11]) + int(fields[12])) * _TICK)
