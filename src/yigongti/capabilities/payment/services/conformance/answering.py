"""Answers to the requests of the suite: each subject by the decisions that the product itself uses.

What other capabilities judge, they answer themselves; who composes the product adds their answers (`answers=`).
"""

from collections.abc import Callable, Mapping
from typing import Any

from yigongti.capabilities.payment.services.conformance.by_group import dip_answer, grouping_answer, points_answer
from yigongti.capabilities.payment.services.conformance.by_money import clearing_answer, deductible_answer
from yigongti.kernel.errors import Refusal

Answer = Mapping[str, Any]
Answers = Mapping[str, Callable[[Mapping[str, Any]], Answer]]

ANSWERS: Answers = {
    "grouping": grouping_answer,
    "dip": dip_answer,
    "points": points_answer,
    "deductible": deductible_answer,
    "clearing": clearing_answer,
}
"""What payment judges."""


def answer(request: Mapping[str, Any], *, answers: Answers = ANSWERS) -> Answer:
    """The result of a request `{"suite", "id", "input"}`; what is refused is `{"refused": why}`.

    Raises Refusal on a request for another suite, or one that is not as the suite has them.
    """
    of_suite = answers.get(str(request.get("suite")))
    if of_suite is None or not isinstance(request.get("input"), Mapping):
        raise Refusal(f"不认识的请求“{request.get('suite')}”", remedy=f"suite 用 {'、'.join(answers)},input 是对象")
    try:
        return of_suite(request["input"])
    except Refusal as refusal:
        return {"refused": str(refusal)}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refusal(f"请求写得不对:{error!r}", str(request.get("id", "")), remedy="对照套件里的病例改正") from error
