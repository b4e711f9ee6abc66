"""The coder's desk: try a case, read how it came to its group, and see the groups beside it.

It serves to check that a record is coded as it is written; what a complication would add is told by kind, not by code.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from yigongti.capabilities.payment.decisions.drg import Scheme, Trace, explain
from yigongti.capabilities.payment.decisions.drg.explain import STATUS_LABELS, Considered
from yigongti.capabilities.payment.decisions.drg.neighbours import CHANGE_LABELS, Neighbour, neighbours
from yigongti.capabilities.payment.services.drg import kept_scheme, scheme_names
from yigongti.capabilities.payment.services.grouped import Grouped, grouped, years
from yigongti.kernel.facts.county import SEXES
from yigongti.kernel.money import yuan
from yigongti.spine.home import home

SHIPPED = "county-core"
BETWEEN_CODES = re.compile(r"[\s|,;,;、]+")
DISCHARGE_WAYS = {
    "1": "医嘱离院",
    "2": "医嘱转院",
    "3": "医嘱转社区或乡镇卫生院",
    "4": "非医嘱离院",
    "5": "死亡",
    "9": "其他",
}
_MOST_CODES = 100


class CaseForm(forms.Form):
    """A case as on the front page of the record, without anybody's name."""

    scheme = forms.ChoiceField(label=gettext_lazy("分组方案"))
    dx = forms.CharField(
        label=gettext_lazy("诊断(主要诊断在前)"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    procedures = forms.CharField(
        label=gettext_lazy("手术操作(主要手术在前)"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )  # fmt: skip
    sex = forms.ChoiceField(label=gettext_lazy("性别"), required=False)
    age_years = forms.IntegerField(label=gettext_lazy("年龄(岁)"), min_value=0, max_value=150, required=False)
    age_days = forms.IntegerField(label=gettext_lazy("不足一岁的日龄"), min_value=0, max_value=365, required=False)
    birth_weight_g = forms.FloatField(label=gettext_lazy("出生体重(克)"), min_value=0, max_value=9999, required=False)
    days_in_hospital = forms.IntegerField(label=gettext_lazy("住院天数"), min_value=0, max_value=9999, required=False)
    discharge_way = forms.ChoiceField(label=gettext_lazy("离院方式"), required=False)

    def __init__(self, *given: Any, schemes: Sequence[str], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["scheme"].choices = [(name, name) for name in schemes]
        self.fields["sex"].choices = [("", "—"), *((key, _(label)) for key, label in SEXES.items())]
        self.fields["discharge_way"].choices = [
            ("", "—"),
            *((key, f"{key} {_(label)}") for key, label in DISCHARGE_WAYS.items()),
        ]

    def clean_dx(self) -> list[str]:
        return _codes(self.cleaned_data["dx"])

    def clean_procedures(self) -> list[str]:
        return _codes(self.cleaned_data["procedures"])

    def case(self) -> dict[str, Any]:
        """The case as a case file has it."""
        given = self.cleaned_data
        numbers = {name: given[name] for name in ("age_years", "age_days", "birth_weight_g", "days_in_hospital")}
        texts = {name: given[name] or None for name in ("sex", "discharge_way")}
        return {"id": "1", "dx": given["dx"], "procedures": given["procedures"], "department": None, **numbers, **texts}


def _codes(text: str) -> list[str]:
    codes = [code for code in BETWEEN_CODES.split(text) if code]
    if len(codes) > _MOST_CODES:
        raise forms.ValidationError(_("编码过多,最多 %(most)s 个") % {"most": _MOST_CODES})
    return codes


@dataclass(frozen=True)
class Worth:
    """What a group is worth by the county's own three years; None where it had none of its cases."""

    weight: Fraction | None
    fen: int | None


@dataclass(frozen=True)
class Beside:
    """A neighbour with its worth and the difference from the case's own."""

    neighbour: Neighbour
    label: str
    name: str
    weight: float | None
    weight_more: float | None
    fen_more: int | None
    is_same: bool


@dataclass(frozen=True)
class Answered:
    """The case with its group, its way there and what lies beside."""

    trace: Trace
    reason: str
    status: str
    name: str
    weight: float | None
    money: str | None
    taken: Sequence[Considered]
    passed_over: Sequence[Considered]
    beside: Sequence[Beside]


def desk(request: HttpRequest) -> HttpResponse:
    """The form, and the answer where there is a case in the address."""
    names = scheme_names(home().path)
    form = CaseForm(request.GET or None, schemes=names, initial={"scheme": SHIPPED})
    answered = _answered(form) if form.is_bound and form.is_valid() else None
    year = next(iter(years()), None)
    return render(request, "payment/coding.html", {"form": form, "answered": answered, "year": year})


def _answered(form: CaseForm) -> Answered:
    named, case = form.cleaned_data["scheme"], form.case()
    scheme, year = kept_scheme(named, home=home().path), next(iter(years()), None)
    book = grouped("drg", year=year, scheme=named) if year else None
    trace = explain(case, scheme, language="en" if get_language() == "en" else "zh")
    own = _worth(trace.drg, book)
    return Answered(
        trace=trace,
        reason=";".join(_(part) for part in (trace.reason or "").split(";") if part),
        status=_(STATUS_LABELS[trace.status]),
        name=scheme.names.get(trace.drg, ""),
        weight=_rounded(own.weight),
        money=None if own.fen is None else yuan(own.fen),
        taken=[each for each in trace.considered if each.taken],
        passed_over=[each for each in trace.considered if not each.taken],
        beside=_beside(case, scheme, trace.drg, book),
    )


def _worth(drg: str, book: Grouped | None) -> Worth:
    weight = book.weights.get(drg) if book else None
    rate = book.rate_fen if book else None
    return Worth(weight, None if weight is None or rate is None else round(weight * rate))


def _beside(case: dict[str, Any], scheme: Scheme, own_drg: str, book: Grouped | None) -> list[Beside]:
    own = _worth(own_drg, book)
    found = [_one(each, scheme, own_drg, own, _worth(each.drg, book)) for each in neighbours(case, scheme)]
    return sorted(found, key=lambda each: each.is_same)


def _one(each: Neighbour, scheme: Scheme, own_drg: str, own: Worth, worth: Worth) -> Beside:
    both = worth.weight is not None and own.weight is not None
    return Beside(
        neighbour=each,
        label=f"{_(CHANGE_LABELS[each.change])} {each.code}".strip(),
        name=scheme.names.get(each.drg, ""),
        weight=_rounded(worth.weight),
        weight_more=_rounded(worth.weight - own.weight) if both else None,  # type: ignore[operator]  # both are there
        fen_more=worth.fen - own.fen if worth.fen is not None and own.fen is not None else None,
        is_same=each.drg == own_drg,
    )


def _rounded(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 4)
