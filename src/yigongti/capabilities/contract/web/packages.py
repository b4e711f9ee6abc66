"""Packages: what is offered, what is in one, and writing a new version of one with the document that decides it."""

from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.contract.decisions.evidence import KIND_OF
from yigongti.capabilities.contract.decisions.packages import (
    DUTIES,
    PREFIX,
    SOURCE_LABELS,
    SOURCES,
    Item,
    Package,
    packages,
)
from yigongti.capabilities.contract.services.packages import Decided, write_package
from yigongti.capabilities.contract.web.amounts import FEN, amount
from yigongti.capabilities.contract.web.forms import DecidedForm, ItemForm
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.facts import COUNTY
from yigongti.kernel.money import fen
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.county_rules import county_rules


def listed(request: Any) -> HttpResponse:
    """The packages of today."""
    found = list(packages(county_rules(), on=clock.today()).values())
    columns = (
        Column(
            "name", _("服务包"), value=lambda row: _(row.name), link=lambda row: reverse("package", args=[row.code])
        ),
        Column("items", _("项目"), unit="", value=lambda row: len(row.items)),
        amount("price_fen", _("每年价格"), lambda row: row.price_fen),
        *(amount(source, _(SOURCE_LABELS[source]), _source(source)) for source in SOURCES),
        Column("code", _("编号"), export_only=True),
    )
    return answer(request, "contract/packages.html", Table("packages", columns, found, empty=_("没有服务包规则。")))


def one(request: Any, code: str) -> HttpResponse:
    """One package: items, how often, who, what each costs and who pays; the clause it comes from."""
    package = _package(code)
    columns = (
        Column("name", _("项目"), value=lambda row: _(row.name)),
        Column("by", _("由谁完成"), value=lambda row: _(DUTIES[row.by])),
        Column("times", _("次/年"), unit=""),
        amount("price_fen", _("每次价格"), lambda row: row.price_fen),
        amount("yearly_fen", _("全年"), lambda row: row.yearly_fen),
        *(Column(source, _(SOURCE_LABELS[source]), unit="ratio", value=_share(source)) for source in SOURCES),
        Column("evidence", _("以什么为证"), value=lambda row: evidence_label(row.evidence)),
    )
    table = Table("items", columns, package.items, caption=_("项目"))
    sources = [(_(SOURCE_LABELS[source]), amount) for source, amount in package.sources.items()]
    context = {"package": package, "sources": sources, "rule_id": PREFIX + code}
    return answer(request, "contract/package.html", table, **context)


def edit(request: Any, code: str) -> HttpResponse:
    """Write a new version of a package; what is there today stays for the contracts and the days before."""
    package = _package(code)
    formset = formset_factory(ItemForm, extra=2)
    rows = formset(request.POST or None, initial=[_initial(item) for item in package.items], prefix="item")
    form = DecidedForm(request.POST or None, initial={"effective_from": clock.today()})
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        items = tuple(_item(each) for each in rows.cleaned_data if each.get("code"))
        try:
            write_package(code, package.name, items, decided=Decided(**form.cleaned_data), by=request.user,
                          at=clock.now())  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已写入新的版本"))
            return redirect("package", code)
    return render(request, "contract/package_edit.html", {"package": package, "form": form, "rows": rows})


def evidence_label(evidence: str) -> str:
    """What proves an item, in words: the kind of record and, where not any will do, which."""
    tables = {
        "": _("不需履约"), "entry": _("团队登记"), "follow_up": _("随访记录"), "visit": _("就诊记录"),
        "measurement": _("体征测量记录"), "exam": _("检查检验记录"), "immunization": _("接种记录"),
    }  # fmt: skip
    table, _colon, kinds = evidence.partition(":")
    choices = COUNTY[table][KIND_OF[table]].choices if table in KIND_OF else {}
    told = "、".join(_(choices.get(kind, kind)) for kind in kinds.split("|") if kind)
    return f"{tables.get(table, evidence)}:{told}" if told else tables.get(table, evidence)


def _package(code: str) -> Package:
    found = packages(county_rules(), on=clock.today()).get(code)
    if found is None:
        raise Http404("no such package today")
    return found


def _source(source: str) -> Any:
    return lambda row: row.sources[source]


def _share(source: str) -> Any:
    place = SOURCES.index(source)
    return lambda row: float(row.shares[place] / sum(row.shares))


def _initial(item: Item) -> dict[str, Any]:
    shares = {source: _typed(share) for source, share in zip(SOURCES, item.shares, strict=True)}
    return {
        "code": item.code, "name": item.name, "by": item.by, "times": item.times,
        "price": f"{item.price_fen / FEN:.2f}", "evidence": item.evidence, **shares,
    }  # fmt: skip


def _typed(share: Fraction) -> float:
    return int(share) if share.denominator == 1 else round(float(share), 4)


def _item(said: dict[str, Any]) -> Item:
    return Item(
        said["code"], said["name"] or said["code"], said["by"], said["times"], fen(said["price"]),
        tuple(Fraction(said[source]) for source in SOURCES), said["evidence"],
    )  # fmt: skip
