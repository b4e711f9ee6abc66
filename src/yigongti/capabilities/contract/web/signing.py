"""Signing somebody up: the person found by what identifies them in full, then the terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yigongti.capabilities.contract.decisions.packages import SUITS, Package, packages, suited
from yigongti.capabilities.contract.selectors import standing
from yigongti.capabilities.contract.selectors.people import known
from yigongti.capabilities.contract.selectors.teams import own_teams, teams
from yigongti.capabilities.contract.services.signing import Terms, sign_up
from yigongti.capabilities.contract.web.forms import PAPER, TermsForm
from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.facts.county import KEY_GROUPS, SEXES
from yigongti.kernel.ids import new_id
from yigongti.spine.audit import trail
from yigongti.spine.county_rules import county_rules
from yigongti.spine.people.identities import FIELDS, find_residents
from yigongti.spine.people.models import Resident


@dataclass(frozen=True)
class Found:
    """The person who is to sign: as much as tells that it is the right one (the name
    masked where nothing binds the person to the reader yet), and the contracts that are not over."""

    resident: Resident
    name: str
    sex: str
    groups: Sequence[str]
    held: Sequence[standing.Held]


def new(request: Any) -> HttpResponse:
    """Find a person, fill in the terms, sign.  Identifiers are posted, so that they stay out of addresses and logs."""
    text = request.POST.get("q", "").strip()
    found = _find(text, request.user) if text else _known(request)
    form = _form(request, found) if found else None
    if found and form and request.POST.get("terms") and form.is_valid():
        try:
            return _signed(request, found, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    request_id = request.POST.get("request_id") or new_id()
    context = {"text": text, "found": found, "form": form, "request_id": request_id, "nobody": bool(text and not found)}
    return render(request, "contract/new.html", context)


def _known(request: Any) -> Found | None:
    """The person of the terms that were posted, or of the address (from a list of one's own people)."""
    key = request.POST.get("resident") or request.GET.get("resident")
    resident = Resident.objects.filter(pk=key).first() if key else None
    if resident and not request.POST:
        trail.record("find_people", actor=request.user.username, detail={"by": "resident_id", "found": [resident.pk]})
    return _found(resident, request.user) if resident else None


def _find(text: str, user: Any) -> Found | None:
    ids = _identified(text)
    trail.record("find_people", actor=user.username, detail={"by": "identifier", "found": ids})
    return _found(Resident.objects.get(pk=ids[0]), user) if len(ids) == 1 else None


def _identified(text: str) -> list[str]:
    """The residents whom an identifier names in full; a name names somebody only where there is one of the name."""
    ids = [key for field in FIELDS for key in find_residents(**{field: text})]
    own = Resident.objects.filter(pk=text).values_list("pk", flat=True)
    return list(dict.fromkeys([*own, *ids]))


def _found(resident: Resident, user: Any) -> Found:
    name = known([resident.pk], user=user).name(resident.pk)
    groups = [_(KEY_GROUPS.get(group, group)) for group in resident.key_groups]
    held = [each for each in standing.held(resident.pk) if each.end_on >= clock.today()]
    return Found(resident, name, _(SEXES.get(resident.sex or "", "")), groups, held)


def _form(request: Any, found: Found) -> TermsForm:
    latest = max((held.end_on for held in found.held), default=None)
    start = max(clock.today(), latest + standing.DAY) if latest else clock.today()
    mine = own_teams(request.user) or list(teams(request.user).filter(closed_on__isnull=True))
    options: dict[str, Any] = {"teams": mine, "packages": _offers(found.resident), "initial": {"start_on": start}}
    return TermsForm(request.POST, **options) if request.POST.get("terms") else TermsForm(**options)


def _offers(resident: Resident) -> list[tuple[Package, bool]]:
    """The packages of today, those that suit the person first."""
    book, today = county_rules(), clock.today()
    suiting = suited(resident.key_groups, book.find(SUITS, on=today))
    found = [(each, each.code in suiting) for each in packages(book, on=today).values()]
    return sorted(found, key=lambda pair: not pair[1])


def _signed(request: Any, found: Found, said: dict[str, Any]) -> HttpResponse:
    terms = Terms(
        said["team"], said["package"], said["start_on"], said["years"],
        county_hospital_id=said["county_hospital"] or None, city_hospital_id=said["city_hospital"] or None,
    )  # fmt: skip
    people = [found.resident.pk, *(_one(line.strip()) for line in said["family"].splitlines() if line.strip())]
    request_id = request.POST.get("request_id") or new_id()
    paper = said["paper"] if said["way"] == PAPER else ""
    contracts = sign_up(
        terms, resident_ids=list(dict.fromkeys(people)), paper=paper, by=request.user, at=clock.now(),
        request_id=request_id,
    )  # fmt: skip
    text = _("已签约 %(n)s 人") if paper else _("已发起 %(n)s 份签约,等居民确认")
    messages.success(request, text % {"n": len(contracts)})
    return redirect("work_case", contracts[0].pk)


def _one(text: str) -> str:
    ids = _identified(text)
    if len(ids) != 1:
        what = "没有登记这样的居民" if not ids else f"有 {len(ids)} 位居民符合"
        raise Refusal(what, where=f"家庭成员“{text}”", remedy="请核对证件号,或改用居民编号")
    return ids[0]
