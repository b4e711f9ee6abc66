"""Why a number is missing, in the reader's words."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from yigongti.capabilities.measure.facts.tables import MEASURED
from yigongti.kernel.indicators import GROUPS

Sentence = Callable[[str], str]


def why_in_words(code: str) -> str:
    """ "missing_fact:visit" → 缺少“门急诊就诊”数据; a code without words of its own is shown as it is."""
    name, _colon, about = code.partition(":")
    sentence = _SENTENCES.get(name)
    return sentence(about) if sentence else code


def _table(name: str) -> str:
    return _(MEASURED[name].label) if name in MEASURED else name


def _group(name: str) -> str:
    return _(GROUPS[name][0]) if name in GROUPS else name


_SENTENCES: Mapping[str, Sentence] = {
    "no_denominator": lambda _about: _("分母为零,没有可比的业务量"),
    "missing_fact": lambda table: _("缺少“%(table)s”数据") % {"table": _table(table)},
    "no_year_before": lambda table: _("缺少上年同期的“%(table)s”数据") % {"table": _table(table)},
    "no_out_of_county_facts": lambda _about: _("缺少县域外就医(医保结算)数据,不能算县域内占比"),
    "no_rule": lambda rule: _("缺少规则 %(rule)s 在这一期间的取值") % {"rule": rule},
    "rule_changes": lambda rule: _("规则 %(rule)s 在期间内有变化,不能合并计算") % {"rule": rule},
    "group_not_supported": lambda group: _("不能按“%(group)s”分组") % {"group": _group(group)},
}
