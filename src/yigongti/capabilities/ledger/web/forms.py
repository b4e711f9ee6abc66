"""What people fill in: files, verdicts on readings, and the steps of documents and tasks."""

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yigongti.capabilities.ledger.models import Clause, Part, PolicyDocument, Target
from yigongti.capabilities.ledger.selectors.documents import STANDING, suggestions
from yigongti.capabilities.ledger.selectors.wording import indicator_label
from yigongti.capabilities.ledger.services.reviewing import ClauseValues, Heading, TargetValues
from yigongti.capabilities.ledger.workflow import OUTCOMES
from yigongti.kernel.errors import Refusal
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.rules.model import LEVEL_LABELS
from yigongti.spine.places.models import Institution

KINDS = ".txt,.html,.htm,.mhtml,.docx,.pdf"
SEPARATOR = "、"
_SEPARATORS = re.compile(r"[、,,;;\n]")
"""What people type between units."""


class DayField(forms.DateField):
    """A day, picked or typed."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ManyFilesInput(forms.FileInput):
    """A control that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, or none: cleans to a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files and self.required:
            super().clean(None, initial)
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class ImportForm(forms.Form):
    """Policy documents to be read."""

    file = ManyFilesField(
        label=_("政策文件"),
        widget=ManyFilesInput(attrs={"accept": KINDS}),
        help_text=_("网页、TXT、DOCX 或带文字的 PDF,可一次选几份;原件原样保存,读出的内容要逐条核对后才算数。"),
        error_messages={"required": _("请先选择文件。"), "empty": _("文件是空的,请重新保存后再试。")},
    )


class TargetForm(forms.Form):
    """A target as a person has it."""

    phrase = forms.CharField(label=_("指标"), max_length=200)
    kind = forms.ChoiceField(label=_("类别"), choices=[("target", _("目标")), ("rule", _("常设规则"))])
    comparator = forms.ChoiceField(
        label=_("比较"),
        choices=[(">=", "≥"), ("<=", "≤"), (">", ">"), ("<", "<"), ("=", "="), ("~", "≈")],
    )
    value = forms.FloatField(label=_("数值"))
    upper = forms.FloatField(label=_("上限"), required=False)
    unit = forms.CharField(label=_("单位"), max_length=20, required=False)
    per = forms.CharField(label=_("每"), max_length=60, required=False)
    due = forms.CharField(label=_("期限"), max_length=10, required=False, help_text=_("年份或日期,如 2027"))
    quote = forms.CharField(label=_("原文"), max_length=200)
    indicator = forms.ChoiceField(label=_("对应指标"), required=False)
    baseline = forms.FloatField(label=_("基期值"), required=False, help_text=_("按指标的单位,比例写成 0.35"))
    baseline_on = DayField(label=_("基期"), required=False)

    def __init__(self, *arguments: Any, target: Target | None = None, **options: Any) -> None:
        if target is not None:
            options.setdefault("initial", {name: getattr(target, name) for name in self.base_fields})
        super().__init__(*arguments, **options)
        _field(self, "indicator").choices = _indicator_choices(target)

    @property
    def values(self) -> TargetValues:
        """What was filled in.  Call after is_valid."""
        return TargetValues(**self.cleaned_data)


class MeasureForm(forms.Form):
    """What measures a target, and where it stood at the start."""

    indicator = forms.ChoiceField(label=_("对应指标"), required=False)
    baseline = forms.FloatField(label=_("基期值"), required=False, help_text=_("按指标的单位,比例写成 0.35"))
    baseline_on = DayField(label=_("基期"), required=False)

    def __init__(self, *arguments: Any, target: Target, **options: Any) -> None:
        options.setdefault("initial", {name: getattr(target, name) for name in self.base_fields})
        super().__init__(*arguments, **options)
        _field(self, "indicator").choices = _indicator_choices(target)


class ClauseForm(forms.Form):
    """What a clause asks for, and of whom."""

    is_task = forms.BooleanField(label=_("列为任务"), required=False)
    lead = forms.CharField(label=_("牵头单位"), required=False, help_text=_("多个单位用顿号分开"))
    support = forms.CharField(label=_("配合单位"), required=False)
    responsible = forms.CharField(label=_("责任单位"), required=False)

    def __init__(self, *arguments: Any, clause: Clause, **options: Any) -> None:
        units = list(clause.units.all())
        named: dict[str, Any] = {
            part: SEPARATOR.join(unit.name for unit in units if unit.part == part) for part in Part
        }
        options.setdefault("initial", {**named, "is_task": clause.is_task})
        super().__init__(*arguments, **options)

    @property
    def values(self) -> ClauseValues:
        """What was filled in.  Call after is_valid."""
        units: dict[str, list[str]] = {part: _SEPARATORS.split(self.cleaned_data[part]) for part in Part}
        return ClauseValues(is_task=self.cleaned_data["is_task"], units=units)


