"""Rows inside one's scope: every selector starts from `scoped(queryset, user)`."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from yigongti.spine.access.records import visible_residents
from yigongti.spine.access.scope import scope_of
from yigongti.spine.row_scope import ByInstitution, ByResident


def scoped(queryset: QuerySet, user: Any) -> QuerySet:
    """The rows that the user may see, as the model's `row_scope` says; TypeError where a model does not say."""
    rule: ByInstitution | ByResident | None = getattr(queryset.model, "row_scope", None)
    if rule is None:
        raise TypeError(f"{queryset.model.__name__} does not say how its rows are scoped (row_scope)")
    return queryset.filter(_by_institution(rule, user) if isinstance(rule, ByInstitution) else _by_resident(rule, user))


def scoped_or_404(queryset: QuerySet, user: Any, **key: Any) -> Any:
    """The one row with this key.  Raises Http404 where there is none, or none inside the user's scope."""
    found = scoped(queryset, user).filter(**key).first()
    if found is None:
        raise Http404(f"no {queryset.model.__name__} inside the user's scope")
    return found


def _by_institution(rule: ByInstitution, user: Any) -> Q:
    scope = scope_of(user)
    if scope.whole_county:
        return Q()
    inside = Q(pk__in=[])
    for column in rule.columns:
        inside |= Q(**{f"{column}__in": sorted(scope.institution_ids)})
    return inside


def _by_resident(rule: ByResident, user: Any) -> Q:
    return Q(**{f"{rule.column}__in": visible_residents(user).values("pk")})
