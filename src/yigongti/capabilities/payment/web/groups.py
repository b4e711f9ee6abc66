"""Dashboards of DRG and DIP: bubbles of case mix, quadrants of time and cost, gain and loss by group, outliers."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yigongti.capabilities.payment.selectors import groups as selected
from yigongti.capabilities.payment.selectors.groups import GroupLine, Seat
from yigongti.capabilities.payment.services.drg import scheme_names
from yigongti.capabilities.payment.services.grouped import Grouped, Method, grouped, years
from yigongti.capabilities.payment.web.bubbles import Bubble, Bubbles
from yigongti.capabilities.payment.web.figures import FIGURES, TILES, Shown
from yigongti.kernel.facts.county import LEVELS
from yigongti.kernel.money import yuan
from yigongti.pages.charts import Chart, Series
from yigongti.pages.numbers import shown
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.home import home

SHIPPED = "county-core"
METHODS: dict[Method, str] = {"drg": "DRG", "dip": "DIP"}
MOST_GROUPS = 10


@dataclass(frozen=True)
class Asked:
    """What the address asks for: DRG or DIP, the year, the scheme; and what it could ask for."""

    method: Method
    year: int | None
    scheme: str
    years: Sequence[int]
    schemes: Sequence[str]

    @property
    def address(self) -> str:
        return urlencode({"method": self.method, "year": self.year or "", "scheme": self.scheme})

    @property
    def methods(self) -> list[tuple[Method, str]]:
        return list(METHODS.items())


def asked(request: HttpRequest) -> Asked:
    """What is not understood is passed over: an old bookmark still opens."""
    known, names = years(), scheme_names(home().path)
    year, scheme = request.GET.get("year", ""), request.GET.get("scheme", SHIPPED)
    return Asked(
        method="dip" if request.GET.get("method") == "dip" else "drg",
        year=int(year) if year.isdecimal() and int(year) in known else next(iter(known), None),
        scheme=scheme if scheme in names else SHIPPED,
        years=known,
        schemes=names,
    )


def _found(wanted: Asked) -> Grouped | None:
    return None if wanted.year is None else grouped(wanted.method, year=wanted.year, scheme=wanted.scheme)


def dashboard(request: HttpRequest) -> HttpResponseBase:
    """A year at a glance, every number leading to its definition or its rows."""
    wanted = asked(request)
    found = _found(wanted)
    if found is None:
        return render(request, "payment/groups_empty.html", {"asked": wanted})
    seats = selected.seats(found, request.user)
    every = selected.lines(found, found.region)
    table = Table("seats", _seat_columns(wanted), seats, size=60, empty=_("没有您可以查看的机构"), caption=_("各机构"))
    return answer(
        request, "payment/groups.html", table, asked=wanted, found=found,
        tiles=_tiles(found, seats),
        mix=_mix(seats, wanted), quadrants=_quadrants(seats, wanted), gains=_gains(every),
        rate=None if found.rate_fen is None else yuan(round(found.rate_fen)),
    )  # fmt: skip


def _tiles(found: Grouped, seats: Sequence[Seat]) -> list[dict[str, Any]]:
    """The figures of the whole county; of outliers, what lies inside one's scope."""
    whole = selected.county(found)
    tiles = []
    for figure in (FIGURES[key] for key in TILES):
        listed = figure.key in ("high", "low")
        value = sum(_of(seat, figure) for seat in seats) if listed else _of(whole, figure)
        under = _("列出的机构") if listed else _("全县")
        tiles.append({"figure": figure, "value": shown(_number(value), unit=figure.unit), "under": under})
    return tiles


def _of(line: Any, figure: Shown) -> Any:
    return getattr(line, figure.key)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, Fraction) else value


def _mix(seats: Sequence[Seat], wanted: Asked) -> Bubbles:
    bubbles = [
        Bubble(seat.name, float(seat.cmi), float(seat.performance.groups), float(seat.performance.weight),
               text=_("CMI %(cmi)s,%(groups)s 组,总权重 %(weight)s") % {
                   "cmi": f"{float(seat.cmi):.2f}", "groups": seat.performance.groups,
                   "weight": f"{float(seat.performance.weight):,.0f}"},
               link=_lines_address(wanted, seat))
        for seat in seats if seat.cmi is not None
    ]  # fmt: skip
    return Bubbles(_("各机构的 CMI、组数与总权重"), "CMI", _("组数"), bubbles)


