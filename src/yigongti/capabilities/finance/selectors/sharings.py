"""Runs and their lines as people read them: who, by which factor, from what number, by which rule, how much."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.http import Http404

from yigongti.capabilities.finance.models import FACTORS, Kind, Line, Run
from yigongti.capabilities.finance.services.members import BRANCHES, members_of
from yigongti.kernel.money import yuan
from yigongti.kernel.roles import Role
from yigongti.spine.access.scope import scope_of
from yigongti.spine.places.models import Institution

RULE_OF = {
    Kind.DISTRIBUTION: "finance.distribution.weights", Kind.PERFORMANCE: "finance.performance.tiers",
    Kind.PURCHASE: "finance.results.prices", Kind.ZONES: "finance.zones.weights",
}  # fmt: skip
MANAGING = frozenset({Role.MANAGER, Role.BUREAU})


@dataclass(frozen=True)
class Told:
    """One line in words: the member, the factor, the reckoning, the money."""

    member: str
    name: str
    factor: str
    reckoning: str
    rule_id: str
    amount_fen: int


def consortia(user: Any) -> list[tuple[str, str]]:
    """The consortia that somebody may look into: (id, name of the lead hospital)."""
    leads = Institution.objects.filter(consortium_id__isnull=False, is_lead=True).order_by("consortium_id")
    scope = scope_of(user)
    return [(each.consortium_id, each.name) for each in leads if scope.covers(each.pk)]


def own_members(user: Any) -> list[Institution]:
    """The members with books that somebody may look into without seeing their consortium as a whole."""
    whole, scope = dict(consortia(user)), scope_of(user)
    members = Institution.objects.filter(
        consortium_id__isnull=False, ownership="public", closed_on__isnull=True
    ).exclude(kind__in=BRANCHES)
    return [each for each in members.order_by("pk") if scope.covers(each.pk) and each.consortium_id not in whole]


def may_manage(user: Any, consortium_id: str) -> bool:
    """Whether somebody may share, post and take back for a consortium: its manager, or the bureau."""
    leads = Institution.objects.filter(consortium_id=consortium_id, is_lead=True)
    scope = scope_of(user).narrowed(MANAGING)
    return any(scope.covers(each) for each in leads.values_list("pk", flat=True))


def run_or_404(run_id: str, user: Any) -> Run:
    """Raises Http404 outside the user's consortia."""
    run = Run.objects.filter(pk=run_id).select_related("created_by", "posted_by").first()
    if run is None or run.consortium_id not in dict(consortia(user)):
        raise Http404("no run inside the user's scope")
    return run


def lines_of(run: Run) -> list[Told]:
    """Every line of a run, the largest first."""
    names = {each.pk: each.name for each in members_of(run.consortium_id).institutions}
    return [told(line, run, names) for line in run.lines.order_by("-amount_fen", "pk")]


def told(line: Line, run: Run, names: dict[str, str]) -> Told:
    """A line as people read it.  names: institution or zone id → name."""
    kind, member = Kind(run.kind), str(line.institution_id or line.zone_id)
    factor = FACTORS.get(line.factor, line.factor)
    return Told(
        member, names.get(member, member), factor, _reckoning(line, kind), RULE_OF.get(kind, ""), line.amount_fen
    )


def _reckoning(line: Line, kind: Kind) -> str:
    """The arithmetic of a line, as a township director follows it."""
    own, whole, mark = Fraction(line.basis), Fraction(line.whole), Fraction(line.coefficient)
    if kind == Kind.PURCHASE:
        cut = "" if line.pot_fen == line.amount_fen else f" → 资金不足,按比例付 {yuan(line.amount_fen)} 元"
        return f"{own} 次 × {yuan(line.price_fen or 0)} 元 × 系数 {_number(mark)} = {yuan(line.pot_fen)} 元{cut}"
    scored = f"(已乘评价系数 {_number(mark)})" if mark != 1 else ""
    share = f"{yuan(line.pot_fen)} 元 × 本单位 {_number(own)} ÷ 全体 {_number(whole)}{scored}"
    return f"{share} = {yuan(line.amount_fen)} 元;该项占总额 {float(Fraction(line.weight)):.1%}"


def _number(value: Fraction) -> str:
    return f"{value.numerator:,}" if value.denominator == 1 else f"{float(value):,.2f}"


def pots_of(lines: Iterable[Told]) -> list[dict[str, Any]]:
    """What each factor comes to, in the order in which they come."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.factor] = sums.get(line.factor, 0) + line.amount_fen
    return [{"factor": factor, "amount_fen": amount} for factor, amount in sums.items()]
