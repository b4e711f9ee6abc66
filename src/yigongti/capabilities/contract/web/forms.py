"""What people fill in: terms of a contract, what was done, teams, packages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yigongti.capabilities.contract.decisions.packages import DUTIES, SOURCE_LABELS, Package
from yigongti.capabilities.contract.models import Team
from yigongti.capabilities.contract.services.teams import MemberValues, TeamValues
from yigongti.kernel import clock
from yigongti.spine.places.models import Institution

PAPER, PHONE = "paper", "phone"
CITY_KINDS = ("city_hospital", "provincial_hospital")
COUNTY_KINDS = ("county_hospital", "tcm_hospital", "maternal_child", "specialist_hospital")


class DayField(forms.DateField):
    """A day, picked or typed."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TermsForm(forms.Form):
    """The terms of a new contract with a person who has been found."""

    team = forms.ChoiceField(label=gettext_lazy("团队"))
    package = forms.ChoiceField(label=gettext_lazy("服务包"))
    start_on = DayField(label=gettext_lazy("开始日期"))
    years = forms.IntegerField(label=gettext_lazy("协议年数"), min_value=1, initial=1)
    county_hospital = forms.ChoiceField(label=gettext_lazy("组合中的县级医院"), required=False)
    city_hospital = forms.ChoiceField(label=gettext_lazy("组合中的市级医院"), required=False)
    family = forms.CharField(
        label=gettext_lazy("同签的家庭成员"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("每行一人:证件号、电话或居民编号,须完整。全家一次签成,有一人不能签就都不签。"),
    )
    way = forms.ChoiceField(
        label=gettext_lazy("签约方式"),
        choices=[(PAPER, gettext_lazy("已签纸质协议")), (PHONE, gettext_lazy("请居民在手机上确认"))],
        initial=PAPER,
    )
    paper = forms.CharField(label=gettext_lazy("纸质协议编号"), max_length=60, required=False)

    def __init__(self, *filled: Any, teams: Sequence[Team], packages: Sequence[tuple[Package, bool]], **options: Any):
        super().__init__(*filled, **options)
        fields: dict[str, Any] = self.fields
        fields["team"].choices = [(team.pk, f"{team.name}({team.institution.name})") for team in teams]
        fields["package"].choices = [(each.code, _package_label(each, suits)) for each, suits in packages]
        fields["county_hospital"].choices = _hospitals(COUNTY_KINDS)
        fields["city_hospital"].choices = _hospitals(CITY_KINDS)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("way") == PAPER and not cleaned.get("paper"):
            self.add_error("paper", _("请填写纸质协议的编号。"))
        return cleaned


class DoneForm(forms.Form):
    """What the team did, with what proves it."""

    on = DayField(label=gettext_lazy("完成日期"))
    proof = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("服务记录单编号、照片编号或经过。居民可以确认或提出异议。"),
    )


class TeamForm(forms.Form):
    """A team."""

    institution = forms.ChoiceField(label=gettext_lazy("所在机构"))
    name = forms.CharField(label=gettext_lazy("团队名称"), max_length=100)
    phone = forms.CharField(label=gettext_lazy("联系电话"), max_length=30, required=False)
    opened_on = DayField(label=gettext_lazy("成立日期"))
    is_model = forms.BooleanField(label=gettext_lazy("精品团队"), required=False)

    def __init__(self, *filled: Any, institutions: Sequence[tuple[str, str]], **options: Any):
        super().__init__(*filled, **options)
        fields: dict[str, Any] = self.fields
        fields["institution"].choices = institutions

    def values(self, *, team_id: str) -> TeamValues:
        """What was filled in."""
        said = dict(self.cleaned_data)
        return TeamValues(institution_id=said.pop("institution"), team_id=team_id, **said)


class MemberForm(forms.Form):
    """Who joins a team."""

    staff_id = forms.CharField(
        label=gettext_lazy("人员编号"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "staff-offered", "autocomplete": "off"}),
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=50, required=False)
    duty = forms.ChoiceField(label=gettext_lazy("职责"))
    since = DayField(label=gettext_lazy("加入日期"))

    def __init__(self, *filled: Any, **options: Any):
        super().__init__(*filled, **options)
        fields: dict[str, Any] = self.fields
        fields["duty"].choices = [(code, _(label)) for code, label in DUTIES.items()]
        fields["since"].initial = clock.today()

    @property
    def values(self) -> MemberValues:
        """What was filled in."""
        return MemberValues(**self.cleaned_data)


class ItemForm(forms.Form):
    """One item of a package; a row without a code is no row."""

    code = forms.SlugField(label=gettext_lazy("项目编号"), max_length=40, required=False)
    name = forms.CharField(label=gettext_lazy("项目"), max_length=60, required=False)
    by = forms.ChoiceField(label=gettext_lazy("由谁完成"))
    times = forms.IntegerField(label=gettext_lazy("次/年"), min_value=1, max_value=365, initial=1)
    price = forms.DecimalField(label=gettext_lazy("每次价格(元)"), min_value=0, decimal_places=2, initial=0)
    insurance = forms.DecimalField(label=gettext_lazy(SOURCE_LABELS["insurance"]), min_value=0, initial=0)
    public_health = forms.DecimalField(label=gettext_lazy(SOURCE_LABELS["public_health"]), min_value=0, initial=1)
    self = forms.DecimalField(label=gettext_lazy(SOURCE_LABELS["self"]), min_value=0, initial=0)
    evidence = forms.CharField(label=gettext_lazy("证明"), max_length=100, required=False)

    def __init__(self, *filled: Any, **options: Any):
        super().__init__(*filled, **options)
        fields: dict[str, Any] = self.fields
        fields["by"].choices = [(code, _(label)) for code, label in DUTIES.items()]


class DecidedForm(forms.Form):
    """Where a package was decided, and from when it holds."""

    title = forms.CharField(label=gettext_lazy("依据的文件"), max_length=200)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=80, required=False)
    clause = forms.CharField(label=gettext_lazy("条款"), max_length=40)
    issued_on = DayField(label=gettext_lazy("发文日期"))
    effective_from = DayField(label=gettext_lazy("从哪天起执行"))


def _package_label(package: Package, suits: bool) -> str:
    mark = f" · {_('适合')}" if suits else ""
    return f"{_(package.name)}({package.price_fen / 100:g} {_('元/年')}){mark}"


def _hospitals(kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    rows = Institution.objects.filter(kind__in=kinds, closed_on__isnull=True).order_by("name")
    return [("", _("不选")), *rows.values_list("pk", "name")]
