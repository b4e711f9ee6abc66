"""A statement as plain data: what its page shows, and what is kept when it is issued.

sheet_of(statement)   # amounts in fen, days in ISO, ratios as numbers
digest(sheet)         # of what it rests on: equal digests, equal statements
compared(sheet, earlier)   # what each part differs by from the statement it corrects
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from yigongti.capabilities.contract.decisions.fees import Mark
from yigongti.capabilities.contract.decisions.packages import SOURCE_LABELS
from yigongti.capabilities.contract.models import IssuedStatement, Team
from yigongti.capabilities.contract.selectors.statements import PackageLine, Statement

Sheet = Mapping[str, Any]
RESTS_ON = ("kept", "marks", "members_were", "rules")
"""The entries of a sheet from which all others follow."""


@dataclass(frozen=True)
class Difference:
    """One part of a statement, before and after, in fen; what: 来源、成员……, name: which one."""

    what: str
    name: str
    before: int
    after: int

    @property
    def fen(self) -> int:
        return self.after - self.before


def sheet_of(statement: Statement) -> dict[str, Any]:
    """Everything that a statement says, and from what."""
    fee, quality, team = statement.fee, statement.quality, statement.team
    return {
        "team": team.name, "institution": team.institution.name, "year": statement.year.start.year,
        "contracts": statement.contracts, "unpriced": statement.unpriced,
        "price_fen": fee.price, "prepaid_fen": fee.prepaid, "total_fen": fee.total, "settled_fen": fee.settled,
        "score": _float(quality.score), "factor": _float(quality.factor), "band": quality.label,
        "marks": [_mark(mark, statement) for mark in quality.marks],
        "sources": dict(fee.by_source),
        "team_fen": statement.shares.team, "institution_fen": statement.shares.institution,
        "packages": [_package(line) for line in statement.lines],
        "members": [
            {"staff_id": each.member.staff_id, "name": each.member.name, "duty": each.member.duty,
             "amount_fen": each.amount} for each in statement.members
        ],
        "members_were": [[each.member.staff_id, each.member.duty] for each in statement.members],
        "kept": [[name, start.isoformat(), end.isoformat(), count]
                 for (name, start, end), count in sorted(statement.kept.items())],
        "rules": dict(sorted(statement.rules.items())),
        "facts_as_of": statement.facts_as_of.isoformat() if statement.facts_as_of else None,
    }  # fmt: skip


def digest(sheet: Sheet) -> str:
    """SHA-256 of what a sheet rests on: contracts, measured quality, members and the versions of rules."""
    rests_on = {name: sheet[name] for name in RESTS_ON}
    return hashlib.sha256(json.dumps(rests_on, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def compared(sheet: Sheet, earlier: Sheet) -> list[Difference]:
    """What differs from an earlier sheet, part by part; parts of the same amount are left out."""
    before, after = dict(_parts(earlier)), dict(_parts(sheet))
    found = [Difference(*key, before.get(key, 0), after.get(key, 0)) for key in dict.fromkeys([*after, *before])]
    return [each for each in found if each.fen]


def issued(team: Team, *, year: int) -> list[IssuedStatement]:
    """A team's issued statements of a year, the latest first."""
    found = IssuedStatement.objects.filter(team=team, year=year).select_related("issued_by", "corrects", "team")
    return list(found.order_by("-number"))


def latest_issued(year: int) -> dict[str, IssuedStatement]:
    """Team → its latest statement of a year."""
    rows = IssuedStatement.objects.filter(year=year).order_by("number")
    return {row.team_id: row for row in rows}


def _parts(sheet: Sheet) -> Iterator[tuple[tuple[str, str], int]]:
    yield from ((("source", SOURCE_LABELS[name]), fen) for name, fen in sheet["sources"].items())
    yield ("institution", sheet["institution"]), sheet["institution_fen"]
    yield from ((("member", each["name"] or each["staff_id"]), each["amount_fen"]) for each in sheet["members"])


def _mark(mark: Mark, statement: Statement) -> dict[str, Any]:
    return {
        "indicator": mark.indicator, "value": mark.value, "of": statement.counts.get(mark.indicator),
        "weight": float(mark.weight), "full_at": float(mark.full_at), "score": _float(mark.score),
    }  # fmt: skip


def _package(line: PackageLine) -> dict[str, Any]:
    fee = line.fee
    amounts = (fee.price, fee.prepaid, fee.total) if fee else (None, None, None)
    return {"name": line.name, "contracts": line.contracts,
            **dict(zip(("price_fen", "prepaid_fen", "total_fen"), amounts, strict=True))}  # fmt: skip


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
