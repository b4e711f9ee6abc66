"""DRG from files: group a file of cases; list, import, check and compare schemes.  Free of Django and of any store."""

from yigongti.capabilities.payment.services.drg.difference import SchemeDifference, diff_schemes
from yigongti.capabilities.payment.services.drg.grouping import Grouped, drg_group, drg_group_stays, group_cases
from yigongti.capabilities.payment.services.drg.library import (
    Imported,
    SchemeEntry,
    check_scheme,
    import_scheme,
    kept_scheme,
    list_schemes,
    open_scheme,
    scheme_names,
)
from yigongti.capabilities.payment.services.drg.reading import Cases, cases_of, read_cases, read_table

__all__ = [
    "Cases",
    "Grouped",
    "Imported",
    "SchemeDifference",
    "SchemeEntry",
    "cases_of",
    "check_scheme",
    "diff_schemes",
    "drg_group",
    "drg_group_stays",
    "group_cases",
    "import_scheme",
    "kept_scheme",
    "list_schemes",
    "open_scheme",
    "read_cases",
    "read_table",
    "scheme_names",
]
