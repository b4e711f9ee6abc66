"""What things are called and where they stand: rules, indicators and screens by id, as links where there is a page."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.roles import Role
from yigongti.pages.menu import admits
from yigongti.site.menu import MENU
from yigongti.spine.county_rules import county_rules


@dataclass(frozen=True)
class Link:
    """A thing by name; address "" where it has no page in this county's composition."""

    label: str
    address: str = ""


def rule_links(ids: Iterable[str]) -> list[Link]:
    """Rules by their labels; a rule of a pack that the county did not choose by its id, without address."""
    known = county_rules().rules
    return [Link(known[each].label, reverse("rule", args=[each])) if each in known else Link(each) for each in ids]


def indicator_links(ids: Iterable[str]) -> list[Link]:
    """Indicators by their labels."""
    return [Link(_called(each), _address("indicator", each)) for each in ids]


def screen_links(names: Iterable[str], *, roles: Collection[Role]) -> list[Link]:
    """Screens by what the menu calls them; a screen below a list by the list; without address where none of the roles
    is admitted."""
    found = [_screen(name, roles) for name in names]
    return list(dict.fromkeys(found))


def _screen(name: str, roles: Collection[Role]) -> Link:
    entries = (entry for section in MENU for entry in section.entries)
    entry = next((entry for entry in entries if entry.is_open_at(name)), None)
    if entry is None:
        return Link(name)
    return Link(str(entry.label), _address(entry.name) if admits(entry.name, roles) else "")


def _called(indicator_id: str) -> str:
    indicator = REGISTRY.indicators.get(indicator_id)
    if indicator is None:
        return indicator_id
    return indicator.label_en if (get_language() or "").startswith("en") else indicator.label


def _address(name: str, *arguments: str) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
