"""The resident whom a form means, and how a resident is shown on a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yigongti.kernel import clock
from yigongti.pages.menu import admits
from yigongti.spine.access.records import CARING_ROLES, record_opens, visible_residents
from yigongti.spine.access.scope import scope_of
from yigongti.spine.cases.models import Case
from yigongti.spine.cases.searching import people_named
from yigongti.spine.people.identities import find_residents
from yigongti.spine.people.masking import age_on, masked_name
from yigongti.spine.people.models import Resident

_SEXES = {code: str(label) for code, label in Resident._meta.get_field("sex").choices}


@dataclass(frozen=True)
class Shown:
    """A resident as a case shows one; has_record: whether the reader may open the record."""

    resident_id: str
    name: str
    sex: str
    age: int | None
    has_record: bool


def meant(text: str, *, user: Any) -> str:
    """The id of the one resident whom a text names in full.

    Among those whose record the user may see; or, whoever that is, by an ID number: it is in the person's hand.
    Raises ValidationError where nobody or more than one is meant.
    """
    by_card = find_residents(id_number=text)
    found = by_card or list(visible_residents(user).filter(pk__in=people_named(text)).values_list("pk", flat=True)[:2])
    if not found:
        raise ValidationError(_("没有查到您可以办理的居民;请核对是否完整,或用身份证号"))
    if len(found) > 1:
        raise ValidationError(_("有同名同号的居民;请改用身份证号"))
    return str(found[0])


def shown(case: Case, *, user: Any) -> Shown | None:
    """The resident of a case that the user may see; None where it concerns nobody."""
    if not case.resident_id:
        return None
    person = case.resident
    may_read = admits("record", scope_of(user).roles) and _has_record(case, user)
    if person is None:
        return Shown(case.resident_id, case.resident_id, "", None, may_read)
    name = person.identity.name if hasattr(person, "identity") else person.pk
    return Shown(person.pk, name, _(person.get_sex_display() or ""), _age(person), may_read)


def _has_record(case: Case, user: Any) -> bool:
    """Whether the reader may open the record: who cares for people where a case is open may."""
    caring = scope_of(user).narrowed(CARING_ROLES)
    bound = case.closed_at is None and any(map(caring.covers, (case.institution_id, case.counterpart_id)))
    return bound or record_opens(user, resident_id=case.resident_id)


def masked(resident_ids: Iterable[str | None]) -> dict[str | None, str]:
    """Resident id → the masked name with sex and age, as a list shows a person."""
    wanted = {each for each in resident_ids if each}
    rows = Resident.objects.filter(pk__in=wanted)
    known = rows.values_list("pk", "identity__name", "sex", "birth_date", "died_on")
    return {
        resident_id: masked_line(name or "", resident_id=resident_id, sex=sex, born=born, died=died)
        for resident_id, name, sex, born, died in known
    }


def masked_line(name: str, *, resident_id: str, sex: str | None, born: date, died: date | None) -> str:
    """A person as a list shows one: the masked name (the number where there is none), sex and age."""
    age = age_on(clock.today(), born=born, died=died)
    return " ".join(filter(None, (masked_name(name) if name else resident_id, _sex(sex), str(age))))


def _sex(code: str | None) -> str:
    return _(_SEXES.get(code, "")) if code else ""


def _age(person: Resident) -> int:
    return age_on(clock.today(), born=person.birth_date, died=person.died_on)
