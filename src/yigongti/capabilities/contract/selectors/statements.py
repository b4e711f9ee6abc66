"""What a year's contracts are paid: by team, by member, by source; every contract that the lake knows of counts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yigongti.analytics.lake import facts_as_of, paths
from yigongti.capabilities.contract.decisions import fees
from yigongti.capabilities.contract.decisions.fees import Fee, Kept, Quality, Shares
from yigongti.capabilities.contract.decisions.packages import DUTIES, Package, packages
from yigongti.capabilities.contract.models import Member, Team, TeamMark
from yigongti.kernel import clock
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import Rules
from yigongti.spine.county_rules import county_rules

GROUP = ("team_id", "package", "start_on", "end_on")

Terms = tuple[str, date, date]
"""A contract's package, first and last day."""


@dataclass(frozen=True)
class PackageLine:
    """The contracts of one package; fee is None where no rule prices it (a package of another system)."""

    name: str
    contracts: int
    fee: Fee | None


@dataclass(frozen=True)
class MemberLine:
    """What a member gets, in fen."""

    member: Member
    amount: int

    @property
    def duty(self) -> str:
        return DUTIES[self.member.duty]


@dataclass(frozen=True)
class Statement:
    """A team's year.  facts_as_of: when contracts last reached the lake; rules: id → version that counted; kept: how
    many contracts of the same terms it counts; counts: indicator → numerator and denominator of the measured quality.
    """

    team: Team
    year: Period
    quality: Quality
    lines: Sequence[PackageLine]
    fee: Fee
    shares: Shares
    members: Sequence[MemberLine]
    facts_as_of: datetime | None
    rules: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[Terms, int] = field(default_factory=dict)
    counts: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def contracts(self) -> int:
        return sum(line.contracts for line in self.lines)

    @property
    def unpriced(self) -> int:
        """Contracts whose package no rule prices: they are not paid for here."""
        return sum(line.contracts for line in self.lines if line.fee is None)


def statements(teams: Iterable[Team], *, year: int) -> list[Statement]:
    """The statements of some teams; contracts and measured quality are read once."""
    listed, period = list(teams), Period(date(year, 1, 1), date(year, 12, 31))
    found = _contracts(period, [team.pk for team in listed])
    marks = _marks(year, [team.pk for team in listed])
    rules = county_rules().on(min(period.end, max(clock.today(), period.start)))
    known = {package.name: package for package in packages(rules.book, on=rules.day).values()}
    return [_statement(team, found.get(team.pk, {}), period, marks.get(team.pk, ()), known, rules) for team in listed]


def _statement(
    team: Team, kept: Mapping[Terms, int], year: Period, marks: Sequence[TeamMark], known: Mapping[str, Package],
    rules: Rules,
) -> Statement:  # fmt: skip
    quality = fees.quality({mark.indicator: mark.value for mark in marks}, rules=rules)
    lines = _lines(kept, year=year, factor=quality.factor, known=known, rules=rules)
    fee = fees.total([line.fee for line in lines if line.fee is not None])
    members = list(team.members.filter(until__isnull=True).select_related("staff").order_by("duty", "pk"))
    split = fees.shares(fee.total, duties=[member.duty for member in members], rules=rules)
    paid = [MemberLine(member, amount) for member, amount in zip(members, split.members, strict=True)]
    counts = {mark.indicator: (mark.numerator, mark.denominator) for mark in marks if mark.denominator is not None}
    return Statement(
        team, year, quality, lines, fee, split, paid, facts_as_of("contract"), _used(lines, marks, known, rules), kept,
        counts,
    )  # fmt: skip


def _used(
    lines: Sequence[PackageLine], marks: Sequence[TeamMark], known: Mapping[str, Package], rules: Rules
) -> dict[str, str]:
    """Rule → version of everything that counted: the fee's own rules, the packages' prices, what quality was
    measured by."""
    priced = [known[line.name].version for line in lines if line.fee is not None]
    measured = {rule_id: key for mark in marks for rule_id, key in mark.rule_versions.items()}
    own = [rules[rule_id] for rule_id in fees.RULES]
    return {**measured, **{version.rule_id: version.key for version in [*own, *priced]}}


def _lines(
    kept: Mapping[Terms, int], *, year: Period, factor: Fraction | None,
    known: Mapping[str, Package], rules: Rules,
) -> list[PackageLine]:  # fmt: skip
    """One line a package: contracts of the same days have the same fee, so each is worked out once."""
    counts: Counter[str] = Counter()
    parts: dict[str, list[Fee]] = {}
    for (name, start, end), count in sorted(kept.items()):
        counts[name] += count
        if name in known:
            fee = fees.fee_of(Kept(known[name], start, end), year=year, factor=factor, rules=rules)
            parts.setdefault(name, []).append(fees.times(fee, count))
    return [PackageLine(name, count, fees.total(parts[name]) if name in parts else None)
            for name, count in sorted(counts.items())]  # fmt: skip


def _contracts(year: Period, teams: Sequence[str]) -> dict[str, dict[Terms, int]]:
    """Team → (package, first day, last day) → how many contracts were in force on any day of the year."""
    files = paths("contract")
    if not files:
        return {}
    inside = (pc.field("start_on") <= year.end) & (pc.field("end_on") >= year.start)
    inside &= pc.field("team_id").isin(pa.array(teams, pa.string()))
    rows = pq.read_table(files, columns=list(GROUP), filters=inside)
    found: dict[str, dict[Terms, int]] = {}
    for row in rows.group_by(list(GROUP)).aggregate([([], "count_all")]).to_pylist():
        key = (row["package"], row["start_on"], row["end_on"])
        found.setdefault(row["team_id"], {})[key] = row["count_all"]
    return found


def _marks(year: int, teams: Sequence[str]) -> dict[str, list[TeamMark]]:
    """Team → what was measured of it (`services.measuring`)."""
    found: dict[str, list[TeamMark]] = {}
    for mark in TeamMark.objects.filter(year=year, team_id__in=teams).order_by("indicator"):
        found.setdefault(mark.team_id, []).append(mark)
    return found
