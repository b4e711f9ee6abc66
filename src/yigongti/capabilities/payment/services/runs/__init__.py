"""Settlement runs as they are kept: stored, confirmed as the year's clearing, corrected, worked out again, compared."""

from yigongti.capabilities.payment.services.runs.clearing import clear_year
from yigongti.capabilities.payment.services.runs.reproducing import Reproduction, reproduce
from yigongti.capabilities.payment.services.runs.storing import Settled, settle_year, suppose

__all__ = ["Reproduction", "Settled", "clear_year", "reproduce", "settle_year", "suppose"]
