"""Whom a request is about."""

from yigongti.capabilities.booking.web.rest.shapes import Person
from yigongti.kernel.errors import Refusal
from yigongti.spine.people.identities import find_residents


def meant(person: Person) -> str:
    """The number of the person in the county's index.  Raises Refusal where an ID card is nobody's."""
    if person.resident_id:
        return person.resident_id
    found = find_residents(id_number=person.id_number)
    if len(found) != 1:
        raise Refusal("居民主索引里没有这个身份证号", where="id_number", remedy="请核对号码,或先由机构建档")
    return found[0]
