"""Words of a closed set in a column: what can be chosen, and the constraint by which the database holds it."""

from collections.abc import Iterable
from typing import Protocol

from django.db.models import Q


class Labelled(Protocol):
    """A word of the set: its value in the column and what people read; an enum with a `label` is a set of them."""

    @property
    def value(self) -> str: ...

    @property
    def label(self) -> str: ...


def labelled(options: Iterable[Labelled]) -> list[tuple[str, str]]:
    """Value and label of every word, for a field's or a form's `choices`."""
    return [(option.value, option.label) for option in options]


def one_of(column: str, options: Iterable[Labelled]) -> Q:
    """The condition that a column holds one of the words."""
    return Q(**{f"{column}__in": [option.value for option in options]})
