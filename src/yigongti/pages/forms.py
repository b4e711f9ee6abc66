"""How Django's forms look here: every field with label, hint and errors; `{{ form }}` is enough in a template."""

from typing import Any

from django.forms import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Widget


class Field(BoundField):
    """Gives every control the class its kind has in the stylesheet."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        invalid = " is-invalid" if self.form.is_bound and self.errors else ""
        return {"class": _class_of(widget) + invalid, **built}


class Renderer(DjangoTemplates):
    """FORM_RENDERER of the settings."""

    form_template_name = "pages/form.html"
    field_template_name = "pages/field.html"
    bound_field_class = Field


def _class_of(widget: Widget) -> str:
    if isinstance(widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"
