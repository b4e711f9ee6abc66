"""DRG grouping: schemes are data, one engine groups a case or a million of them, and tells why.

`Scheme.load(path)` reads an edition, `group(cases, scheme)` groups an Arrow table, `group_batches` a stream of batches
(Spark's `mapInArrow`), `explain(case, scheme)` traces one case for a coder.
"""

from yigongti.capabilities.payment.decisions.drg.engine import group, group_batches
from yigongti.capabilities.payment.decisions.drg.explain import Trace, explain
from yigongti.capabilities.payment.decisions.drg.scheme import Scheme

__all__ = ["Scheme", "Trace", "explain", "group", "group_batches"]
