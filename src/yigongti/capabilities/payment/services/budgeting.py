"""Next year's budgets reckoned from people and history, kept with how each came about, and written as a fact file."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db import transaction

from yigongti.capabilities.payment.decisions import budget
from yigongti.capabilities.payment.decisions.budget import Heads, Spent, composed, growth_rate, risk_of
from yigongti.capabilities.payment.models import Composition
from yigongti.capabilities.payment.services import spending
from yigongti.capabilities.payment.services.runs import inputs
from yigongti.kernel import clock
from yigongti.kernel.errors import FileRefused, Refusal
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.money import allocate, fen
from yigongti.spine.county_rules import county_rules

PER_HEAD = "payment.budget.per_head"
INCOME_GROWTH = "payment.budget.income_growth"
REASONABLE_GROWTH = "payment.budget.reasonable_growth"
USED = (
    budget.HISTORY_WEIGHTS, budget.GROWTH_CAP, budget.PER_HEAD_SHARE, budget.DEDUCTIONS, budget.AGE_BANDS,
    budget.RELATIVE_COST, PER_HEAD, INCOME_GROWTH, REASONABLE_GROWTH,
)  # fmt: skip

Pool = tuple[str, str]
"""Consortium and insurance."""


@transaction.atomic
def compose_budgets(year: int) -> list[Composition]:
    """Reckon the budgets of a year for every consortium and insurance, and keep how; replaces an earlier reckoning.

    Raises Refusal where nobody is insured, or no whole year of history is known.
    """
    rules, (sources, _record) = county_rules().on(date(year, 1, 1)), inputs.present()
    spent = spending.spending(sources, first=year - 3, last=year - 1)
    people = _people(spending.insured_on(sources, date(year - 1, 12, 31)))
    if not people:
        raise Refusal("没有参保居民,不能测算总额", f"{year} 年", "按人头测算要有参保人", "先装载 resident")
    Composition.objects.filter(year=year).delete()
    return [_composed(year, pool, ages, people, spent, rules) for pool, ages in sorted(people.items())]


def _composed(
    year: int, pool: Pool, ages: Mapping[tuple[int, str], int], people: Mapping[Pool, Mapping[tuple[int, str], int]],
    spent: Sequence[spending.Spent], rules: Any,
) -> Composition:  # fmt: skip
    heads = _heads(pool, ages, people, rules)
    history, growth = _history(year, pool, spent), _growth(rules)
    found = composed([heads], history, growth=growth, rules=rules)
    return Composition.objects.create(
        year=year,
        consortium_id=pool[0],
        insured_as=pool[1],
        heads={"number": heads.number, "per_head_fen": heads.per_head_fen, "risk": str(heads.risk)},
        history_fen=list(history),
        growth=str(growth),
        by_heads_fen=found.by_heads_fen,
        by_history_fen=found.by_history_fen,
        gross_fen=found.gross_fen,
        deductions=dict(found.deductions),
        net_fen=found.net_fen,
        parts=_parts(year, pool, found.net_fen, spent, rules),
        rules={name: f"{rules[name].key} {rules[name].value}" for name in USED},
        created_at=clock.now(),
    )


def _people(found: Sequence[spending.Insured]) -> dict[Pool, dict[tuple[int, str], int]]:
    people: dict[Pool, dict[tuple[int, str], int]] = {}
    for each in found:
        people.setdefault((each.pool, each.insured_as), {})[each.age, each.sex] = each.number
    return people


def _heads(
    pool: Pool, ages: Mapping[tuple[int, str], int], people: Mapping[Pool, Mapping[tuple[int, str], int]], rules: Any
) -> Heads:  # fmt: skip
    """The heads of a pool; their risk is held against all that are insured alike: it moves money between pools only."""
    alike: dict[tuple[int, str], int] = {}
    for (_, insured), each in people.items():
        if insured == pool[1]:
            for key, number in each.items():
                alike[key] = alike.get(key, 0) + number
    risk = risk_of(ages, rules=rules) / risk_of(alike, rules=rules)
    return Heads(sum(ages.values()), fen(str(rules[PER_HEAD].table[pool[1]])), risk)


def _history(year: int, pool: Pool, spent: Sequence[spending.Spent]) -> Spent:
    """What the three years before cost the pool, the last first; None for a year that is not there as a whole."""
    whole = spending.whole_years(spent)
    own = [each for each in spent if (each.pool, each.insured_as) == pool]
    totals = {before: sum(each.recorded_fen for each in own if each.year == before) for before in whole}
    return [totals.get(year - back) for back in (1, 2, 3)]


def _growth(rules: Any) -> Fraction:
    income, reasonable = (Fraction(str(rules[name].exact)) for name in (INCOME_GROWTH, REASONABLE_GROWTH))
    return growth_rate(income=income, reasonable=reasonable, rules=rules)


def _parts(year: int, pool: Pool, net: int, spent: Sequence[spending.Spent], rules: Any) -> dict[str, int]:
    """The budget by scheme: as last year's cost was divided, or one where the rule settles both together."""
    if rules[budget.TOGETHER].is_on:
        return {"global": net}
    kinds = ("inpatient", "outpatient")
    own = [each for each in spent if (each.pool, each.insured_as) == pool and each.year == year - 1]
    weights = [sum(each.recorded_fen for each in own if each.kind == kind) for kind in kinds]
    return dict(zip(kinds, allocate(net, weights if sum(weights) else [1, 1]), strict=True))


def write_budgets(found: Sequence[Composition], path: Path) -> None:
    """The budgets as a file of the fact table `budget`, to be looked over and loaded."""
    names = COUNTY["budget"].names
    rows = [
        {"year": each.year, "consortium_id": each.consortium_id, "insured_as": each.insured_as, "scheme": scheme,
         "amount_fen": amount}
        for each in found
        for scheme, amount in each.parts.items()
    ]  # fmt: skip
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        raise FileRefused(f"写不了 {path.name}", str(error), remedy="检查目录是否存在、是否可写") from error
