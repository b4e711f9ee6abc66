"""Payment for diseases in which TCM has the advantage (BN-19, QY-7): a price, or the group's points × a factor.

A stay counts where its principal diagnosis is on the list, TCM was the treatment (by its share of the cost where that
is known, else by the record's own mark), and no operation was done that the western group already pays for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa

from yigongti.capabilities.payment.decisions.exact import E4, half_up
from yigongti.capabilities.payment.decisions.priced import principals
from yigongti.kernel.decisions import Reason, because
from yigongti.kernel.money import fen, yuan
from yigongti.kernel.rules import RuleVersion

IN_USE = "payment.tcm.in_use"
DISEASES = "payment.tcm.diseases"
STANDARD = "payment.tcm.standard"
FACTOR = "payment.tcm.factor"
LEAST_SHARE = "payment.tcm.least_share"
LOWEST_SURGERY = "payment.tcm.lowest_surgery"

Rules = Mapping[str, RuleVersion]


@dataclass(frozen=True)
class TcmStay:
    """What the judgement looks at.  tcm: the record's mark; tcm_fen: cost of TCM treatment, None where unknown."""

    principal_dx: str | None
    level: str
    tcm: bool
    total_fen: int
    tcm_fen: int | None = None
    operation_level: int | None = None


@dataclass(frozen=True)
class TcmPrice:
    """A stay paid as a TCM disease: its price in fen, or (price None) the factor in ten-thousandths on its points."""

    disease: str
    payable_fen: int | None
    factor_e4: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class NotTcm:
    """A stay of a listed disease that is paid by its group, and why; reasons are empty for any other disease."""

    reasons: tuple[Reason, ...] = ()


def tcm_price(stay: TcmStay, *, rules: Rules) -> TcmPrice | NotTcm:
    """How a stay is paid.  Raises KeyError on an unknown level of institution."""
    disease = rules[DISEASES].codes.group_of(stay.principal_dx or "") if rules[IN_USE].is_on else None
    if disease is None:
        return NotTcm()
    refused = _refused(stay, disease, rules)
    if refused is not None:
        return NotTcm((refused,))
    listed = because(rules[DISEASES], f"主要诊断 {stay.principal_dx} 属中医优势病种“{disease}”")
    price = rules[STANDARD].table.get(disease)
    if price is None or price[stay.level] is None:
        factor = rules[FACTOR]
        told = because(factor, f"没有定额,按病组点数或病种分值的 {factor.text} 倍计")
        return TcmPrice(disease, None, half_up(Fraction(str(factor.exact)) * E4), (listed, told))
    payable = fen(str(price[stay.level]))
    told = because(rules[STANDARD], f"“{disease}”定额每例 {yuan(payable)} 元")
    return TcmPrice(disease, payable, E4, (listed, told))


def _refused(stay: TcmStay, disease: str, rules: Rules) -> Reason | None:
    lowest, least = rules[LOWEST_SURGERY], rules[LEAST_SHARE]
    if stay.operation_level is not None and stay.operation_level >= lowest.exact:
        return because(lowest, f"“{disease}”做了 {stay.operation_level} 级手术,按病组或病种付费")
    if stay.tcm_fen is None:
        return None if stay.tcm else because(least, f"“{disease}”没有中医治疗标记,按病组或病种付费")
    if stay.tcm_fen < Fraction(str(least.exact)) * stay.total_fen:
        return because(least, f"中医治疗费用 {yuan(stay.tcm_fen)} 元,不到总费用的 {least.text},按病组或病种付费")
    return None


def paid_as_tcm(stays: pa.Table, *, levels: Mapping[str, str], rules: Rules) -> pa.Table:
    """The stays paid as TCM diseases, the others left out: `stay_id, disease, payable_fen?, factor_e4, rule`.

    stays: stay_id, institution_id, dx, tcm, total_fen, operation_level, and tcm_fen where it is known.
    """
    candidates = stays.filter(_may_be(stays, rules)) if rules[IN_USE].is_on and len(stays) else stays.slice(0, 0)
    found = [
        (row["stay_id"], price)
        for row in candidates.to_pylist()
        if isinstance(price := tcm_price(_stay(row, levels), rules=rules), TcmPrice)
    ]
    return pa.table(
        {
            "stay_id": pa.array([stay_id for stay_id, _ in found], pa.string()),
            "disease": pa.array([price.disease for _, price in found], pa.string()),
            "payable_fen": pa.array([price.payable_fen for _, price in found], pa.int64()),
            "factor_e4": pa.array([price.factor_e4 for _, price in found], pa.int64()),
            "rule": pa.array([price.reasons[-1].rule_id for _, price in found], pa.string()),
        }
    )


def _may_be(stays: pa.Table, rules: Rules) -> pa.Array:
    """The stays whose principal diagnosis is on the list: few, so that the rest is judged row by row."""
    codes, principal = rules[DISEASES].codes, principals(stays)
    listed = np.array([code in codes for code in principal.dictionary.to_pylist()], bool)
    return pa.array(listed[principal.indices.to_numpy()])


def _stay(row: Mapping[str, Any], levels: Mapping[str, str]) -> TcmStay:
    return TcmStay(
        principal_dx=row["dx"][0] if row["dx"] else None,
        level=levels.get(row["institution_id"], "none"),
        tcm=bool(row["tcm"]),
        total_fen=row["total_fen"],
        tcm_fen=row.get("tcm_fen"),
        operation_level=row.get("operation_level"),
    )
