"""Form fields from the columns that a workflow's steps ask for."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.facts.columns import Column, Kind
from yigongti.pages.work import people
from yigongti.spine.places.models import Institution

LINE, TEXT = 200, 4000
"""Most characters of a line and of a text."""


def field_of(column: Column, *, required: bool, options: Sequence[tuple[str, str]] | None, user: Any) -> forms.Field:
    """The form field of a column.  options: what it may be chosen from, where a capability or the column says so."""
    common = {"label": _(column.label), "required": required}
    if column.kind is Kind.LIST and (options or column.choices):
        return forms.MultipleChoiceField(
            choices=options or _labelled(column), widget=forms.CheckboxSelectMultiple, **common
        )
    if options is not None or column.choices:
        chosen = options if options is not None else _labelled(column)
        return forms.ChoiceField(choices=[("", "—"), *chosen], **common)
    if column.refers == "resident":
        return ResidentField(user=user, **common)
    if column.refers == "institution":
        return forms.ChoiceField(choices=[("", "—"), *institutions()], **common)
    return _BY_KIND[column.kind](column, common)


def institutions() -> list[tuple[str, list[tuple[str, str]]]]:
    """The county's institutions that are open, grouped by kind, to choose from."""
    groups: dict[str, list[tuple[str, str]]] = {}
    rows = Institution.objects.filter(closed_on__isnull=True).exclude(in_county=False).order_by("kind", "name")
    for each in rows:
        groups.setdefault(_(each.get_kind_display() or "其他"), []).append((each.pk, each.name))
    return list(groups.items())


class ResidentField(forms.CharField):
    """A person named in full: resident id, ID number, phone or name.  Cleans to the resident id."""

    def __init__(self, *, user: Any, **options: Any) -> None:
        hint = _("填写完整的身份证号、电话、姓名或居民编号")
        super().__init__(max_length=LINE, help_text=hint, widget=forms.TextInput({"autocomplete": "off"}), **options)
        self.user = user

    def clean(self, value: Any) -> str:
        """Raises ValidationError where nobody, or more than one, is meant."""
        text = super().clean(value).strip()
        return people.meant(text, user=self.user) if text else ""


class FenField(forms.DecimalField):
    """Asked in yuan, cleaned to fen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **options)

    def clean(self, value: Any) -> Any:
        yuan = super().clean(value)
        return None if yuan is None else int(yuan * 100)

    def prepare_value(self, value: Any) -> Any:
        return Decimal(value) / 100 if isinstance(value, int) else value


class InstantField(forms.DateTimeField):
    """A moment in the county's time."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options)

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        return moment.astimezone(COUNTY_TIME) if moment else None


class WordsField(forms.CharField):
    """Several words in one line, separated by | or 、."""

    def clean(self, value: Any) -> Any:
        words = [word.strip() for word in super().clean(value).replace("、", "|").split("|")]
        return [word for word in words if word]


def _labelled(column: Column) -> list[tuple[str, str]]:
    return [(code, _(label)) for code, label in column.choices.items()]


def _text(column: Column, common: Mapping[str, Any]) -> forms.Field:
    if column.refers or column.name == "title":
        return forms.CharField(max_length=LINE, **common)
    return forms.CharField(max_length=TEXT, widget=forms.Textarea({"rows": 2}), **common)


def _day(column: Column, common: Mapping[str, Any]) -> forms.Field:
    bounds = {"min": column.low, "max": column.high}
    shown = {name: str(bound) for name, bound in bounds.items() if bound is not None}
    return forms.DateField(widget=forms.DateInput({"type": "date", **shown}, format="%Y-%m-%d"), **common)


def _month(column: Column, common: Mapping[str, Any]) -> forms.Field:
    return forms.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", widget=forms.DateInput({"type": "month"}), **common)


def _integer(column: Column, common: Mapping[str, Any]) -> forms.Field:
    return forms.IntegerField(min_value=column.low, max_value=column.high, **common)


def _number(column: Column, common: Mapping[str, Any]) -> forms.Field:
    return forms.FloatField(
        min_value=column.low, max_value=column.high, widget=forms.NumberInput({"step": "any"}), **common
    )


def _flag(column: Column, common: Mapping[str, Any]) -> forms.Field:
    """Yes or no, said: an unticked box would not tell "no" from "not asked"."""
    return forms.ChoiceField(choices=[("1", _("是")), ("0", _("否"))], widget=forms.RadioSelect, **common)


_BY_KIND: Mapping[Kind, Callable[[Column, Mapping[str, Any]], forms.Field]] = {
    Kind.TEXT: _text,
    Kind.CODE: _text,
    Kind.LIST: lambda _column, common: WordsField(max_length=TEXT, help_text=_("用 | 分隔"), **common),
    Kind.DAY: _day,
    Kind.MONTH: _month,
    Kind.INSTANT: lambda _column, common: InstantField(**common),
    Kind.INTEGER: _integer,
    Kind.FEN: lambda _column, common: FenField(min_value=0, help_text=_("元"), **common),
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
}

__all__ = ["FenField", "InstantField", "ResidentField", "ValidationError", "WordsField", "field_of", "institutions"]