def _quadrants(seats: Sequence[Seat], wanted: Asked) -> Bubbles:
    bubbles = [
        Bubble(seat.name, float(seat.time_index), float(seat.cost_index), seat.cases,
               text=_("时间 %(time)s,费用 %(cost)s") % {
                   "time": f"{float(seat.time_index):.2f}", "cost": f"{float(seat.cost_index):.2f}"},
               link=_lines_address(wanted, seat), tone=_tone(seat))
        for seat in seats if seat.time_index is not None and seat.cost_index is not None
    ]  # fmt: skip
    corners = (_("费用高、时间短"), _("费用高、时间长"), _("费用低、时间短"), _("费用低、时间长"))
    return Bubbles(_("各机构的时间与费用消耗指数"), _("时间消耗指数"), _("费用消耗指数"), bubbles, 1.0, corners)


def _tone(seat: Seat) -> str:
    above = [index > 1 for index in (seat.time_index, seat.cost_index)]
    return "bad" if all(above) else "warn" if any(above) else "good"


def _gains(every: Sequence[GroupLine]) -> Chart | None:
    """The groups that lose and gain most, in yuan."""
    known = [line for line in every if line.gain_fen is not None]
    half = MOST_GROUPS // 2
    ends = known if len(known) <= MOST_GROUPS else known[:half] + known[-half:]
    if not ends:
        return None
    values = [(line.gain_fen or 0) / 100 for line in ends]
    tones = ["bad" if value < 0 else "good" for value in values]
    series = Series(_("盈亏"), values, kind="bar", tones=tones)  # type: ignore[arg-type]  # the tones are literals
    names = [f"{line.code} {line.name}".strip() for line in ends]
    return Chart(_("亏损和盈余最多的组"), names, [series], unit="yuan", lying=True)


def _seat_columns(wanted: Asked) -> tuple[Column, ...]:
    return (
        Column("name", _("机构"), link=lambda seat: _lines_address(wanted, seat)),
        Column("level", _("级别"), value=lambda seat: _(LEVELS[seat.level])),
        Column("cases", _("例数"), unit="", link=lambda seat: _rows_address(wanted, seat, "all")),
        Column("grouped_share", _("入组率"), unit="ratio", value=lambda seat: _number(seat.grouped_share)),
        Column("groups", _("组数"), unit=""),
        Column("cmi", "CMI", unit="", value=lambda seat: _rounded(seat.cmi)),
        Column("cost_index", _("费用指数"), unit="", value=lambda seat: _rounded(seat.cost_index)),
        Column("time_index", _("时间指数"), unit="", value=lambda seat: _rounded(seat.time_index)),
        Column("low_risk_deaths", _("低风险死亡"), unit="",
               link=lambda seat: _rows_address(wanted, seat, "low_risk_deaths")),
        Column("high", _("高倍率"), unit="", link=lambda seat: _rows_address(wanted, seat, "high")),
        Column("low", _("低倍率"), unit="", link=lambda seat: _rows_address(wanted, seat, "low")),
        Column("gain_fen", _("盈亏"), unit="fen"),
    )  # fmt: skip


def _rounded(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 3)


def _lines_address(wanted: Asked, seat: Seat) -> str:
    return f"{reverse('group_lines')}?{wanted.address}&{urlencode({'institution': seat.institution_id})}"


def _rows_address(wanted: Asked, seat: Seat, kind: str) -> str:
    return f"{reverse('group_rows')}?{wanted.address}&{urlencode({'institution': seat.institution_id, 'kind': kind})}"


def figure(request: HttpRequest, key: str) -> HttpResponseBase:
    """One figure: its definition, the rules it rests on, and its value at each institution."""
    chosen, wanted = FIGURES.get(key), asked(request)
    if chosen is None:
        raise Http404(f"no figure {key}")
    found = _found(wanted)
    if found is None:
        return render(request, "payment/groups_empty.html", {"asked": wanted})
    seats = selected.seats(found, request.user)
    value = Column(key, chosen.label, unit="fen") if chosen.is_money else Column(
        key, chosen.label, unit=chosen.unit, value=lambda seat: _number(_of(seat, chosen)),
        link=lambda seat: _rows_address(wanted, seat, chosen.rows),
    )  # fmt: skip
    columns = (
        Column("name", _("机构"), link=lambda seat: _lines_address(wanted, seat)),
        Column("level", _("级别"), value=lambda seat: _(LEVELS[seat.level])),
        value,
    )
    table = Table("seats", columns, seats, sort=f"-{key}", size=60, empty=_("没有您可以查看的机构"))
    rules = chosen.rules_of(wanted.method)
    return answer(request, "payment/group_figure.html", table, asked=wanted, figure=chosen, rules=rules)


