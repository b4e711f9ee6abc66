"""Finance's part of the open conformance suite: a surplus distributed among the members."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from yigongti.capabilities.finance.decisions.surplus import Member, distributed
from yigongti.kernel.rules.values import read_value


def distribution_answer(asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """The reserve and the shares, in fen, of a case of the suite.  Raises Refusal where it is not distributed."""
    members = [
        Member(row["institution_id"], Fraction(str(row["weight"])), Fraction(str(row.get("score", 100))))
        for row in asked["members"]
    ]
    reserved_share = Fraction(str(read_value(asked["reserved_share"], kind="ratio", unit="ratio")))
    found = distributed(asked["total_fen"], members, reserved_share=reserved_share)
    return {"reserved_fen": found.reserved_fen, "shares": found.shares}
