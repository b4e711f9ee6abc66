"""Identities: unreadable without the key, found by exact value only, and movable to a new key at any time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yigongti.kernel.errors import Refusal
from yigongti.spine.home import Home, home
from yigongti.spine.people import identities
from yigongti.spine.people.identities import find_residents, reseal_identities, rotate_identity_key
from yigongti.spine.people.models import Identity
from yigongti.spine.people.sealing import (
    Keyring,
    add_key,
    blind_candidates,
    blind_many,
    decrypt,
    encrypt_many,
    keyring,
)

texts = st.text(max_size=30)
RING = Keyring({1: bytes(range(48)), 2: bytes(range(48, 96))})
OLD = Keyring({1: RING.keys[1]})


@given(st.lists(texts | st.none(), max_size=8), st.sampled_from(["name", "phone"]))
def test_what_is_sealed_opens_again_and_nothing_stays_nothing(values: list[str | None], column: str) -> None:
    sealed = encrypt_many(column, values, keys=RING)
    assert [None if one is None else decrypt(column, one, keys=RING) for one in sealed] == values


@given(texts)
def test_the_same_value_is_sealed_differently_each_time(value: str) -> None:
    first, second = encrypt_many("name", [value, value], keys=RING)
    assert first != second


@given(texts, st.data())
def test_a_sealed_value_with_any_bit_changed_does_not_open(value: str, data: st.DataObject) -> None:
    sealed = bytearray(encrypt_many("name", [value], keys=RING)[0] or b"")
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Refusal):
        decrypt("name", bytes(sealed), keys=RING)


def test_a_value_sealed_for_one_column_does_not_open_as_another() -> None:
    (sealed,) = encrypt_many("phone", ["13800000000"], keys=RING)
    with pytest.raises(Refusal, match="校验不通过"):
        decrypt("name", sealed or b"", keys=RING)


def test_what_an_older_key_sealed_opens_while_that_key_is_kept() -> None:
    (sealed,) = encrypt_many("name", ["张三"], keys=OLD)
    assert decrypt("name", sealed or b"", keys=RING) == "张三"
    with pytest.raises(Refusal, match="1 号密钥"):
        decrypt("name", sealed or b"", keys=Keyring({2: RING.keys[2]}))


@given(texts, texts)
def test_blind_indexes_are_equal_exactly_for_values_that_count_as_the_same(one: str, other: str) -> None:
    first, second = blind_many("name", [one, other], keys=RING)
    same = first == second
    assert same == (first in blind_candidates("name", other, keys=RING))
    assert same or one != other


@pytest.mark.parametrize(("one", "other"), [("11010119600101001x", "1101 0119 6001 0100 1X"), ("138-0000", "1380000"),
                                            ("张 三", "张三"), ("1380", "1380")])  # fmt: skip
def test_width_case_spaces_and_hyphens_do_not_matter_when_looking_up(one: str, other: str) -> None:
    assert blind_many("x", [one], keys=RING) == blind_many("x", [other], keys=RING)


def test_a_blind_index_depends_on_the_column_and_on_the_key() -> None:
    indexes = {blind_many(column, ["1380"], keys=ring)[0] for column in ("name", "phone") for ring in (RING, OLD)}
    assert len(indexes) == 4


@pytest.fixture
def own_home(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Keys of this test alone."""
    monkeypatch.setenv("YIGONGTI_HOME", str(tmp_path))
    return home()


@pytest.mark.django_db
@pytest.mark.store
@pytest.mark.usefixtures("own_home")
def test_people_are_found_by_id_number_phone_or_name_and_by_two_together() -> None:
    for number, name in enumerate(["张三", "李四", "张三"]):
        Identity.objects.create(resident_id=f"R{number}", name=name, id_number=f"1101{number}x", phone="138 0000")
    assert find_residents(id_number="11011X") == ["R1"]
    assert find_residents(phone="1380000") == ["R0", "R1", "R2"]
    assert find_residents(name="张三", id_number="11012X") == ["R2"]
    assert find_residents(name="张") == []
    with pytest.raises(TypeError):
        find_residents(birth_date="1960-01-01")


@pytest.mark.django_db
@pytest.mark.store
def test_a_rotation_seals_everybody_anew_and_people_are_found_before_during_and_after(
    own_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identities, "_BATCH", 2)
    for number in range(5):
        Identity.objects.create(resident_id=f"R{number}", name=f"村民{number}", id_number=f"N{number}")
    assert add_key() == 2
    Identity.objects.create(resident_id="R5", name="村民5")
    assert [find_residents(name=f"村民{number}") for number in (0, 5)] == [["R0"], ["R5"]]
    assert reseal_identities().resealed == 5
    assert {bytes(index)[0] for index in Identity.objects.values_list("name_index", flat=True)} == {2}
    assert {identity.name for identity in Identity.objects.all()} == {f"村民{number}" for number in range(6)}
    (own_home.path / "secrets" / "identity-001").unlink()
    assert keyring().keys.keys() == {2}
    assert find_residents(id_number="n3") == ["R3"]
    assert rotate_identity_key() == identities.Rotation(3, 6)
