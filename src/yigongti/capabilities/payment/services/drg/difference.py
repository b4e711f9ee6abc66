"""`yigongti drg scheme diff A B`: two schemes over the same cases, with the money.

With weight tables the money is their weights' times a price.  Without, the cases' own costs make the weights of both
schemes, and the whole stays the same: what shows is which institution gains and which loses.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import orjson
import pyarrow as pa

from yigongti.capabilities.payment.decisions.drg import Scheme, group
from yigongti.capabilities.payment.decisions.drg.compare import (
    Change,
    Difference,
    Priced,
    Weights,
    changes,
    difference,
    own_weights,
)
from yigongti.capabilities.payment.services.drg.library import open_scheme
from yigongti.capabilities.payment.services.drg.reading import cases_of
from yigongti.kernel.errors import FileRefused, Refusal


@dataclass(frozen=True)
class SchemeDifference:
    """The difference of two schemes over given cases.

    before_fen, after_fen, price_fen (of one weight): None where there was nothing to weigh by; institutions: who gains
    and who loses, the greatest change first, where the weights are the cases' own.
    """

    found: Difference
    before_fen: int | None
    after_fen: int | None
    price_fen: int | None = None
    institutions: tuple[Change, ...] = ()


def diff_schemes(
    before: str | Path, after: str | Path, table: pa.Table, *, home: Path | None = None,
    weights: tuple[Path, Path] | None = None, price_fen: int | None = None,
) -> SchemeDifference:  # fmt: skip
    """How many of the cases move between two schemes, and the money.

    table: cases as a file of them (`read_table`) or as the county's stays; weights: for each scheme a CSV or JSON file
    of group → weight.  Raises Refusal on an unknown scheme or a price below nothing.
    """
    if price_fen is not None and price_fen < 0:
        raise Refusal("费率不能为负", remedy="改正 --price")
    schemes = (open_scheme(before, home=home), open_scheme(after, home=home))
    cases = cases_of(table, where="病例").table
    if weights is None and {"total_fen", "institution_id"} <= set(table.column_names):
        return _by_own_costs(cases, schemes, _priced(table), price_fen)
    tables = (_weights(weights[0]), _weights(weights[1])) if weights else None
    found = difference(cases, *schemes, weights=tables)
    return SchemeDifference(
        found, _money(found.weight_before, price_fen), _money(found.weight_after, price_fen), price_fen
    )


def _priced(table: pa.Table) -> Priced:
    costs = [int(cost or 0) for cost in table["total_fen"].to_pylist()]
    return Priced(costs, [place or "" for place in table["institution_id"].to_pylist()])


def _by_own_costs(
    cases: pa.Table, schemes: tuple[Scheme, Scheme], priced: Priced, price_fen: int | None
) -> SchemeDifference:
    old, new = (group(cases, scheme)["drg"].to_pylist() for scheme in schemes)
    weights = (own_weights(old, priced.costs), own_weights(new, priced.costs))
    found = difference(cases, *schemes, weights=weights if all(weights) else None)
    institutions = sorted(changes(old, new, priced), key=lambda each: (-abs(each.change_fen), each.institution_id))
    mean = sum(priced.costs) // len(priced.costs) if priced.costs else None
    total = sum(priced.costs)
    return SchemeDifference(found, total, total, mean if price_fen is None else price_fen, tuple(institutions))


def _money(weight: Decimal | None, price_fen: int | None) -> int | None:
    return None if weight is None or price_fen is None else int((weight * price_fen).to_integral_value())


def _weights(path: Path) -> Weights:
    try:
        if path.suffix == ".json":
            return {code: Decimal(str(weight)) for code, weight in orjson.loads(path.read_bytes()).items()}
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        return {
            code.strip(): Decimal(weight.strip())
            for code, weight, *_ in (line.split(",") for line in lines[1:] if line)
        }
    except (OSError, ValueError, ArithmeticError, AttributeError) as error:
        raise FileRefused(
            f"权重表 {path.name} 读不出来", str(error), remedy="CSV 两列(组,权重)带表头,或 JSON 对象"
        ) from error
