"""Finding people by what identifies them, and moving identities to a new key."""

from dataclasses import dataclass

from django.db import transaction

from yigongti.kernel.roles import SYSTEM
from yigongti.spine.audit import trail
from yigongti.spine.people.models import Identity
from yigongti.spine.people.sealing import add_key, blind_candidates, keyring

FIELDS = ("id_number", "phone", "name")
_BATCH = 2000


def find_residents(**known: str) -> list[str]:
    """The ids of the residents whose identity has exactly these values (id_number=, phone=, name=), in order.

    Spaces, hyphens, width and case do not matter.  Raises TypeError on another field or none.
    """
    if not known or not set(known) <= set(FIELDS):
        raise TypeError(f"look people up by {FIELDS}, not {sorted(known)}")
    matches = {f"{field}_index__in": blind_candidates(field, value) for field, value in known.items()}
    return list(Identity.objects.filter(**matches).order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True)
class Rotation:
    """What a rotation did: the key now in use, and how many identities were sealed anew."""

    key_id: int
    resealed: int


def rotate_identity_key() -> Rotation:
    """Make a new key and seal every identity with it; the audit says so."""
    key_id = add_key()
    trail.record("rotate_identity_key", actor=SYSTEM, detail={"key": key_id})
    return reseal_identities()


def reseal_identities() -> Rotation:
    """Seal with the key in use whatever an older key sealed, in batches of one transaction each.

    People stay readable and findable throughout; after an interruption, calling again does the rest.
    """
    current, resealed = keyring().current, 0
    while count := _reseal_some(current):
        resealed += count
    return Rotation(current, resealed)


@transaction.atomic
def _reseal_some(current: int) -> int:
    """Reading opens a value with its old key, saving seals it with the key in use; the index tells which is which."""
    older = Identity.objects.select_for_update().filter(name_index__lt=bytes([current])).order_by("pk")[:_BATCH]
    found = list(older)
    for identity in found:
        identity.save()
    return len(found)
