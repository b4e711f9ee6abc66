"""DRG from files: group a file of cases; list, import, check and compare schemes.  Free of Django and of any store."""

from yigongti.capabilities.payment.services.drg.grouping import Grouped, drg_group
from yigongti.capabilities.payment.services.drg.library import (
    Imported,
    SchemeDifference,
    SchemeEntry,
    check_scheme,
    diff_schemes,
    import_scheme,
    list_schemes,
    open_scheme,
)

__all__ = [
    "Grouped",
    "Imported",
    "SchemeDifference",
    "SchemeEntry",
    "check_scheme",
    "diff_schemes",
    "drg_group",
    "import_scheme",
    "list_schemes",
    "open_scheme",
]
