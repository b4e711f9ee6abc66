"""A demonstration's accounts: one sign-in a role, seated at institutions of the county that is loaded."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from yigongti.kernel.errors import Refusal
from yigongti.kernel.roles import Role
from yigongti.spine.access.models import Assignment, Reach, User
from yigongti.spine.access.records import visible_residents
from yigongti.spine.home import home
from yigongti.spine.people.models import Staff
from yigongti.spine.places.models import Institution

COUNTY_ROLES = (Role.INSURER, Role.BUREAU, Role.CDC, Role.AUDITOR, Role.ADMIN)
LEAD_ROLES = {
    Role.CLINICIAN: Reach.INSTITUTION,
    Role.TECHNICIAN: Reach.CONSORTIUM,
    Role.PHARMACIST: Reach.CONSORTIUM,
    Role.REFERRAL_DESK: Reach.INSTITUTION,
    Role.MANAGER: Reach.CONSORTIUM,
}
PROFESSIONS = {
    Role.VILLAGE_DOCTOR: ("village_doctor",),
    Role.FAMILY_DOCTOR: ("physician", "assistant_physician"),
    Role.CLINICIAN: ("physician",),
    Role.TECHNICIAN: ("technician",),
    Role.PHARMACIST: ("pharmacist", "clinical_pharmacist"),
    Role.MANAGER: ("manager",),
}
"""Who among the staff of a seat's institution sits there; the other roles are nobody's of the staff."""


@dataclass(frozen=True)
class Login:
    """One sign-in of a demonstration, as the run summary prints it."""

    username: str
    password: str
    role: str
    place: str


@dataclass(frozen=True)
class _Seat:
    role: Role
    reach: Reach
    institution: Institution | None

    @property
    def place(self) -> str:
        return self.institution.name if self.institution else "全县"


def create_demo_accounts() -> list[Login]:
    """One sign-in a role, seated at institutions of the county that is loaded; made once, listed every time.

    The login name is the role's; the password is this data directory's own.  Roles for which the county has no
    institution (or the resident, none with a record) are left out.  Raises Refusal outside a demonstration.
    """
    if not home().choices.demo:
        raise Refusal(
            "只有演示环境才建立演示账号", where="yigongti.toml 的 demo", remedy="请用管理员账号逐个建立真实账号"
        )
    password = home().secret("demo-password", 5).hex()
    seats = {seat.role: seat for seat in _seats()}
    with transaction.atomic():
        _create_missing(list(seats.values()), password=password)
        _create_resident(password=password)
    known = User.objects.filter(username__in=[role.value for role in Role]).values_list("username", flat=True)
    return [
        Login(role.value, password, role.label, seats[role].place if role in seats else "本人")
        for role in Role
        if role.value in known
    ]


def _seats() -> Iterator[_Seat]:
    yield from (_Seat(role, Reach.COUNTY, None) for role in COUNTY_ROLES)
    here = Institution.objects.filter(in_county=True).order_by("pk")
    lead = here.filter(is_lead=True).first()
    if lead is None:
        return
    yield from (_Seat(role, reach, lead) for role, reach in LEAD_ROLES.items())
    members = here.filter(consortium_id=lead.consortium_id)
    centres = members.filter(kind="township_center")
    village = (
        members.filter(kind="village_room", parent__in=centres).first() or members.filter(kind="village_room").first()
    )
    centre = village.parent if village and village.parent in centres else centres.first()
    if centre is not None:
        yield _Seat(Role.FAMILY_DOCTOR, Reach.SUBTREE, centre)
    if village is not None:
        yield _Seat(Role.VILLAGE_DOCTOR, Reach.INSTITUTION, village)


def _create_missing(seats: list[_Seat], *, password: str) -> None:
    known = set(User.objects.filter(username__in=[seat.role for seat in seats]).values_list("username", flat=True))
    missing = [seat for seat in seats if seat.role not in known]
    hashed = make_password(password) if missing else ""
    for seat in missing:
        name = f"{seat.role.label}({seat.place})"
        person = _somebody(seat)
        user = User.objects.create(username=seat.role.value, display_name=name, password=hashed, staff_id=person)
        Assignment.objects.create(user=user, role=seat.role, reach=seat.reach, institution=seat.institution)


def _somebody(seat: _Seat) -> str | None:
    """One of the staff to sit there: the general practitioner first, as leads a family-doctor team."""
    fitting = Staff.objects.filter(profession__in=PROFESSIONS.get(seat.role, ()), left_on__isnull=True)
    found = fitting.filter(institution=seat.institution).order_by("-general_practitioner", "pk").first()
    return str(found.pk) if found else None


def _create_resident(*, password: str) -> None:
    """The resident is somebody whom the family doctor knows, so that there is a record to show."""
    doctor = User.objects.filter(username=Role.FAMILY_DOCTOR.value).first()
    if doctor is None or User.objects.filter(username=Role.RESIDENT.value).exists():
        return
    person = visible_residents(doctor).filter(died_on__isnull=True).order_by("pk").first()
    if person is not None:
        user = User.objects.create_user(
            Role.RESIDENT.value, password=password, display_name="居民(演示)", resident_id=person.pk
        )
        Assignment.objects.create(user=user, role=Role.RESIDENT, reach=Reach.COUNTY)
