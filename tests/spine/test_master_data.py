"""Master data in the record store: the dictionary's columns, its constraints, identities unreadable at rest."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from yigongti.kernel.facts import COUNTY
from yigongti.spine.people.models import Identity, Resident, Staff
from yigongti.spine.places.models import Institution, Place

pytestmark = [pytest.mark.django_db, pytest.mark.store]

MASTER = {
    "place": "places.Place",
    "institution": "places.Institution",
    "staff": "people.Staff",
    "posting": "people.Posting",
    "resident": "people.Resident",
    "identity": "people.Identity",
}


def hospital(**changed: Any) -> Institution:
    values: dict[str, Any] = {
        "institution_id": "H1", "name": "云溪县人民医院", "kind": "county_hospital", "level": "secondary",
        "ownership": "public", "place_id": "nowhere", "is_lead": True, "in_county": True,
    }  # fmt: skip
    return Institution.objects.create(**{**values, **changed})


@pytest.mark.parametrize(("table", "model"), MASTER.items())
def test_a_model_has_exactly_the_columns_of_its_fact_table(table: str, model: str) -> None:
    fields = [field for field in apps.get_model(model)._meta.get_fields() if getattr(field, "concrete", False)]
    nullable = {field.attname: field.null for field in fields if not field.attname.endswith("_index")}
    assert list(nullable) == list(COUNTY[table].names)
    assert all(nullable[column.name] for column in COUNTY[table].columns if column.null)


@pytest.mark.parametrize(("table", "model"), MASTER.items())
def test_a_models_primary_key_is_the_facts_key(table: str, model: str) -> None:
    assert (apps.get_model(model)._meta.pk.attname,) == COUNTY[table].key


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "temple"}, {"level": "top"}, {"lon": 181.0}, {"beds": -1},
     {"opened_on": date(2020, 1, 2), "closed_on": date(2020, 1, 1)}],
)  # fmt: skip
def test_the_database_itself_refuses_what_the_dictionary_forbids(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        hospital(**wrong)


def employ_at(institution_id: str) -> None:
    with transaction.atomic():
        Staff.objects.create(staff_id="S", institution_id=institution_id, profession="nurse", title="none",
                             general_practitioner=False, hired_on=date(2020, 1, 1))  # fmt: skip
        connection.check_constraints()


def test_a_reference_to_an_institution_is_held_by_the_database() -> None:
    with pytest.raises(IntegrityError):
        employ_at("nowhere")


def test_a_reference_to_a_place_or_a_resident_may_dangle_until_its_file_arrives() -> None:
    hospital(place_id="comes later")
    Identity.objects.create(resident_id="comes later", name="张三")
    connection.check_constraints()


@pytest.fixture
def zhang() -> Identity:
    Place.objects.create(place_id="P", name="云溪县", kind="county")
    Resident.objects.create(resident_id="R", sex="male", birth_date=date(1960, 1, 1), place_id="P",
                            insured_as="resident", key_groups=["elderly"], registered_on=date(2020, 1, 1))  # fmt: skip
    return Identity.objects.create(resident_id="R", name="张三", id_number="11010119600101001X", phone=None)


def test_an_identity_reads_back_as_it_was_written(zhang: Identity) -> None:
    read = Identity.objects.get(resident_id="R")
    assert (read.name, read.id_number, read.phone) == ("张三", "11010119600101001X", None)


def test_the_columns_of_an_identity_hold_neither_the_value_nor_an_unkeyed_hash(zhang: Identity) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, id_number, id_number_index FROM people_identity")
        at_rest = b"".join(bytes(cell) for cell in cursor.fetchone())
    assert "张三".encode() not in at_rest
    assert b"1101011960" not in at_rest
