"""Payment's door: the group of a stay, and the complications that count in it, by the county's own scheme; and what
its timer does."""

import pyarrow as pa

from yigongti.capabilities.payment.decisions.drg.cases import complications
from yigongti.capabilities.payment.decisions.drg.compiled import compiled
from yigongti.capabilities.payment.services.budget_use import warn_if_due
from yigongti.capabilities.payment.services.drg import cases_of, group_cases, kept_scheme
from yigongti.capabilities.payment.services.settle.weighing import scheme_of
from yigongti.kernel.rules import Rules
from yigongti.spine.home import home

__all__ = ["groups_of_stays", "warn_if_due"]


def groups_of_stays(stays: pa.Table, *, rules: Rules) -> pa.Table:
    """stay_id, adrg (null where the stay has none), mcc, cc (codes of the other diagnoses that count), in their order.

    stays: the columns of the fact table; rules: those of the day, which name the scheme.  Raises FileRefused where the
    library has no such scheme.
    """
    scheme = kept_scheme(scheme_of(rules), home=home().path)
    cases = cases_of(stays, where="stay")
    adrg = group_cases(cases, scheme, where="stay")["adrg"]
    return pa.table({"stay_id": stays["stay_id"], "adrg": adrg, **complications(cases.table, compiled(scheme))})
