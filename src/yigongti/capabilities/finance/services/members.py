"""Who shares: the members of a consortium that keep books, and to which of them a smaller place belongs."""

from dataclasses import dataclass
from functools import cached_property

from yigongti.kernel.errors import Refusal
from yigongti.spine.places.models import Institution

BRANCHES = frozenset({"village_room", "community_station"})
"""Kinds whose books are kept by the centre above them."""
TIERS = {
    "county_hospital": "county", "tcm_hospital": "county", "maternal_child": "county", "specialist_hospital": "county",
    "township_center": "township", "community_center": "township", "village_room": "village",
    "community_station": "village",
}  # fmt: skip


@dataclass(frozen=True)
class Members:
    """The public institutions of a consortium, in the order of their ids."""

    consortium_id: str
    institutions: tuple[Institution, ...]

    @cached_property
    def with_books(self) -> list[str]:
        """The members proper: hospitals and centres."""
        return [each.pk for each in self.institutions if each.kind not in BRANCHES]

    @cached_property
    def home(self) -> dict[str, str]:
        """Institution → the member whose books hold it."""
        own = set(self.with_books)
        return {each.pk: each.pk if each.pk in own else each.parent_id or each.pk for each in self.institutions}

    def of_tier(self, tier: str) -> list[str]:
        return [each.pk for each in self.institutions if TIERS.get(each.kind) == tier]


def members_of(consortium_id: str) -> Members:
    """Raises Refusal where there is no such consortium."""
    found = Institution.objects.filter(consortium_id=consortium_id, ownership="public", closed_on__isnull=True)
    if not (rows := tuple(found.order_by("pk"))):
        known = Institution.objects.filter(consortium_id__isnull=False).values_list("consortium_id", flat=True)
        names = "、".join(sorted(set(known))) or "无"
        raise Refusal(f"没有医共体“{consortium_id}”", "医共体编号", f"现有:{names}", "请核对机构表的 consortium_id")
    return Members(consortium_id, rows)