def lines(request: HttpRequest) -> HttpResponseBase:
    """The groups of an institution, or of the county: cases, weight, cost, gain and loss."""
    wanted = asked(request)
    found = _found(wanted)
    if found is None:
        return render(request, "payment/groups_empty.html", {"asked": wanted})
    seat = _seat_or_404(request, found)
    listed = selected.lines(found, seat.sums if seat else found.region)
    columns = (
        Column("code", _("组"), link=lambda line: _group_address(wanted, seat, line)),
        Column("name", _("组名")),
        Column("cases", _("例数"), unit=""),
        Column("weight", _("权重"), unit=""),
        Column("mean_fen", _("例均费用"), unit="fen"),
        Column("region_mean_fen", _("全县例均"), unit="fen"),
        Column("variation", _("变异系数 CV"), unit=""),
        Column("days", _("平均住院日"), unit=""),
        Column("deaths", _("死亡"), unit=""),
        Column("risk", _("死亡风险"), value=lambda line: _(line.risk)),
        Column("gain_fen", _("盈亏"), unit="fen"),
    )
    table = Table("groups", columns, listed, size=100, empty=_("没有入组的住院"))
    return answer(request, "payment/group_lines.html", table, asked=wanted, seat=seat, gains=_gains(listed))


def _group_address(wanted: Asked, seat: Seat | None, line: GroupLine) -> str:
    where = {"institution": seat.institution_id if seat else "", "group": line.code}
    return f"{reverse('group_rows')}?{wanted.address}&{urlencode(where)}"


def _seat_or_404(request: HttpRequest, found: Grouped) -> Seat | None:
    """The institution asked for, where it is inside one's scope; None: the county."""
    key = request.GET.get("institution", "")
    seat = next((each for each in selected.seats(found, request.user) if each.institution_id == key), None)
    if key and seat is None:
        raise Http404(f"no institution {key}")
    return seat


KIND_LABELS = {
    "all": "全部住院", "ungrouped": "没有入组", "high": "高倍率", "low": "低倍率", "deaths": "死亡",
    "low_risk_deaths": "低风险组死亡",
}  # fmt: skip


def rows(request: HttpRequest) -> HttpResponseBase:
    """The stays behind a number; each can be tried at the coder's desk."""
    wanted, kind = asked(request), request.GET.get("kind", "all")
    found = _found(wanted)
    if found is None:
        return render(request, "payment/groups_empty.html", {"asked": wanted})
    if kind not in selected.KINDS:
        raise Http404(f"no kind {kind}")
    seat, group = _seat_or_404(request, found), request.GET.get("group", "")
    stays = selected.rows(found, request.user, kind=kind, institution=seat.institution_id if seat else "", group=group)
    columns = (
        Column("stay_id", _("住院编号"), link=lambda stay: _desk_address(stay, wanted)),
        Column("discharged_on", _("出院日期")),
        Column("drg", _("组")),
        Column("name", _("组名"), value=lambda stay: found.names.get(stay["drg"], "")),
        Column("total_fen", _("总费用"), unit="fen"),
        Column("days", _("住院天数"), unit=""),
        Column("outlier", _("费用"), value=lambda stay: _(OUTLIER_LABELS[stay["outlier"]])),
        Column("died", _("死亡"), value=lambda stay: _("是") if stay["died"] else ""),
        Column("reason", _("说明"), order=None),
    )
    table = Table("stays", columns, stays, empty=_("没有这样的住院"))
    return answer(
        request, "payment/group_rows.html", table, asked=wanted, seat=seat, group=group, kind=_(KIND_LABELS[kind])
    )


OUTLIER_LABELS = {"normal": "正常", "low": "低倍率", "high": "高倍率", "by_cost": "按费用折算"}


def _desk_address(stay: dict[str, Any], wanted: Asked) -> str:
    """The coder's desk with the stay's codes filled in (DRG schemes)."""
    values = {name: stay[name] for name in ("sex", "age_years", "age_days", "birth_weight_g", "discharge_way")}
    filled = {name: value for name, value in values.items() if value is not None}
    codes = {name: "\n".join(stay[name] or []) for name in ("dx", "procedures")}
    days = {"days_in_hospital": stay["days"], "scheme": wanted.scheme}
    return f"{reverse('coding')}?{urlencode(filled | codes | days)}"
