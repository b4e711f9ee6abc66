"""The contract with the family doctor, its items, applying for one and what becomes of it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.contract import api as contract
from yigongti.capabilities.portal.web.asking import opened, page
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.ids import new_id

TEAMS = 20
ASKED = {"decline": ("reason",), "terminate": ("reason",), "transfer": ("to_team", "reason"), "renew": ("for_years",)}
"""Step → what the resident says with it."""


def contracts(request: Any) -> HttpResponse:
    """The contracts of oneself or of a relative who agreed, with what falls due; steps for oneself alone."""
    resident_id, reader = opened(request, purpose="contract"), request.user
    found = contract.contracts_of(resident_id, reader=reader)
    is_own = resident_id == reader.resident_id
    steps = {name for each in found for name, _label in each.steps}
    context = {
        "contracts": [
            (each, contract.items_of(each.contract_id, resident_id=resident_id, reader=reader)) for each in found
        ],
        "begin": contract.may_begin(resident_id) if is_own else None,
        "teams": contract.team_offers(reader)[:TEAMS] if "transfer" in steps else (),
        "years": contract.terms_of_years(),
        "is_own": is_own,
        "request_id": new_id(),
    }
    return page(request, "portal/contract.html", context)


def apply(request: Any) -> HttpResponse:
    """Choose a team, a package and a term; posting applies.  For oneself alone: a contract is one's own agreement."""
    opened(request, purpose="contract")
    begin = contract.may_begin(request.user.resident_id)
    if begin is None:
        raise Refusal(_("您已有签约,不用再申请"), why=_("同一时间每人只能有一份有效签约"), remedy=_("请在“签约”里查看"))
    if request.method == "POST":
        said = request.POST
        if not said.get("team") or not said.get("package"):
            raise Refusal(_("请选择团队和服务包"), remedy=_("请返回后再选"))
        wanted = contract.Application(said["team"], said["package"], begin, _years(said))
        contract.apply(wanted, by=request.user, at=clock.now(), request_id=said.get("request_id") or new_id())
        return redirect("portal_contract")
    context = {
        "teams": contract.team_offers(request.user)[:TEAMS],
        "packages": contract.package_offers(request.user),
        "years": contract.terms_of_years(),
        "begin": begin,
        "request_id": new_id(),
    }
    return page(request, "portal/apply.html", context)


@require_POST
def answer(request: Any, contract_id: str, name: str) -> HttpResponse:
    """Confirm what the team proposed, decline it, renew, change the team, or end the contract."""
    said = {"by": request.user, "at": clock.now(), "request_id": request.POST.get("request_id") or new_id()}
    if name == "confirm":
        contract.confirm(contract_id, **said)
    elif name in ASKED:
        data = {field: request.POST.get(field, "").strip() for field in ASKED[name]}
        if name == "decline":
            data["reason"] = data["reason"] or _("本人不同意")
        contract.step(contract_id, name, data=data, **said)
    else:
        raise Refusal(_("没有这项办理"), remedy=_("请刷新后再试"))
    return redirect("portal_contract")


@require_POST
def item(request: Any, item_id: int) -> HttpResponse:
    """Say that a service was done, or what is wrong with it."""
    remark = request.POST.get("remark", "").strip()
    if request.POST.get("said") == "dispute":
        if not remark:
            raise Refusal(_("请写明哪里不对"), remedy=_("请返回后填写"))
        contract.dispute_item(item_id, remark=remark, by=request.user, at=clock.now())
    else:
        contract.confirm_item(item_id, by=request.user, at=clock.now())
    return redirect("portal_contract")


def _years(said: Any) -> int:
    asked = said.get("years", "1")
    return int(asked) if asked.isdecimal() else 1
