"""The contract with the family doctor, its items, and applying for one."""

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


def contracts(request: Any) -> HttpResponse:
    """One's contracts with what falls due; for a relative, with whom they have one."""
    resident_id = opened(request, purpose="contract")
    is_own = resident_id == request.user.resident_id
    mine, valid = contract.mine(request.user) if is_own else [], contract.valid(resident_id)
    context = {
        "contracts": [(each, contract.items(request.user, contract_id=each.contract_id)) for each in mine],
        "valid": None if is_own else valid,
        "has_valid": valid is not None,
        "is_own": is_own,
        "request_id": new_id(),
    }
    return page(request, "portal/contract.html", context)


def apply(request: Any) -> HttpResponse:
    """Choose a team and a package; posting applies."""
    opened(request, purpose="contract")
    if request.method == "POST":
        said = request.POST
        if not said.get("team") or not said.get("package"):
            raise Refusal(_("请选择团队和服务包"), remedy=_("请返回后再选"))
        wanted = contract.Application(said["team"], said["package"], clock.today(), 1)
        contract.apply(wanted, by=request.user, at=clock.now(), request_id=said.get("request_id") or new_id())
        return redirect("portal_contract")
    context = {
        "teams": contract.team_offers(request.user)[:20],
        "packages": contract.package_offers(request.user),
        "request_id": new_id(),
    }
    return page(request, "portal/apply.html", context)


@require_POST
def answer(request: Any, contract_id: str, name: str) -> HttpResponse:
    """Confirm what the team proposed, or decline it."""
    said = {"by": request.user, "at": clock.now(), "request_id": request.POST.get("request_id") or new_id()}
    if name == "confirm":
        contract.confirm(contract_id, **said)
    else:
        contract.decline(contract_id, reason=request.POST.get("reason") or _("本人不同意"), **said)
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
