"""What the derived pages of a contract show besides: items with their proofs, the combination, who follows whom."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from yigongti.capabilities.contract.decisions.packages import DUTIES, packages
from yigongti.capabilities.contract.models import FOLLOWS, FOUND, HOW, SAID, Contract, DueItem, Team
from yigongti.capabilities.contract.selectors.people import known
from yigongti.capabilities.contract.selectors.standing import members
from yigongti.capabilities.contract.workflow import CONTRACT, TEAM
from yigongti.kernel import clock
from yigongti.kernel.facts import COUNTY
from yigongti.pages.work import panels
from yigongti.spine.access.scope import scope_of
from yigongti.spine.county_rules import county_rules


def show_panels() -> None:
    """Add to the derived pages of the contract's workflow."""
    panels.panel(CONTRACT.id, "contract/panel_items.html", items)
    panels.side_panel(CONTRACT.id, "contract/panel_team.html", team)
    panels.new_case_page(CONTRACT.id, "contract_new")
    panels.choices(CONTRACT.id, "package", _packages)
    panels.choices(CONTRACT.id, "to_team", _teams)


def items(case: Any, user: Any) -> dict[str, Any] | None:
    """The contract's items by day, each with what fulfilled it and what the resident says."""
    rows = list(DueItem.objects.filter(number=case.pk).select_related("performer"))
    return items_panel(rows, user) if rows else None


def items_panel(rows: Sequence[DueItem], user: Any) -> dict[str, Any]:
    """Items as the panel shows them, with how many of those past their day are done."""
    today = clock.today()
    past = [row for row in rows if row.due_on < today]
    return {
        "items": [_item(row, today) for row in rows],
        "done": sum(row.done_on is not None for row in rows),
        "kept": sum(row.done_on is not None for row in past),
        "past": len(past),
        "may_enter": not scope_of(user).roles.isdisjoint(TEAM),
    }


def team(case: Any, user: Any) -> dict[str, Any] | None:
    """With whom the contract is, and what it follows or is followed by."""
    contract = Contract.objects.select_related("team", "county_hospital", "city_hospital").filter(pk=case.pk).first()
    if contract is None:
        return None
    offered = packages(county_rules(), on=contract.start_on).get(contract.package)
    return {
        "contract": contract,
        "package": offered,
        "follows": _(FOLLOWS[contract.follows]),
        "members": [(each.name or each.staff_id, _(DUTIES[each.duty])) for each in
                    members(contract.team, on=clock.today())],
        "successors": [(each, _(CONTRACT.states[each.state])) for each in contract.successors.all()],
        "family": _family(contract, user),
    }  # fmt: skip


def _family(contract: Contract, user: Any) -> list[tuple[Contract, str, bool]]:
    """Who signed together: contract, the person's name as the reader may know it, whether they may open it."""
    if not contract.household:
        return []
    others = list(Contract.objects.filter(household=contract.household).exclude(pk=contract.pk))
    people = known([each.resident_id for each in others], user=user)
    return [(each, people.name(each.resident_id), each.resident_id in people.visible) for each in others]


def _item(row: DueItem, today: Any) -> dict[str, Any]:
    if row.done_on is not None:
        tone = "warn" if row.said == "disputed" else "good"
    else:
        tone = "bad" if row.due_on < today else "none"
    late = row.done_on is None and row.due_on < today
    return {
        "row": row, "name": _(row.name), "by": _(DUTIES[row.by]), "tone": tone, "proof": proof_of(row),
        "is_open": row.opens_on <= today, "how": _("逾期未完成") if late else _(HOW[row.how]),
        "said": _(SAID[row.said]) if row.done_on else "",
        "site": row.performer.name if row.performer and row.performer_id != row.institution_id else "",
    }  # fmt: skip


def proof_of(row: DueItem) -> str:
    """What proves it, in words: a record by its kind and number, or what the team wrote."""
    table, key = (*row.proof.split(" ", 1), "")[:2]
    return f"{_(COUNTY[table].label)} {key}" if row.how == FOUND and table in COUNTY else row.proof


def _packages(case: Any, user: Any) -> list[tuple[str, str]]:
    return [(each.code, _(each.name)) for each in packages(county_rules(), on=clock.today()).values()]


def _teams(case: Any, user: Any) -> list[tuple[str, str]]:
    rows = Team.objects.filter(closed_on__isnull=True).select_related("institution").order_by("institution", "name")
    return [(row.pk, f"{row.name}({row.institution.name})") for row in rows]
