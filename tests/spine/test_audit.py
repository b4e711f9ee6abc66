"""The audit trail in the record store: never forked under concurrency, and tampering is found."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.racing import at_once

from yigongti.kernel import clock
from yigongti.spine.audit import trail
from yigongti.spine.audit.chain import SHARDS
from yigongti.spine.audit.models import AuditRecord
from yigongti.spine.home import home

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.store]
ACTORS = ("wang", "li", "zhang", "chen")


def write(count: int = 5) -> None:
    for actor in ACTORS:
        for i in range(count):
            trail.record("read_person", actor=actor, resident_id=f"R{i}", detail={"purpose": "record", "i": i})


def tamper(statement: str, *parameters: object) -> None:
    """As somebody would who can write the table but has not the data directory."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        assert cursor.rowcount > 0


def kinds() -> set[str]:
    return {one.kind for one in trail.verify().breaks}


def test_what_was_recorded_verifies_and_says_who_what_whom_and_why() -> None:
    write()
    report = trail.verify()
    assert report.sound
    assert report.records == 20
    assert report.shards == len(set(AuditRecord.objects.values_list("shard", flat=True)))
    last = AuditRecord.objects.filter(actor="li").order_by("sequence").last()
    assert (last.action, last.resident_id, last.detail) == ("read_person", "R4", '{"i":4,"purpose":"record"}')


def test_a_record_cannot_be_changed_or_removed_through_the_program() -> None:
    write(1)
    first = AuditRecord.objects.first()
    for forbidden in (first.save, first.delete, AuditRecord.objects.all().delete):
        with pytest.raises(TypeError):
            forbidden()
    with pytest.raises(TypeError):
        AuditRecord.objects.update(actor="x")


@transaction.atomic
def record_and_fail() -> None:
    trail.record("read_person", actor="wang")
    raise RuntimeError("after the record")


def test_an_action_that_is_rolled_back_leaves_neither_record_nor_anchor() -> None:
    write(1)
    with pytest.raises(RuntimeError, match="after the record"):
        record_and_fail()
    assert trail.verify() == trail.Report(4, 4, ())
    write(1)
    assert trail.verify().sound


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE audit_auditrecord SET actor='nobody' WHERE actor='li' AND resident_id='R2'", "changed"),
        ("UPDATE audit_auditrecord SET detail='{}' WHERE actor='li' AND resident_id='R4'", "changed"),
        ("DELETE FROM audit_auditrecord WHERE actor='li' AND resident_id='R0'", "missing"),
        ("DELETE FROM audit_auditrecord WHERE actor='li' AND resident_id='R2'", "missing"),
        ("DELETE FROM audit_auditrecord WHERE actor='li' AND resident_id='R4'", "truncated"),
        ("DELETE FROM audit_auditrecord", "truncated"),
        ("UPDATE audit_auditrecord SET shard=shard+16 WHERE actor='li'", "changed"),
    ],
)
def test_what_was_done_to_the_table_behind_the_programs_back_is_found(statement: str, kind: str) -> None:
    write()
    tamper(statement)
    assert kind in kinds()


def test_an_instant_shifted_by_a_microsecond_is_found() -> None:
    write()
    first = AuditRecord.objects.first()
    tamper("UPDATE audit_auditrecord SET at=%s WHERE id=%s", first.at + timedelta(microseconds=1), first.pk)
    assert kinds() == {"changed"}


def test_a_record_slipped_in_at_the_end_is_found() -> None:
    write()
    last = AuditRecord.objects.filter(actor="li").order_by("sequence").last()
    AuditRecord.objects.create(
        shard=last.shard, sequence=last.sequence + 1, at=clock.now(), actor="li", action="read_person", detail="{}",
        previous=last.digest, digest="0" * 64,
    )  # fmt: skip
    assert kinds() == {"changed"}


def test_an_anchor_file_that_was_touched_or_taken_away_is_found() -> None:
    write()
    anchors = sorted((home().path / "audit").iterdir())
    anchors[0].write_bytes(anchors[0].read_bytes().replace(b" 0", b" 1", 1))
    assert kinds() == {"anchor"}
    anchors[0].unlink()
    assert kinds() == {"anchor"}


def test_an_anchor_never_moves_backwards() -> None:
    write()
    anchors = {path: path.read_bytes() for path in (home().path / "audit").iterdir()}
    with transaction.atomic():
        trail.record("read_person", actor="li")
        trail.record("read_person", actor="li")
    assert trail.verify().sound
    assert sum(path.read_bytes() != before for path, before in anchors.items()) == 1


def test_many_writers_at_once_lose_nothing_and_never_fork_the_chain() -> None:
    def writer(number: int) -> None:
        for i in range(20):
            trail.record("step", actor=ACTORS[number % 2], detail={"writer": number, "i": i})

    at_once(writer, clients=8)
    report = trail.verify()
    assert report.sound
    assert report.records == 160
    assert all(shard < SHARDS for shard in AuditRecord.objects.values_list("shard", flat=True))
