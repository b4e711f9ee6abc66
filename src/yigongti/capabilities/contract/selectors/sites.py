"""Where a team works: its institution and what belongs to it, with the base-level centre that it belongs to."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from yigongti.kernel.facts.county import PRIMARY_KINDS
from yigongti.spine.places.models import Institution


def sites_of(institution_ids: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Institution of a team → the sites of the team: a centre with its stations and rooms, whichever of them has the
    team; one query."""
    parents = dict(Institution.objects.filter(kind__in=PRIMARY_KINDS).values_list("pk", "parent_id"))
    branches: dict[str | None, set[str]] = defaultdict(set)
    for key, parent in parents.items():
        branches[parent].add(key)
    found = {}
    for own in institution_ids:
        above = parents.get(own)
        centre = above if above is not None and above in parents else own
        found[own] = frozenset({own, centre} | branches[own] | branches[centre])
    return found
