"""What of an identity is shown to whom: the whole, or as much as tells two people apart."""

from dataclasses import dataclass

from yigongti.spine.people.masking import age_on, masked_id_number, masked_name, masked_phone

__all__ = ["NAMED_BY", "Identity", "age_on", "masked_id_number", "masked_name", "masked_phone", "shown_on"]

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
