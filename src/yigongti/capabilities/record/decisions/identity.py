"""What of an identity is shown to whom: the whole, or as much as tells two people apart."""

from dataclasses import dataclass
from datetime import date

STAR = "*"
NAMED_BY = frozenset({"own", "consent", "contract", "treatment", "programme"})
"""The bases on which the name is shown at once.  Whoever broke the glass asks for it, and that is audited."""


@dataclass(frozen=True)
class Identity:
    """Name, ID number and phone as shown; is_whole: nothing of them is masked."""

    name: str
    id_number: str = ""
    phone: str = ""
    is_whole: bool = False


def shown_on(basis: str, identity: Identity) -> Identity:
    """The identity as the header of a record shows it: whole on one's own record; else the ID number and the phone
    masked, and the name where the basis is no everyday one."""
    if basis == "own":
        return identity
    name = identity.name if basis in NAMED_BY else masked_name(identity.name)
    return Identity(name, masked_id_number(identity.id_number), masked_phone(identity.phone))


def masked_name(name: str) -> str:
    """王小明 → 王*明, 王明 → 王*."""
    if len(name) < 2:
        return name
    return name[0] + STAR * max(len(name) - 2, 1) + (name[-1] if len(name) > 2 else "")


def masked_id_number(number: str) -> str:
    """Only the last four characters."""
    return STAR * max(len(number) - 4, 0) + number[-4:] if number else ""


def masked_phone(number: str) -> str:
    """13812345678 → 138****5678; a short one wholly."""
    if len(number) < 8:
        return STAR * len(number)
    return number[:3] + STAR * (len(number) - 7) + number[-4:]


def age_on(day: date, *, born: date, died: date | None = None) -> int:
    """Whole years on a day, or at death where that came first."""
    at = min(day, died) if died else day
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))
