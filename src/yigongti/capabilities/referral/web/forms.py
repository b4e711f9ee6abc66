"""What people fill in: the proposal, the place that is offered, the handing over."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from yigongti.capabilities.booking.api import Offer
from yigongti.capabilities.referral.decisions.criteria import FINDINGS
from yigongti.capabilities.referral.models import Referral
from yigongti.capabilities.referral.selectors.handing import suggested
from yigongti.capabilities.referral.selectors.papers import Paper
from yigongti.capabilities.referral.selectors.queue import places_for
from yigongti.capabilities.referral.services.proposing import Handover
from yigongti.capabilities.referral.workflow import (
    CONSENT_FORMS,
    DIRECTIONS,
    DOWN_REASONS,
    OUT_REASONS,
    UP_REASONS,
)
from yigongti.kernel import clock
from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.facts.columns import Column, Kind
from yigongti.pages.work.fields import WordsField
from yigongti.spine.places.models import Institution

SIGN = "finding_"
"""What the names of findings begin with, in a form."""
LINES = {"rows": 3}


class WhomForm(forms.Form):
    """Whom it is about, where the page was not opened from a record."""

    resident = forms.CharField(
        label=lazy("居民"), max_length=200, help_text=lazy("填写完整的身份证号、电话、姓名或居民编号"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class ProposalForm(forms.Form):
    """A proposal.  senders: institutions of the doctor; receivers: direction → institutions; papers: of the record."""

    to_institution = forms.ChoiceField(label=lazy("转往"))
    reason_code = forms.ChoiceField(label=lazy("转诊理由"))
    diagnosis = WordsField(label=lazy("初步诊断"), max_length=300, help_text=lazy("多个诊断用顿号分开"))
    summary = forms.CharField(
        label=lazy("病情摘要"), max_length=4000, widget=forms.Textarea(LINES),
        help_text=lazy("主诉、经过、已做的处置和转诊目的"),
    )  # fmt: skip
    consent_form = forms.ChoiceField(label=lazy("知情同意"), widget=forms.RadioSelect)
    certificate_number = forms.CharField(
        label=lazy("医保转诊证明号"),
        max_length=60,
        required=False,
        help_text=lazy("平转需要时填写;转往县外的由医保备案后登记"),
    )
    papers = forms.MultipleChoiceField(
        label=lazy("附上的档案资料"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *filled: Any,
        receivers: Mapping[str, Sequence[Institution]],
        papers: Iterable[Paper],
        **options: Any,
    ) -> None:
        super().__init__(*filled, **options)
        self.fields["to_institution"].choices = [("", "—"), *_grouped(receivers)]
        self.fields["reason_code"].choices = [("", "—"), *_reasons(receivers)]
        self.fields["consent_form"].choices = [(code, _(label)) for code, label in CONSENT_FORMS.items()]
        self.fields["papers"].choices = [(paper.value, _paper(paper)) for paper in papers]
        for column in FINDINGS:
            self.fields[f"{SIGN}{column.name}"] = _finding(column)

    @property
    def measures(self) -> list[forms.BoundField]:
        """The findings that are numbers."""
        return [self[f"{SIGN}{column.name}"] for column in FINDINGS if column.kind is Kind.NUMBER]

    @property
    def signs(self) -> list[forms.BoundField]:
        """The findings that are there or not."""
        return [self[f"{SIGN}{column.name}"] for column in FINDINGS if column.kind is Kind.FLAG]

    def findings(self) -> dict[str, float | bool]:
        """What was found, by name; what was left empty is left out."""
        values = ((column.name, self.cleaned_data.get(f"{SIGN}{column.name}")) for column in FINDINGS)
        return {name: value for name, value in values if value not in (None, False)}

    def attachments(self) -> list[tuple[str, str, date]]:
        """(table, key, day) of the papers chosen."""
        parts = (value.split("\x1f") for value in self.cleaned_data["papers"])
        return [(table, key, date.fromisoformat(day)) for table, key, day in parts]


class HandoverForm(forms.Form):
    """What goes down with a patient; filled in beforehand with what the record shows of the treatment."""

    discharge_diagnosis = WordsField(label=lazy("出院诊断"), max_length=500, help_text=lazy("多个诊断用顿号分开"))
    discharge_summary = forms.CharField(label=lazy("诊疗经过"), max_length=4000, widget=forms.Textarea({"rows": 5}))
    plan = forms.CharField(
        label=lazy("后续治疗与随访计划"), max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text=lazy("下一步治疗、复查项目与时间、由谁随访"),
    )  # fmt: skip
    drugs = forms.CharField(
        label=lazy("带药与用法"), max_length=4000, required=False, widget=forms.Textarea({"rows": 4}),
        help_text=lazy("一行一种:药名、剂量、用法、疗程"),
    )  # fmt: skip
    warning_signs = forms.CharField(
        label=lazy("需立即就诊的情况"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    follow_up_by = forms.DateField(
        label=lazy("首次随访不晚于"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *filled: Any, case: Any = None, **options: Any) -> None:
        if case is not None:
            known = suggested(case)
            options["initial"] = {**known, "drugs": "\n".join(known["drugs"]), **options.get("initial", {})}
        super().__init__(*filled, **options)

    def clean_drugs(self) -> list[str]:
        """One drug a line."""
        return [line.strip() for line in self.cleaned_data["drugs"].splitlines() if line.strip()]

    def clean_follow_up_by(self) -> date:
        """Not in the past."""
        day: date = self.cleaned_data["follow_up_by"]
        if day < clock.today():
            raise forms.ValidationError(_("请填写今天或以后的日期"))
        return day

    def handover(self) -> Handover:
        """What was filled in."""
        return Handover(**self.cleaned_data)


class AcceptForm(forms.Form):
    """Where the patient is to go: one of the free places of the receiver, or in words."""

    slot = forms.ChoiceField(
        label=lazy("预约时段"), required=False, help_text=lazy("到诊期限内本机构的空闲时段,预留的在前")
    )
    arrangement = forms.CharField(
        label=lazy("其他就诊安排"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=lazy("不用预约时写明:如直接到急诊、胸痛中心、某病区"),
    )  # fmt: skip

    def __init__(self, *filled: Any, case: Referral, **options: Any) -> None:
        super().__init__(*filled, **options)
        offers = places_for(case, at=clock.now())
        self.fields["slot"].choices = [("", _("不预约")), *_places(offers)]

    def clean_slot(self) -> int | None:
        """The slot's id."""
        chosen = self.cleaned_data["slot"]
        return int(chosen) if chosen else None


