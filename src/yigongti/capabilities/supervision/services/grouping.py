"""The stays in their groups, for detectors that compare like with like."""

import pyarrow as pa
import pyarrow.parquet as pq

from yigongti.analytics.engines import Source
from yigongti.capabilities.payment import api as payment
from yigongti.kernel.rules import Rules

_NEEDED = (
    "stay_id", "dx", "procedures", "sex", "age_years", "age_days", "birth_weight_g", "department", "admitted_on",
    "discharged_on", "discharge_way",
)  # fmt: skip


def groups_of(stays: Source, *, rules: Rules) -> pa.Table:
    """Rows of STAY_GROUP: every stay in its core group by the scheme that the rules name.  stays: as in the lake."""
    if isinstance(stays, pa.Table):
        return payment.groups_of_stays(stays.select(_NEEDED), rules=rules)
    parts = [pq.read_table(path, columns=list(_NEEDED)) for path in stays]
    return payment.groups_of_stays(pa.concat_tables(parts), rules=rules)
