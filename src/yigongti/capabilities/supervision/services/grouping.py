"""The stays in their groups, for detectors that compare like with like."""

from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from yigongti.analytics.engines import Source
from yigongti.capabilities.payment import api as payment
from yigongti.capabilities.supervision.decisions.detector import Detector
from yigongti.capabilities.supervision.facts.tables import STAY_GROUP
from yigongti.kernel.rules import Rules

_NEEDED = (
    "stay_id", "dx", "procedures", "sex", "age_years", "age_days", "birth_weight_g", "department", "admitted_on",
    "discharged_on", "discharge_way",
)  # fmt: skip


def with_groups(sources: Mapping[str, Source], detectors: Iterable[Detector], *, rules: Rules) -> Mapping[str, Source]:
    """The sources, with the stays in their groups beside them where one of the detectors compares within groups."""
    wanted = any(STAY_GROUP.name in each.reads for each in detectors)
    stays = sources.get("stay", ())
    return {**sources, STAY_GROUP.name: groups_of(stays, rules=rules)} if wanted and len(stays) else sources


def groups_of(stays: Source, *, rules: Rules) -> pa.Table:
    """Rows of STAY_GROUP: every stay in its core group by the scheme that the rules name.  stays: as in the lake."""
    parts = [_needed(stays)] if isinstance(stays, pa.Table) else [_needed(pq.read_table(path)) for path in stays]
    return payment.groups_of_stays(pa.concat_tables(parts, promote_options="default"), rules=rules)


def _needed(stays: pa.Table) -> pa.Table:
    return stays.select([name for name in _NEEDED if name in stays.column_names])
