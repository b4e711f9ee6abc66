"""Institutions: the list, one institution with its people and numbers, those that came incomplete."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.measure.api import Figure, Level, picture
from yigongti.capabilities.registry.selectors import institutions as registered
from yigongti.capabilities.registry.selectors.staffing import postings_of, staffing
from yigongti.kernel.facts import COUNTY
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.people.models import Posting
from yigongti.spine.places.models import Institution

WARNINGS = 5
POSTING_KINDS = COUNTY["posting"]["kind"].choices


def institutions(request: HttpRequest) -> HttpResponse:
    """The county's institutions, narrowed by kind, level, zone, consortium and words."""
    wanted = {name: request.GET.get(name, "") for name in (*registered.FILTERS, "q", "closed")}
    return answer(
        request,
        "registry/institutions.html",
        _table(registered.institutions(wanted)),
        wanted=wanted,
        choices=registered.choices(),
        incomplete=registered.incomplete().count(),
    )


def incomplete(request: HttpRequest) -> HttpResponse:
    """Institutions that came without kind, level or place: they do not count anywhere until they have them."""
    columns = (
        Column("name", _("机构"), link=_address),
        Column("institution_id", _("机构编号"), order="pk"),
        Column("lacking", _("缺少"), value=lambda row: "、".join(registered.lacking(row)), order=None),
    )
    empty = _("没有待补充的机构。")
    table = Table("incomplete", columns, registered.incomplete().select_related("place"), sort="name", empty=empty)
    return answer(request, "registry/incomplete.html", table)


def institution(request: Any, institution_id: str) -> HttpResponse:
    """One institution: what it is, who works there, its branches, and its latest numbers where in scope."""
    found = registered.one_institution(institution_id)
    seen = _picture(request.user, institution_id)
    return answer(
        request,
        "registry/institution.html",
        Table("branches", _branch_columns(), registered.branches(found), sort="name", caption=_("下属机构")),
        Table("postings", _posting_columns(), postings_of(institution_id), caption=_("在派驻期的人员")),
        institution=found,
        said=_said(found),
        zone=registered.group_name(Level.ZONE, found.zone_id),
        consortium=registered.group_name(Level.CONSORTIUM, found.consortium_id),
        lacking=registered.lacking(found),
        staffing=staffing(institution_id),
        picture=seen,
        figures=[_line(figure) for figure in seen.figures if figure.value is not None] if seen else [],
        without=sum(figure.value is None for figure in seen.figures) if seen else 0,
    )


def _picture(user: Any, institution_id: str) -> Any:
    """The institution's numbers, None before the first results and outside the scope."""
    try:
        return picture(
            user, seat=f"{Level.INSTITUTION}:{institution_id}", headlines={Level.INSTITUTION: ()}, warnings=WARNINGS
        )
    except Http404:
        return None


def _line(figure: Figure) -> dict[str, Any]:
    query = urlencode({"seat": f"{Level.INSTITUTION}:{figure.group}"})
    return {"figure": figure, "address": f"{reverse('indicator', args=[figure.id])}?{query}"}


def _said(found: Institution) -> dict[str, str]:
    """The coded facts in words."""
    table = COUNTY["institution"]
    values = {name: getattr(found, name) for name in ("kind", "level", "ownership")}
    return {name: _(table[name].choices[value]) if value else "" for name, value in values.items()}


def _code(row: Institution, name: str) -> str:
    value = getattr(row, name)
    return _(COUNTY["institution"][name].choices[value]) if value else ""


def _address(row: Institution) -> str:
    return reverse("institution", args=[row.pk])


def _table(rows: Any) -> Table:
    zones, consortia = (dict(each) for each in (registered.choices().zone_id, registered.choices().consortium_id))
    columns = (
        Column("name", _("机构"), link=_address),
        Column("kind", _("机构类别"), value=lambda row: _code(row, "kind")),
        Column("level", _("级别"), value=lambda row: _code(row, "level")),
        Column("place", _("所在地"), value=lambda row: row.place.name if row.place else "", order="place__name"),
        Column("consortium_id", _("医共体"), value=lambda row: consortia.get(row.consortium_id, row.consortium_id)),
        Column("zone_id", _("片区"), value=lambda row: zones.get(row.zone_id, row.zone_id)),
        Column("beds", _("编制床位"), unit=""),
        Column("in_county", _("县域内")),
        Column("institution_id", _("机构编号"), order="pk", export_only=True),
    )
    return Table(
        "institutions", columns, rows, sort="name", empty=_("没有符合条件的机构。请先装载机构表(institution)。")
    )


def _branch_columns() -> tuple[Column, ...]:
    return (
        Column("name", _("机构"), link=_address),
        Column("kind", _("机构类别"), value=lambda row: _code(row, "kind")),
        Column("beds", _("编制床位"), unit=""),
    )


def _posting_columns() -> tuple[Column, ...]:
    return (
        Column("staff_id", _("人员编号")),
        Column("from_institution", _("派出机构"), value=lambda row: row.from_institution.name, link=_from,
               order="from_institution__name"),
        Column("to_institution", _("派驻机构"), value=lambda row: row.to_institution.name, link=_to,
               order="to_institution__name"),
        Column("kind", _("派驻方式"), value=lambda row: _(POSTING_KINDS[row.kind])),
        Column("start_on", _("开始日期")),
        Column("end_on", _("结束日期")),
    )  # fmt: skip


def _from(row: Posting) -> str:
    return reverse("institution", args=[row.from_institution_id])


def _to(row: Posting) -> str:
    return reverse("institution", args=[row.to_institution_id])