def _grouped(receivers: Mapping[str, Sequence[Institution]]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (_(DIRECTIONS[direction]), [(each.pk, each.name) for each in rows]) for direction, rows in receivers.items()
    ]


def _reasons(receivers: Mapping[str, Sequence[Institution]]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups = (
        (_("上转、平转"), UP_REASONS, {"up", "lateral"}), (_("下转"), DOWN_REASONS, {"down"}),
        (_("转往县外"), OUT_REASONS, {"out"}),
    )  # fmt: skip
    known: set[str] = set()
    found = []
    for label, reasons, directions in groups:
        if directions & set(receivers):
            found.append((label, [(code, _(text)) for code, text in reasons.items() if code not in known]))
            known |= set(reasons)
    return [group for group in found if group[1]]


def _finding(column: Column) -> forms.Field:
    if column.kind is Kind.FLAG:
        return forms.BooleanField(label=_(column.label), required=False)
    widget = forms.NumberInput({"step": "any", "inputmode": "decimal"})
    return forms.FloatField(
        label=_(column.label), required=False, min_value=column.low, max_value=column.high, widget=widget
    )


def _paper(paper: Paper) -> str:
    return " ".join(filter(None, (paper.day.isoformat(), paper.label, paper.text[:60], paper.institution)))


def _places(offers: Iterable[Offer]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Free slots by resource, those with a seat kept for referrals first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for offer in sorted(offers, key=lambda each: (each.reserved == 0, each.begins)):
        groups.setdefault(f"{offer.resource}({offer.kind})", []).append((str(offer.slot_id), _place(offer)))
    return list(groups.items())


def _place(offer: Offer) -> str:
    when = f"{offer.begins.astimezone(COUNTY_TIME):%m-%d %H:%M}"
    kept = _("预留 %(count)d") % {"count": offer.reserved} if offer.reserved else _("无预留")
    return f"{when} {kept}"
