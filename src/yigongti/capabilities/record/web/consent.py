"""Consents of residents: written down where the paper is, seen and ended on the record."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yigongti.capabilities.record.selectors.consenting import consents_of, own_institutions
from yigongti.capabilities.record.services import end_consent, write_down_consent
from yigongti.capabilities.record.web.forms import ConsentForm
from yigongti.kernel.errors import NotAllowed
from yigongti.spine.access.records import open_person, person_visible


def write_down(request: Any) -> HttpResponse:
    """The form by which a paper consent to one's own institution becomes true here."""
    form = ConsentForm(request.POST or None, institutions=own_institutions(request.user))
    if form.is_valid():
        try:
            resident_id = write_down_consent(by=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("record", resident_id)
    return render(request, "record/consent.html", {"form": form})


def listed(request: Any, resident_id: str) -> HttpResponse:
    """A resident's consents, ended ones too."""
    open_person(request.user, resident_id=resident_id, purpose="consents")
    return _list(request, resident_id)


@require_POST
def end(request: Any, resident_id: str, consent_id: int) -> HttpResponse:
    """End one; who may not see the resident any more without it is told so."""
    open_person(request.user, resident_id=resident_id, purpose="consents")
    end_consent(consent_id, resident_id=resident_id, by=request.user)
    if not person_visible(request.user, resident_id):
        return HttpResponse(_("已终止;您不再可以查阅这份档案。"))
    return _list(request, resident_id)


def _list(request: Any, resident_id: str) -> HttpResponse:
    context = {"resident_id": resident_id, "consents": consents_of(resident_id, to=request.user)}
    return render(request, "record/consents.html", context)
