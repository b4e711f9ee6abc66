"""Answers about the fund's money: deductibles, year-end clearing."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from yigongti.capabilities.payment.decisions import clearing, deductible
from yigongti.capabilities.payment.decisions.exact import e4
from yigongti.capabilities.payment.services.conformance.parameters import book_of, rules_of
from yigongti.kernel.rules.values import read_value

Answer = Mapping[str, Any]
Row = Mapping[str, Any]

DEDUCTIBLE_PARAMETERS = {
    "continuous": deductible.CONTINUOUS,
    "standard_fen": deductible.STANDARD,
    "linked_within_days": deductible.LINKED_WITHIN,
    "same_level_share": deductible.SAME_LEVEL_SHARE,
    "continues_across_years": deductible.ACROSS_YEARS,
    "decreasing": deductible.DECREASING,
    "nth_stay_share": deductible.NTH_STAY_SHARE,
}
CLEARING_PARAMETERS = {
    "reserved_share": clearing.RESERVED_SHARE,
    "by_consortium": clearing.BY_CONSORTIUM,
    "visits_by_consortium": clearing.VISITS_BY_CONSORTIUM,
    "surplus_kept": clearing.SURPLUS_KEPT,
    "surplus_share": clearing.SURPLUS_SHARE,
    "surplus_cap": clearing.SURPLUS_CAP,
    "least_use": clearing.LEAST_USE,
    "overrun_shared": clearing.OVERRUN_SHARED,
    "overrun_tiers": clearing.OVERRUN_TIERS,
    "quality_factor": clearing.QUALITY_FACTOR,
    "tied_to_in_region_rate": clearing.TIED_TO_REGION,
    "in_region_target": clearing.REGION_TARGET,
    "points_share_total_cost": clearing.TOTAL_COST,
    "contract_share": clearing.CONTRACT_SHARE,
}
INSURED_AS = "resident"


def deductible_answer(asked: Row) -> Answer:
    """The deductible of each stay of an episode."""
    given = dict(asked["parameters"])
    given["standard_fen"] = {
        level: {INSURED_AS: f"{fen // 100}.{fen % 100:02d}"} for level, fen in given["standard_fen"].items()
    }
    stays = [
        deductible.LinkedStay(
            row["stay_id"], row["level"], date.fromisoformat(row["admitted_on"]),
            date.fromisoformat(row["discharged_on"]), row["linked"], INSURED_AS,
        )
        for row in asked["stays"]
    ]  # fmt: skip
    book = book_of(given, DEDUCTIBLE_PARAMETERS)
    charges = deductible.deductibles(stays, book=book, stays_before=asked["stays_before"])
    return {
        "stays": {each.stay_id: {"deductible_fen": each.deductible_fen, "reason": each.reason.text} for each in charges}
    }


def clearing_answer(asked: Row) -> Answer:
    """A pool cleared."""
    rules = rules_of(asked["parameters"], CLEARING_PARAMETERS)
    given = asked["pool"]
    in_region = None if given["in_region"] is None else _share(given["in_region"])
    claims = tuple(_claim(row) for row in given["claims"])
    pool = clearing.Pool(
        given["consortium_id"], given["insured_as"], given["scheme"], given["budget_fen"], claims, in_region
    )
    cleared = clearing.clear(pool, rules=rules)
    lines = {
        line.claim.institution_id: {
            "payable_fen": line.payable_fen,
            "surplus_kept_fen": line.surplus_kept_fen,
            "overrun_borne_fen": line.overrun_borne_fen,
            "final_fen": line.final_fen,
        }
        for line in cleared.lines
    }
    return {
        "lines": lines, "kept_by_fund_fen": cleared.kept_by_fund_fen,
        "fund_share_of_overrun_fen": cleared.fund_share_fen,
    }  # fmt: skip


def _claim(row: Row) -> clearing.Claim:
    stays, visits = row.get("inpatient"), row.get("outpatient")
    return clearing.Claim(
        row["institution_id"], row["in_county"], row["member"],
        _care(stays, e4(Fraction(str(stays["points"])))) if stays else clearing.Care(),
        _care(visits, visits["people"]) if visits else clearing.Care(),
    )  # fmt: skip


def _care(row: Row, weight: int) -> clearing.Care:
    return clearing.Care(row["cases"], row["recorded_fen"], row["self_fen"], weight)


def _share(text: str) -> Fraction:
    """A share as the suite writes it: a text such as 85%."""
    return Fraction(str(read_value(text, kind="ratio", unit="ratio")))
