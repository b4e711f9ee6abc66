"""What a model takes from the dictionary of facts: the choices of its fields and its database constraints."""

from datetime import date

from django.db import models

from yigongti.kernel.facts import COUNTY, Column, FactTable, Kind


def choices_of(table: str, column: str) -> list[tuple[str, str]]:
    """Django's choices for a coded column: (code, Chinese label)."""
    return list(COUNTY[table][column].choices.items())


def fact_constraints(name: str) -> list[models.CheckConstraint]:
    """The check constraints of fact table `name`, for the Meta of the model that stores it."""
    table = COUNTY[name]
    checked = [*_choices(table), *_bounds(table), *_orders(table)]
    return [models.CheckConstraint(condition=condition, name=f"{name}_{rule}") for rule, condition in checked]


def _choices(table: FactTable) -> list[tuple[str, models.Q]]:
    coded = [column for column in table.columns if column.kind is Kind.CODE]
    return [(f"{column.name}_known", models.Q(**{f"{column.name}__in": sorted(column.choices)})) for column in coded]


def _bounds(table: FactTable) -> list[tuple[str, models.Q]]:
    bounded = [column for column in table.columns if column.low is not None or column.high is not None]
    return [(f"{column.name}_in_bounds", _within(column)) for column in bounded]


def _within(column: Column) -> models.Q:
    condition = models.Q()
    if column.low is not None:
        condition &= models.Q(**{f"{column.name}__gte": _exact(column.low)})
    if column.high is not None:
        condition &= models.Q(**{f"{column.name}__lte": _exact(column.high)})
    return condition


def _exact(bound: float | date) -> float | date:
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


def _orders(table: FactTable) -> list[tuple[str, models.Q]]:
    pairs = table.orders
    return [(f"{later}_after_{earlier}", models.Q(**{f"{later}__gte": models.F(earlier)})) for earlier, later in pairs]
