"""The map of villages by how they are served, and the list of blank spots with what to do."""

from collections.abc import Sequence
from math import sqrt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yigongti.capabilities.registry.decisions.coverage import Remedy, Service
from yigongti.capabilities.registry.selectors.institutions import institutions
from yigongti.capabilities.registry.selectors.villages import ROOM_FROM, Coverage, Nearest, Served, coverage
from yigongti.kernel import clock
from yigongti.kernel.facts.county import PRIMARY_KINDS
from yigongti.kernel.rules import RuleVersion
from yigongti.pages.charts import Map, Point
from yigongti.pages.numbers import digits
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.county_rules import county_rules
from yigongti.spine.places.models import Institution

BLANK = "villages_without_service"
TARGET = f"measure.target.{BLANK}"
TONES: dict[Service, Any] = {
    Service.OWN: "good",
    Service.POSTED: "plain",
    Service.CIRCUIT: "plain",
    Service.NEIGHBOUR: "plain",
    Service.UNSTAFFED: "bad",
    Service.BLANK: "bad",
}
HOLLOW = (Service.POSTED, Service.NEIGHBOUR, Service.UNSTAFFED)
SMALLEST, SPREAD = 0.12, 0.45
"""Sizes of the points: of a village without people, and what the most populous has more."""


def villages(request: HttpRequest) -> HttpResponse:
    """Every village on the map, and what to do about those without service."""
    found = coverage()
    if found is None:
        return render(request, "registry/villages.html", {"coverage": None})
    rule = _rule(ROOM_FROM)
    return answer(
        request,
        "registry/villages.html",
        _table(found.to_do, rule),
        coverage=found,
        counts=[(_label(service), TONES[service], found.counts[service]) for service in Service],
        blank=found.blanks,
        map=_map(found),
        unplaced=[village for village in found.villages if village.point is None],
        clauses=list(dict.fromkeys(version.source for version in (_rule(TARGET), rule) if version)),
    )


def _rule(rule_id: str) -> RuleVersion | None:
    rule = county_rules().rules.get(rule_id)
    return rule.in_force(on=clock.today()) if rule else None


def _label(service: Service) -> str:
    return {
        Service.OWN: _("本村有室有人"),
        Service.POSTED: _("本村有室,派驻人员"),
        Service.CIRCUIT: _("巡诊覆盖"),
        Service.NEIGHBOUR: _("邻村延伸服务"),
        Service.UNSTAFFED: _("有室无人"),
        Service.BLANK: _("空白点"),
    }[service]


def _map(found: Coverage) -> Map:
    most = max((village.population or 0 for village in found.villages), default=0)
    points = [_village(village, most=most) for village in found.villages if village.point]
    return Map(
        _("村级医疗服务覆盖"),
        [*points, *_hospitals()],
        legend=(
            ("good", _("本村有室有人")),
            ("plain", _("巡诊、派驻(空心)或邻村服务(空心)")),
            ("bad", _("空白点;空心为有室无人")),
            ("none", _("卫生院、社区中心和医院")),
        ),
    )


def _village(village: Served, *, most: int) -> Point:
    assert village.point is not None
    return Point(
        label=village.name,
        lon=village.point.lon,
        lat=village.point.lat,
        text=f"{village.town} · {_label(village.service)} · {_people(village.population)}",
        tone=TONES[village.service],
        size=SMALLEST + SPREAD * sqrt((village.population or 0) / most) if most else SMALLEST,
        link=reverse("institution", args=[village.institutions[0][0]]) if village.institutions else "",
        shape="ring" if village.service in HOLLOW else "circle",
    )


def _hospitals() -> list[Point]:
    """Institutions other than the rooms, which the villages stand for."""
    rooms = ("village_room", "clinic", "retail_pharmacy", "community_station")
    every = institutions({}).filter(in_county=True).exclude(kind__in=rooms).exclude(lon=None).exclude(lat=None)
    return [_hospital(each) for each in every]


def _hospital(each: Institution) -> Point:
    size = 0.3 if each.kind in PRIMARY_KINDS else 0.5
    address = reverse("institution", args=[each.pk])
    return Point(each.name, each.lon, each.lat, tone="none", size=size, link=address, shape="ring")


def _people(population: int | None) -> str:
    return _("人口不详") if population is None else _("%(count)s 人") % {"count": digits(population)}


def _table(rows: Sequence[Served], rule: RuleVersion | None) -> Table:
    limit = rule.text if rule else ""
    columns = (
        Column("name", _("村"), value=lambda row: row.name),
        Column("town", _("乡镇街道")),
        Column("population", _("人口"), unit=""),
        Column("service", _("情况"), value=lambda row: _label(row.service), tone=lambda row: TONES[row.service]),
        Column("remedy", _("怎么办"), value=lambda row: _remedy(row, limit), order=None),
        Column("room", _("最近的村卫生室"), value=lambda row: _near(row.room), link=lambda row: _link(row.room),
               order=None),
        Column("centre", _("最近的卫生院"), value=lambda row: _near(row.centre), link=lambda row: _link(row.centre),
               order=None),
    )  # fmt: skip
    empty = _("没有空白点:每个村都有人服务。")
    return Table("blank", columns, rows, caption=_("空白点和无人村室"), empty=empty, size=100)


def _remedy(row: Served, limit: str) -> str:
    if row.remedy is Remedy.SEND_PEOPLE:
        return _("村卫生室没有在岗人员:由乡镇卫生院派驻或聘用乡村医生")
    if row.remedy is Remedy.SEND_ROUNDS:
        return _("服务人口 %(limit)s:安排卫生院定期巡诊、派驻,或由邻村延伸服务") % {"limit": limit}
    return _("服务人口不在 %(limit)s 之列:应设村卫生室;设置前先安排巡诊或派驻") % {"limit": limit}


def _near(nearest: Nearest | None) -> str:
    return f"{nearest.name} {nearest.km:.1f} km" if nearest else ""


def _link(nearest: Nearest | None) -> str | None:
    return reverse("institution", args=[nearest.institution_id]) if nearest else None
