"""A case to work on."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from yigongti.kernel import clock
from yigongti.spine.cases.engine import Parties, open_case
from yigongti.spine.cases.models import Case


def a_pack(by: Any, *, title: str = "换药包 3 个", days_ago: int = 0) -> Case:
    """A member's request for instrument packs, opened some days ago."""
    at = clock.now() - timedelta(days=days_ago)
    return open_case("sterile_supply", parties=Parties("T1", "H1"), by=by, at=at, request_id=uuid4().hex,
                     data={"title": title})  # fmt: skip
