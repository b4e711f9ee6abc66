"""The product's own answers to the open conformance suite: each subject by the capability that judges it."""

from collections.abc import Mapping
from typing import Any

from yigongti.capabilities.finance.services.conformance import distribution_answer
from yigongti.capabilities.payment.services import conformance

ANSWERS = {**conformance.ANSWERS, "distribution": distribution_answer}


def answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The result of a request of the suite; raises Refusal on a request that is not as the suite has them."""
    return conformance.answer(request, answers=ANSWERS)
