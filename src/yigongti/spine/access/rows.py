"""Rows inside one's scope: every selector starts from `scoped(queryset, user)`."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from yigongti.spine.access.records import visible_residents
from yigongti.spine.access.scope import scope_of


@dataclass(frozen=True)
class ByInstitution:
    """A model whose rows belong to the institutions named in these columns; any of them in scope is enough."""

    columns: tuple[str, ...] = ("institution_id",)

    def condition(self, user: Any) -> Q:
        scope = scope_of(user)
        if scope.whole_county:
            return Q()
        inside = Q(pk__in=[])
        for column in self.columns:
            inside |= Q(**{f"{column}__in": sorted(scope.institution_ids)})
        return inside


@dataclass(frozen=True)
class ByResident:
    """A model whose rows are part of a person's record: seen by who may see the record."""

    column: str = "resident_id"

    def condition(self, user: Any) -> Q:
        return Q(**{f"{self.column}__in": visible_residents(user).values("pk")})


def scoped(queryset: QuerySet, user: Any) -> QuerySet:
    """The rows that the user may see.  The model says how by its attribute `row_scope`; TypeError where it does not."""
    rule: ByInstitution | ByResident | None = getattr(queryset.model, "row_scope", None)
    if rule is None:
        raise TypeError(f"{queryset.model.__name__} does not say how its rows are scoped (row_scope)")
    return queryset.filter(rule.condition(user))


def scoped_or_404(queryset: QuerySet, user: Any, **key: Any) -> Any:
    """The one row with this key.  Raises Http404 where there is none, or none inside the user's scope."""
    found = scoped(queryset, user).filter(**key).first()
    if found is None:
        raise Http404(f"no {queryset.model.__name__} inside the user's scope")
    return found
