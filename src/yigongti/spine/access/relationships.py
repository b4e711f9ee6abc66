"""What binds a person to an institution: treatment, a contract, an open case.

The spine does not know them; whoever keeps such rows registers a Relationship when its app is ready.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet


@dataclass(frozen=True)
class Relationship:
    """Rows that each bind a resident to one or more institutions, for as long as `rows` yields them.

    kind: identifier, said in the audit; label: what people read; rows: the queryset of what holds now;
    institutions: the columns that name institutions; resident: the column that names the person.
    """

    kind: str
    label: str
    rows: Callable[[], QuerySet]
    institutions: tuple[str, ...] = ("institution_id",)
    resident: str = "resident_id"

    def binds(self, resident_id: str, *, to: frozenset[str] | None) -> bool:
        """Whether the person is bound to one of these institutions (None: to any in the county)."""
        found: bool = self.rows().filter(self._among(to), **{self.resident: resident_id}).exists()
        return found

    def people(self, *, of: frozenset[str] | None) -> Exists:
        """For filtering residents: those bound to one of these institutions."""
        return Exists(self.rows().filter(self._among(of), **{self.resident: OuterRef("resident_id")}))

    def _among(self, institution_ids: frozenset[str] | None) -> Q:
        if institution_ids is None:
            return Q()
        condition = Q()
        for column in self.institutions:
            condition |= Q(**{f"{column}__in": sorted(institution_ids)})
        return condition


_registered: dict[str, Relationship] = {}


def register(relationship: Relationship) -> None:
    """Make a relationship count from now on.  Registering a kind again replaces it."""
    _registered[relationship.kind] = relationship


def relationships() -> tuple[Relationship, ...]:
    return tuple(_registered.values())
