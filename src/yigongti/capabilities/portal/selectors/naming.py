"""The names of what a record holds as codes, by the county's dictionaries of plain names (rules)."""

from django.utils.translation import gettext as _

from yigongti.capabilities.portal.decisions.plain import FREQUENCIES, plain_name
from yigongti.capabilities.record.api import Naming
from yigongti.kernel import clock
from yigongti.kernel.rules.values import CodeSet
from yigongti.spine.county_rules import county_rules

DICTIONARIES = {
    "dx": "portal.plain_diagnoses", "procedures": "portal.plain_procedures", "item_code": "portal.plain_items",
}  # fmt: skip
"""Column → its rule.  What items are called is the county's own matter: it writes the rule, or has none."""


def plain() -> Naming:
    """A naming for laypeople, in their language.  A code without a name is said to have none, with the code, for the
    doctor to explain; words of the trade that have no translation stay as they were written."""
    names = {column: _dictionary(rule_id) for column, rule_id in DICTIONARIES.items()}

    def told(column: str, code: str) -> str:
        if column not in DICTIONARIES:
            return _(FREQUENCIES.get(code.lower(), code))
        name = plain_name(code, names=names.get(column))
        return _(name) if name else _("未收录名称(%(code)s)") % {"code": code}

    return told


def _dictionary(rule_id: str) -> CodeSet | None:
    rule = county_rules().rules.get(rule_id)
    version = rule.in_force(on=clock.today()) if rule else None
    return version.codes if version else None
