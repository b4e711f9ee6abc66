"""What if: rules supposed to be otherwise, side by side for each institution.  The books are not touched."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yigongti.capabilities.payment.decisions import clearing
from yigongti.capabilities.payment.models import Run
from yigongti.capabilities.payment.selectors import runs
from yigongti.capabilities.payment.services import jobs
from yigongti.capabilities.payment.services.drg import list_schemes
from yigongti.capabilities.payment.services.runs import inputs
from yigongti.capabilities.payment.services.settle import supposed
from yigongti.capabilities.payment.services.settle.weighing import USE_DIP
from yigongti.kernel import clock
from yigongti.kernel.rules import RuleBook, whole
from yigongti.pages.charts import Chart, Series
from yigongti.pages.jobs import enqueue, latest_result, unfinished
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.county_rules import county_rules
from yigongti.spine.home import home

SHARES = {
    "surplus_share": clearing.SURPLUS_SHARE, "surplus_cap": clearing.SURPLUS_CAP, "least_use": clearing.LEAST_USE,
    "reserved_share": clearing.RESERVED_SHARE, "quality_factor": clearing.QUALITY_FACTOR,
    "contract_share": clearing.CONTRACT_SHARE,
}  # fmt: skip
YES_NO = {
    "surplus_kept": clearing.SURPLUS_KEPT, "overrun_shared": clearing.OVERRUN_SHARED,
    "by_consortium": clearing.BY_CONSORTIUM, "tied": clearing.TIED_TO_REGION, "use_dip": USE_DIP,
}  # fmt: skip
ANSWERS = (("", gettext_lazy("不变")), ("是", gettext_lazy("是")), ("否", gettext_lazy("否")))


class SupposeForm(forms.Form):
    """The year, and what is supposed; what is left empty stays as the rules have it."""

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    tiers = forms.CharField(
        label=gettext_lazy("超支分担(5% 以内、5%–10%、10% 以上)"), required=False,
        help_text=gettext_lazy("三个百分数,用空格分开,如 60 40 0"),
    )  # fmt: skip
    pack = forms.ChoiceField(label=gettext_lazy("按哪个地方的办法"), required=False)
    scheme = forms.ChoiceField(label=gettext_lazy("DRG 分组方案"), required=False)
    other = forms.CharField(
        label=gettext_lazy("其他规则"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("每行一个 规则=值"),
    )  # fmt: skip

    def __init__(self, *given: Any, book: RuleBook, year: int, **named: Any) -> None:
        super().__init__(*given, **named)
        rules = book.on(date(year, 12, 31))
        for name, rule in SHARES.items():
            self.fields[name] = forms.DecimalField(
                label=rules[rule].label, required=False, min_value=0, max_value=100,
                help_text=_("现为 %(now)s,填百分数") % {"now": rules[rule].text},
            )  # fmt: skip
        for name, rule in YES_NO.items():
            hint = _("现为 %(now)s") % {"now": rules[rule].text}
            self.fields[name] = forms.ChoiceField(
                label=rules[rule].label, required=False, choices=ANSWERS, help_text=hint
            )
        self.fields["pack"].choices = [("", _("本县")), *((each, each) for each in packs())]
        self.fields["scheme"].choices = [
            ("", _("按规则")),
            *((each.name, each.name) for each in list_schemes(home().path)),
        ]
        self.order_fields(["year", *SHARES, "tiers", *YES_NO, "pack", "scheme", "other"])

    def clean_tiers(self) -> str:
        """Three percentages as the rule's bands, or nothing."""
        parts = self.cleaned_data["tiers"].replace("%", " ").replace("、", " ").replace(",", " ").split()
        if not parts:
            return ""
        if len(parts) != 3 or not all(part.replace(".", "", 1).isdigit() for part in parts):
            raise forms.ValidationError(_("请填三个百分数,如 60 40 0"))
        ends = ("up_to: 5%", "above: 5%, up_to: 10%", "above: 10%")
        return "[" + ", ".join(f"{{{end}, value: {part}%}}" for end, part in zip(ends, parts, strict=True)) + "]"

    @property
    def settings(self) -> list[str]:
        """RULE=VALUE for everything that is supposed."""
        return sorted(self._settings())

    def _settings(self) -> Iterator[str]:
        given = self.cleaned_data
        yield from (f"{rule}={given[name]:f}%" for name, rule in SHARES.items() if given[name] is not None)
        yield from (f"{rule}={given[name]}" for name, rule in YES_NO.items() if given[name])
        if given["tiers"]:
            yield f"{clearing.OVERRUN_TIERS}={given['tiers']}"
        yield from (line.strip() for line in given["other"].splitlines() if line.strip())


