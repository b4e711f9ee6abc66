"""A resident's account: made when they first sign in, without a password."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from yigongti.kernel.errors import NotAllowed
from yigongti.kernel.roles import SYSTEM, Role
from yigongti.spine.access.models import Assignment, Reach, User
from yigongti.spine.audit import trail
from yigongti.spine.people.identities import find_residents
from yigongti.spine.people.masking import masked_name
from yigongti.spine.people.models import Identity, Resident


def person_with(id_number: str) -> str | None:
    """The living resident whose ID number it is; None where it is nobody's, or more than one's."""
    found = Resident.objects.filter(pk__in=find_residents(id_number=id_number), died_on__isnull=True)
    ids = list(found.values_list("pk", flat=True)[:2])
    return ids[0] if len(ids) == 1 else None


@transaction.atomic
def account_of(resident_id: str, *, at: datetime) -> User:
    """The person's active account; made, and audited, where there is none yet.  Raises NotAllowed where it was
    closed."""
    Resident.objects.select_for_update().get(pk=resident_id)  # two sign-ins at once make one account
    known = User.objects.filter(resident_id=resident_id).order_by("pk")
    if user := known.filter(is_active=True).first():
        return user
    if known.exists():
        raise NotAllowed("这个账号已停用", remedy="请联系签约团队或卫生健康局")
    name = Identity.objects.filter(pk=resident_id).values_list("name", flat=True).first() or resident_id
    user = User.objects.create(
        username=f"resident-{resident_id}"[:64], display_name=masked_name(name), password=make_password(None),
        resident_id=resident_id,
    )  # fmt: skip
    Assignment.objects.create(user=user, role=Role.RESIDENT, reach=Reach.COUNTY)
    trail.record("create_account", actor=SYSTEM, at=at, subject=f"user:{user.pk}", resident_id=resident_id)
    return user
