"""How contracts are kept: fulfilment, and what residents say of it; the quality that fees rest on (BN-10, YN-11)."""

from collections.abc import Mapping
from dataclasses import replace

from yigongti.capabilities.contract.facts import CONTRACT_ITEMS, TEAM, by_team
from yigongti.kernel.indicators import EVERY, Amount, Combined, Indicator, Tally, catalogue

judged = CONTRACT_ITEMS.where(lambda item: item.judged)

INDICATORS: Mapping[str, Indicator] = catalogue(
    (
        Indicator(
            "contract_fulfilment",
            label="签约服务履约率", label_en="Fulfilment of contracts",
            definition="期内应完成的签约服务项次中,在期限内完成且居民没有异议的项次 ÷ 期内应完成的签约服务项次",
            definition_en="Items of contracts done within their window and not disputed by the resident "
            "÷ items that fell due in the period",
            dimension="contract", unit="ratio", better="higher",
            numerator=CONTRACT_ITEMS.where(lambda item: item.fulfilled).count(), denominator=CONTRACT_ITEMS.count(),
            group_by=EVERY, source="yunnan-2024-17 11", serves=("BN-10", "YN-11", "JD-7"),
        ),
        Indicator(
            "contract_satisfaction",
            label="签约居民认可率", label_en="Items that residents confirm",
            definition="居民认可的签约服务项次 ÷ 居民作出评价(认可或有异议)的签约服务项次",
            definition_en="Items that residents confirm ÷ items that they confirm or dispute",
            dimension="contract", unit="ratio", better="higher",
            numerator=judged.where(lambda item: item.accepted).count(), denominator=judged.count(),
            group_by=EVERY, source="working-defaults 签约", serves=("BN-10", "JD-7"),
        ),
    )
)  # fmt: skip
"""Indicator id → declaration."""


def of_teams(indicator: Indicator) -> Indicator:
    """The same indicator by team: each of its rows counts for the team with which the resident has a contract."""
    return replace(
        indicator,
        numerator=_of_teams(indicator.numerator),
        denominator=indicator.denominator and _of_teams(indicator.denominator),
        value=indicator.value and _of_teams(indicator.value),
        proofs=tuple(replace(proof, rows=_tally(proof.rows)) for proof in indicator.proofs),
        group_by=(TEAM,),
    )


def _of_teams(whole: Amount) -> Amount:
    if isinstance(whole, Combined):
        return replace(whole, left=_of_teams(whole.left), right=_of_teams(whole.right))
    return _tally(whole) if isinstance(whole, Tally) else whole


def _tally(tally: Tally) -> Tally:
    return replace(tally, rows=replace(tally.rows, relation=by_team(tally.rows.relation), seat=""))