@dataclass(frozen=True)
class Beside:
    """An institution's clearing as it is and as it would be, in fen."""

    institution_id: str
    name: str
    before: int
    after: int

    @property
    def change(self) -> int:
        return self.after - self.before


def whatif(request: HttpRequest) -> HttpResponseBase:
    """The form and, once worked out, both results side by side.  POST asks for it; a job works it out."""
    year = _year(request)
    if request.method == "POST":
        form = SupposeForm(request.POST, book=county_rules(), year=year)
        return _ask(request, form) if form.is_valid() else _answer(request, form, {})
    form = SupposeForm(request.GET or None, initial={"year": year}, book=county_rules(), year=year)
    asked = _asked(form) if form.is_bound and form.is_valid() else {}
    return _answer(request, form, asked)


def _ask(request: HttpRequest, form: SupposeForm) -> HttpResponse:
    supposed(county_rules(), form.settings)  # what does not fit its rule is refused here, not in the job
    enqueue(jobs.suppose_job, **_asked(form))
    messages.success(request, _("已开始试算,完成后在此并排显示;不动账"))
    kept = QueryDict(mutable=True)
    kept.update({name: value for name, value in request.POST.items() if value and name != "csrfmiddlewaretoken"})
    return redirect(f"{reverse('settlement_whatif')}?{kept.urlencode()}")


def _asked(form: SupposeForm) -> dict[str, Any]:
    given = form.cleaned_data
    return {
        "year": given["year"], "settings": form.settings, "pack": given["pack"], "scheme": given["scheme"],
        "basis": _basis(),
    }  # fmt: skip


def _answer(request: HttpRequest, form: SupposeForm, asked: Mapping[str, Any]) -> HttpResponseBase:
    found = latest_result(jobs.suppose_job, **asked) if asked else None
    rows = _beside(found) if found else []
    columns = (
        Column("name", _("机构")),
        Column("before", _("现行"), unit="fen"),
        Column("after", _("假设"), unit="fen"),
        Column("change", _("差额"), unit="fen"),
    )  # fmt: skip
    table = Table("beside", columns, rows, sort="-change", empty=_("还没有结果"), caption=_("各机构并排"))
    return answer(
        request, "payment/whatif.html", table, form=form, found=found, totals=_totals(found) if found else (),
        settings=asked.get("settings", ()), chart=_chart(rows),
        jobs=[job for job in unfinished(jobs.suppose_job) if job.arguments == asked],
    )  # fmt: skip


def _beside(found: Mapping[str, Any]) -> list[Beside]:
    before, after = (_by_institution(found[name]["lines"]) for name in ("before", "after"))
    called = runs.called()
    return [
        Beside(key, called.institution(key), before.get(key, 0), after.get(key, 0))
        for key in sorted({*before, *after})
    ]  # fmt: skip


def _by_institution(lines: list[dict[str, Any]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in lines:
        sums[line["institution_id"]] = sums.get(line["institution_id"], 0) + line["final_fen"]
    return sums


def _totals(found: Mapping[str, Any]) -> list[tuple[str, int, int, int]]:
    labels = {
        "budget_fen": _("预算总额"), "final_fen": _("清算合计"), "kept_by_fund_fen": _("基金留存"),
        "fund_share_of_overrun_fen": _("基金分担超支"),
    }  # fmt: skip
    before, after = found["before"]["totals"], found["after"]["totals"]
    return [(label, before[name], after[name], after[name] - before[name]) for name, label in labels.items()]


def _chart(rows: list[Beside]) -> Chart:
    largest = sorted((row for row in rows if row.change), key=lambda row: -abs(row.change))[:12]
    values = [row.change / 100 for row in largest]
    return Chart(
        _("假设之下增减最多的机构"), [row.name for row in largest], [Series(_("差额"), values, kind="bar")],
        unit="yuan", lying=True,
    )  # fmt: skip


def packs() -> list[str]:
    """The packs there are, by whose way a year can be supposed to be settled."""
    return [next(iter(book.packs)) for book in whole()]


def _basis() -> str:
    """What the answer rests on besides the question: the facts and rules at hand."""
    _sources, record = inputs.present()
    rules = {name: rule.layers for name, rule in county_rules().rules.items() if name.startswith("payment.")}
    return hashlib.sha256(json.dumps([record, repr(rules)], sort_keys=True).encode()).hexdigest()[:24]


def _year(request: HttpRequest) -> int:
    asked = request.POST.get("year") or request.GET.get("year", "")
    if asked.isdecimal() and len(asked) == 4:
        return int(asked)
    latest = Run.objects.order_by("-year").values_list("year", flat=True).first()
    return int(latest) if latest else clock.today().year - 1