class HeadingForm(forms.Form):
    """What a document is."""

    title = forms.CharField(label=_("标题"), max_length=200)
    number = forms.CharField(label=_("文号"), max_length=80, required=False)
    issuer = forms.CharField(label=_("发文机关"), max_length=120, required=False)
    issued_on = DayField(label=_("发文日期"), required=False)
    level = forms.ChoiceField(label=_("层级"))

    def __init__(self, *arguments: Any, document: PolicyDocument, **options: Any) -> None:
        options.setdefault("initial", {name: getattr(document, name) for name in self.base_fields})
        super().__init__(*arguments, **options)
        _field(self, "level").choices = [(key, _(label)) for key, label in LEVEL_LABELS.items()]

    @property
    def values(self) -> Heading:
        """What was filled in.  Call after is_valid."""
        return Heading(**self.cleaned_data)


class RuleForm(forms.Form):
    """From a target to a rule."""

    rule_id = forms.CharField(label=_("规则编号"), max_length=120, required=False)
    effective_from = DayField(label=_("生效日"), required=False)


def unfilled(form: forms.Form) -> Refusal:
    """What is not filled in as it should be, field by field."""
    errors = [
        f"{_field(form, name).label}:{''.join(str(each) for each in texts)}" for name, texts in form.errors.items()
    ]
    return Refusal(gettext("有的内容没有填好"), where=";".join(errors), remedy=gettext("请改正后再提交"))


class ReportForm(forms.Form):
    """Progress, and what proves it."""

    progress = forms.CharField(label=_("进展情况"), widget=forms.Textarea(attrs={"rows": 4}))
    papers = ManyFilesField(label=_("佐证材料"), required=False)


class PlanForm(forms.Form):
    plan = forms.CharField(label=_("工作安排"), widget=forms.Textarea(attrs={"rows": 3}))


class OpinionForm(forms.Form):
    opinion = forms.CharField(label=_("核查意见"), widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 2}))


class CloseForm(ReasonForm):
    outcome = forms.ChoiceField(label=_("办结结果"))
    field_order = ("outcome", "reason")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _field(self, "outcome").choices = [(key, _(label)) for key, label in OUTCOMES.items()]


class AssignForm(forms.Form):
    counterpart = forms.ModelChoiceField(label=_("承办机构"), queryset=Institution.objects.none())

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        here = Institution.objects.filter(in_county=True, closed_on__isnull=True).exclude(kind="village_room")
        _field(self, "counterpart").queryset = here.order_by("kind", "name")


class CarryForm(ReasonForm):
    """Where a task goes on: its own clause anew, or a clause of a document in force."""

    clause = forms.ModelChoiceField(label=_("结转到"), queryset=Clause.objects.none())
    field_order = ("clause", "reason")

    def __init__(self, *arguments: Any, own: Clause, **options: Any) -> None:
        super().__init__(*arguments, **options)
        clauses = Clause.objects.filter(is_task=True, document__state="in_force") | Clause.objects.filter(pk=own.pk)
        _field(self, "clause").queryset = clauses.select_related("document").order_by("document", "place")
        _field(self, "clause").label_from_instance = _clause_name
        self.fields["clause"].initial = own.pk


class EnforceForm(forms.Form):
    in_force_from = DayField(label=_("执行日期"))


class ReplaceForm(ReasonForm):
    successor = forms.ModelChoiceField(label=_("替代它的文件"), queryset=PolicyDocument.objects.none())
    field_order = ("successor", "reason")

    def __init__(self, *arguments: Any, document: PolicyDocument, **options: Any) -> None:
        super().__init__(*arguments, **options)
        others = PolicyDocument.objects.filter(state__in=STANDING).exclude(pk=document.pk)
        _field(self, "successor").queryset = others


def _field(form: forms.Form, name: str) -> Any:
    """A field by name, as what it is: its choices depend on the case."""
    return form.fields[name]


def _clause_name(clause: Clause) -> str:
    return f"《{clause.document.title}》{clause.number} {clause.heading}"


def _indicator_choices(target: Target | None) -> list[Any]:
    """None, those that are suggested, then all others."""
    suggested = [each.indicator for each in suggestions(target)] if target else []
    every = [(key, indicator_label(key)) for key in REGISTRY.indicators]
    fitting = [(key, indicator_label(key)) for key in suggested]
    groups = [(_("可能的指标"), fitting)] if fitting else []
    return [("", _("没有指标测量它")), *groups, (_("全部指标"), every)]
