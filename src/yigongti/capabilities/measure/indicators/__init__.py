"""Every indicator of the product, by id."""

from collections.abc import Mapping

from yigongti.capabilities.measure.indicators.chronic import CHRONIC
from yigongti.capabilities.measure.indicators.contract import CONTRACT
from yigongti.capabilities.measure.indicators.finance import FINANCES
from yigongti.capabilities.measure.indicators.flow import FLOW
from yigongti.capabilities.measure.indicators.fund import COST, FUND
from yigongti.capabilities.measure.indicators.governance import GOVERNANCE
from yigongti.capabilities.measure.indicators.planning import PLANNING, TCM
from yigongti.capabilities.measure.indicators.quality import QUALITY
from yigongti.capabilities.measure.indicators.referral import REFERRAL
from yigongti.capabilities.measure.indicators.services import DIAGNOSIS, PHARMACY, SURVEILLANCE
from yigongti.capabilities.measure.indicators.workforce import WORKFORCE
from yigongti.kernel.indicators import Indicator, catalogue

INDICATORS: Mapping[str, Indicator] = catalogue(
    (
        *GOVERNANCE, *FLOW, *FUND, *COST, *QUALITY, *CONTRACT, *REFERRAL, *DIAGNOSIS, *CHRONIC, *PHARMACY, *TCM,
        *WORKFORCE, *PLANNING, *FINANCES, *SURVEILLANCE,
    )
)  # fmt: skip
"""Indicator id → declaration, in the order of a report."""
