"""What budgets and insurances are called, in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _

from yigongti.capabilities.payment.models import BUDGET_SCHEMES, INSURED


def budget_label(row: Any) -> str:
    """The budget that a row names by its insurance and scheme: 居民医保住院, "residents' insurance, inpatient"."""
    parts = {"insured": _(INSURED[row.insured_as]), "scheme": _(BUDGET_SCHEMES[row.scheme])}
    return _("%(insured)s%(scheme)s") % parts
