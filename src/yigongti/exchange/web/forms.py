"""What people fill in: files to load, and why a quarantined row is done with."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yigongti.exchange.files.models import QuarantinedRow
from yigongti.pages.numbers import digits

MEGABYTE = 1 << 20
KINDS = ".csv,.xlsx,.xlsm,.xls,.ods,.parquet,.ndjson,.jsonl,.json"


class ManyFilesInput(forms.FileInput):
    """A control that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files: cleans to a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = (data if isinstance(data, list | tuple) else [data]) or [None]
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """Files to load; how many and how large is set by settings.UPLOAD_MOST and UPLOAD_LARGEST (bytes, together)."""

    files = ManyFilesField(
        label=_("选择文件"),
        widget=ManyFilesInput(attrs={"accept": KINDS}),
        error_messages={"required": _("请先选择文件。"), "empty": _("文件是空的,请重新导出。")},
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["files"].help_text = gettext(
            "CSV、XLSX、Parquet、NDJSON 或 FHIR;一次最多 %(most)s 个文件,合计不超过 %(size)s MB。更大的请用命令行装载。"
        ) % {"most": settings.UPLOAD_MOST, "size": digits(settings.UPLOAD_LARGEST / MEGABYTE)}

    def clean_files(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["files"]
        if len(files) > settings.UPLOAD_MOST:
            raise forms.ValidationError(gettext("一次最多 %(most)s 个文件。") % {"most": settings.UPLOAD_MOST})
        if sum(file.size or 0 for file in files) > settings.UPLOAD_LARGEST:
            raise forms.ValidationError(
                gettext("文件合计超过 %(size)s MB。请分几次上传,或请系统管理员用命令行装载。")
                % {"size": digits(settings.UPLOAD_LARGEST / MEGABYTE)}
            )
        return files


class SettleForm(forms.Form):
    """What becomes of quarantined rows, and why; the decision is recorded with who took it."""

    DECISIONS = (
        (QuarantinedRow.DISCARDED, _("作废:这些行不该有,或不再需要")),
        (QuarantinedRow.MENDED, _("已处理:数据已通过别的途径改正")),
    )

    decision = forms.ChoiceField(label=_("处理"), choices=DECISIONS)
    why = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请写明理由,它会记入审计。")},
    )
