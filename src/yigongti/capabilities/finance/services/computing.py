"""What a sharing comes to: pots, bases and coefficients from facts and rules; nothing is stored here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from yigongti.capabilities.finance.decisions.results import Bought, Delivered, buy
from yigongti.capabilities.finance.decisions.sharing import Pot, Share, pots, scaled, share, total_of
from yigongti.capabilities.finance.models import CentreCost, Kind
from yigongti.capabilities.finance.services import bases
from yigongti.capabilities.finance.services.evaluated import Evaluated
from yigongti.capabilities.finance.services.members import Members
from yigongti.capabilities.finance.services.zones import zone_bases
from yigongti.kernel.errors import Refusal
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleVersion

WEIGHTS, TITLES = "finance.distribution.weights", "finance.distribution.title_points"
STAY_EQUALS, SCORED = "finance.distribution.stay_equals_visits", "finance.distribution.scored_factors"
TIERS, PRICES, ZONES = "finance.performance.tiers", "finance.results.prices", "finance.zones.weights"
Rules = Mapping[str, RuleVersion]
ONE = Fraction(1)


@dataclass(frozen=True)
class Ground:
    """What a sharing stands on.  total_fen: ignored where the pots make it (apportionment)."""

    members: Members
    period: Period
    total_fen: int
    rules: Rules
    evaluated: Evaluated


@dataclass(frozen=True)
class Drawn:
    """A line as it will be stored."""

    member: str
    factor: str
    weight: Fraction
    pot_fen: int
    basis: Fraction
    whole: Fraction
    amount_fen: int
    coefficient: Fraction = ONE
    price_fen: int | None = None


@dataclass(frozen=True)
class Computed:
    """The lines, the total they come from, and what is left of it."""

    lines: tuple[Drawn, ...]
    total_fen: int
    left_fen: int


def compute(kind: Kind, ground: Ground, found: bases.Facts) -> Computed:
    """Raises Refusal where money, members, bases or books are missing, or weights do not sum to 100 %."""
    return _WAYS[kind](ground, found)


def _apportion(ground: Ground, found: bases.Facts) -> Computed:
    months = [month.label for month in ground.period.months()]
    costs = CentreCost.objects.filter(consortium_id=ground.members.consortium_id, month__in=months)
    hosts: dict[str, set[str]] = {}
    money: dict[str, int] = {}
    for cost in costs.order_by("centre", "institution_id", "month"):
        hosts.setdefault(cost.centre, set()).add(cost.institution_id)
        money[cost.centre] = money.get(cost.centre, 0) + cost.amount_fen
    if not money:
        raise Refusal(
            f"{ground.period.label} 没有登记共享中心的成本", "共享中心成本", remedy="请先登记各中心的月度成本"
        )
    home = ground.members.home
    basis = {
        centre: bases.gathered(bases.centre_use(found, centre=centre, hosts=hosts[centre]), home) for centre in money
    }
    whole = sum(money.values())
    cut = [Pot(centre, amount, Fraction(amount, whole)) for centre, amount in money.items()]
    lines = share(cut, basis=basis, members=ground.members.with_books)
    return _all_of(lines, whole)


def _distribute(ground: Ground, found: bases.Facts) -> Computed:
    rules, home = ground.rules, ground.members.home
    counted = {
        "staff": bases.staff_points(found, ground.period, rules[TITLES].table),
        "equipment": found.counted(found.of("equipment"), "institution_id", found.of("equipment")["count"].sum()),
        "service_capacity": bases.capacity(found, stay_equals=Fraction(str(rules[STAY_EQUALS].exact))),
        "participation": bases.participation(found),
    }
    basis = {factor: bases.gathered(counts, home) for factor, counts in counted.items()}
    members, scored = ground.members.with_books, [name for name in basis if name in rules[SCORED].codes]
    marks = ground.evaluated.coefficients(members)
    lines = share(pots(ground.total_fen, weights=rules[WEIGHTS]), basis=scaled(basis, by=marks, factors=scored),
                  members=members)  # fmt: skip
    return _all_of(lines, ground.total_fen, marks, scored)


def _perform(ground: Ground, found: bases.Facts) -> Computed:
    """The pool among the tiers, each tier by work done and by evaluation."""
    work = bases.capacity(found, stay_equals=Fraction(str(ground.rules[STAY_EQUALS].exact)))
    tiers = list(ground.rules[TIERS].table)
    of_tier = {tier: ground.members.of_tier(tier) for tier in tiers}
    everybody = [member for tier in tiers for member in of_tier[tier]]
    marks = ground.evaluated.coefficients(everybody)
    basis = {tier: {name: work.get(name, Fraction(0)) for name in of_tier[tier]} for tier in tiers}
    lines = share(
        pots(ground.total_fen, weights=ground.rules[TIERS]), basis=scaled(basis, by=marks, factors=tiers),
        members=everybody,
    )  # fmt: skip
    return _all_of(lines, ground.total_fen, marks, tiers)


def _buy(ground: Ground, found: bases.Facts) -> Computed:
    """Services done, at their price, by how well the member was judged."""
    prices, home = ground.rules[PRICES], ground.members.home
    done: dict[tuple[str, str], int] = {}
    for (institution, service), number in sorted(bases.services(found).items()):
        if institution in home and service in prices.table:
            key = (home[institution], service)
            done[key] = done.get(key, 0) + number
    delivered = [Delivered(member, service, number) for (member, service), number in sorted(done.items())]
    if not delivered:
        raise Refusal(f"{ground.period.label} 没有可购买的服务量", "随访、接种", remedy="请先装载随访和接种数据")
    marks = ground.evaluated.coefficients(sorted({each.member for each in delivered}))
    bought = buy(delivered, money_fen=ground.total_fen, prices=prices, coefficients=marks)
    return Computed(tuple(_of_bought(line) for line in bought.lines), ground.total_fen, bought.left_fen)


def _zones(ground: Ground, found: bases.Facts) -> Computed:
    basis, zones = zone_bases(found, ground.members)
    return _all_of(share(pots(ground.total_fen, weights=ground.rules[ZONES]), basis=basis, members=zones),
                   ground.total_fen)  # fmt: skip


_WAYS: Mapping[Kind, Callable[[Ground, bases.Facts], Computed]] = {
    Kind.APPORTIONMENT: _apportion, Kind.DISTRIBUTION: _distribute, Kind.PERFORMANCE: _perform,
    Kind.PURCHASE: _buy, Kind.ZONES: _zones,
}  # fmt: skip


def _all_of(
    lines: Sequence[Share], total_fen: int, marks: Mapping[str, Fraction] | None = None, scored: Sequence[str] = ()
) -> Computed:
    """The lines as they are stored, with the coefficient that is in their basis already."""
    marks = marks or {}
    drawn = (_drawn(line, marks.get(line.member, ONE) if line.factor in scored else ONE) for line in lines)
    return Computed(tuple(drawn), total_fen, total_fen - total_of(lines))


def _drawn(line: Share, coefficient: Fraction) -> Drawn:
    return Drawn(
        line.member, line.factor, line.weight, line.pot_fen, line.basis, line.basis_of_all, line.amount_fen, coefficient
    )


def _of_bought(line: Bought) -> Drawn:
    quantity = Fraction(line.quantity)
    return Drawn(
        line.member, line.service, ONE, line.worth_fen, quantity, quantity, line.paid_fen, line.coefficient,
        line.price_fen,
    )  # fmt: skip
