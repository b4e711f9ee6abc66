"""What binds a person to those who care for them: treatment, a contract, an open case, a team.

The spine does not know them; whoever keeps such rows registers a Relationship when its app is ready.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet


@dataclass(frozen=True)
class Carer:
    """Who asks: institution_ids: where they care for people (None: anywhere in the county); staff_id: who they are
    among the staff, "" where the account is nobody's there."""

    institution_ids: frozenset[str] | None
    staff_id: str = ""


@dataclass(frozen=True)
class Relationship:
    """Rows that each bind a resident to institutions or to somebody by name, for as long as `rows` yields them.

    kind: identifier, said in the audit; label: what people read; rows: the queryset of what holds now;
    institutions: the columns that name institutions; resident: the column that names the person; staff: staff id →
    which of the rows bind that member of the staff, wherever they work.
    """

    kind: str
    label: str
    rows: Callable[[], QuerySet]
    institutions: tuple[str, ...] = ("institution_id",)
    resident: str = "resident_id"
    staff: Callable[[str], Q] | None = None

    def binds(self, resident_id: str, *, to: Carer) -> bool:
        """Whether the person is bound to who asks."""
        found: bool = self.rows().filter(self._among(to), **{self.resident: resident_id}).exists()
        return found

    def people(self, *, of: Carer) -> Exists:
        """For filtering residents: those bound to who asks."""
        return Exists(self.rows().filter(self._among(of), **{self.resident: OuterRef("resident_id")}))

    def _among(self, carer: Carer) -> Q:
        if carer.institution_ids is None:
            return Q()
        condition = Q(pk__in=[])
        for column in self.institutions:
            condition |= Q(**{f"{column}__in": sorted(carer.institution_ids)})
        return condition | self.staff(carer.staff_id) if self.staff and carer.staff_id else condition


_registered: dict[str, Relationship] = {}


def register(relationship: Relationship) -> None:
    """Make a relationship count from now on.  Registering a kind again replaces it."""
    _registered[relationship.kind] = relationship


def relationships() -> tuple[Relationship, ...]:
    """Every registered way in which somebody may be bound to a person, in the order of registration."""
    return tuple(_registered.values())
