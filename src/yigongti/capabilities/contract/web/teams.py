"""Teams: the list, one team with its people and members, what keeps it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.contract.decisions.packages import DUTIES
from yigongti.capabilities.contract.models import Member, Team
from yigongti.capabilities.contract.selectors import teams as found_teams
from yigongti.capabilities.contract.services import teams as keeping
from yigongti.capabilities.contract.services.teams import KEEPERS
from yigongti.capabilities.contract.web.forms import MemberForm, TeamForm
from yigongti.kernel import clock
from yigongti.kernel.facts.county import PRIMARY_KINDS
from yigongti.pages.tables import Column, Table, answer
from yigongti.spine.access.rows import scoped
from yigongti.spine.access.scope import may
from yigongti.spine.places.models import Institution


def listed(request: Any) -> HttpResponse:
    """The teams somebody may see, and those that contracts name but nobody has described."""
    today = clock.today()
    columns = (
        Column("name", _("团队"), link=lambda row: reverse("team", args=[row.pk])),
        Column("institution", _("机构"), value=lambda row: row.institution.name, order="institution__name"),
        Column("people", _("签约人数"), unit=""),
        Column("doctors", _("家庭医生"), unit=""),
        Column("limit", _("上限"), unit="", value=lambda row: found_teams.limit_of(row, on=today), order=None),
        Column("supporters", _("上级专科支持"), unit=""),
        Column("is_model", _("精品团队")),
        Column("closed_on", _("停止日期")),
        Column("team_id", _("团队编号"), order="pk", export_only=True),
    )
    table = Table("teams", columns, found_teams.teams(request.user), sort="name", empty=_("还没有家庭医生团队。"))
    return answer(request, "contract/teams.html", table, undescribed=found_teams.undescribed(request.user))


def one(request: Any, key: str) -> HttpResponse:
    """One team."""
    team = found_teams.team_or_404(request.user, key)
    columns = (
        Column("name", _("姓名"), value=lambda row: row.name or row.staff_id),
        Column("duty", _("职责"), value=lambda row: _(DUTIES[row.duty])),
        Column("institution", _("任职机构"), value=_employer, order=None),
        Column("since", _("加入日期")),
        Column("until", _("离开日期")),
        Column("staff_id", _("人员编号"), export_only=True),
    )
    return answer(
        request,
        "contract/team.html",
        Table("members", columns, found_teams.members(team), caption=_("成员"), empty=_("还没有成员。")),
        team=team,
        limit=found_teams.limit_of(team, on=clock.today()),
        present=[(row.pk, f"{row.name or row.staff_id}({_(DUTIES[row.duty])})") for row in
                 team.members.filter(until__isnull=True)],
        keeps=may(request.user, KEEPERS, institution_id=team.institution_id) and team.closed_on is None,
        form=MemberForm(),
        offered=found_teams.may_join(team),
    )  # fmt: skip


def new(request: Any) -> HttpResponse:
    """Describe a team: a new one, or one that contracts of files name."""
    key = request.GET.get("id", "")
    held = Team.objects.filter(pk=key).first() if key else None
    form = _form(request, held)
    if request.method == "POST" and form.is_valid():
        team = keeping.describe_team(form.values(team_id=key), by=request.user, at=clock.now())
        messages.success(request, _("已保存:%(team)s") % {"team": team.name})
        return redirect("team", team.pk)
    return render(request, "contract/team_new.html", {"form": form, "key": key, "held": held})


@require_POST
def join(request: Any, key: str) -> HttpResponse:
    """Somebody joins."""
    team, form = found_teams.team_or_404(request.user, key), MemberForm(request.POST)
    if form.is_valid():
        keeping.join(team, form.values, by=request.user, at=clock.now())
    for errors in form.errors.values():
        messages.error(request, "".join(str(error) for error in errors))
    return redirect("team", key)


@require_POST
def leave(request: Any, key: str) -> HttpResponse:
    """Somebody leaves."""
    team, number = found_teams.team_or_404(request.user, key), request.POST.get("member", "")
    member = Member.objects.filter(team=team, pk=int(number) if number.isdecimal() else 0, until__isnull=True).first()
    if member is None:
        raise Http404("no such member")
    keeping.leave(member, by=request.user, at=clock.now())
    return redirect("team", key)


@require_POST
def close(request: Any, key: str) -> HttpResponse:
    """The team stops."""
    keeping.close(found_teams.team_or_404(request.user, key), by=request.user, at=clock.now())
    return redirect("team", key)


def _form(request: Any, held: Team | None) -> TeamForm:
    rows = scoped(Institution.objects.filter(kind__in=PRIMARY_KINDS, closed_on__isnull=True), request.user)
    institutions = list(rows.order_by("name").values_list("pk", "name"))
    initial: dict[str, Any] = {"opened_on": clock.today(), "institution": request.GET.get("institution", "")}
    if held is not None:
        initial = {name: getattr(held, name) for name in ("name", "phone", "opened_on", "is_model")}
        initial["institution"] = held.institution_id
    return TeamForm(request.POST or None, institutions=institutions, initial=initial)


def _employer(row: Member) -> str:
    staff = getattr(row, "staff", None)
    return staff.institution.name if staff else ""
