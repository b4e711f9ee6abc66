"""The commands that prove the trail, make the first account and change the key."""

import json

import pytest
from django.db import connection
from typer.testing import CliRunner

from yigongti.site.command_line.security import UNSOUND, accounts, audit, identities
from yigongti.spine.access.models import User
from yigongti.spine.audit import trail
from yigongti.spine.people.models import Identity

pytestmark = pytest.mark.django_db(transaction=True)
run = CliRunner().invoke


def test_audit_verify_says_how_many_records_hold() -> None:
    trail.record("read_person", actor="li", resident_id="R1")
    result = run(audit, ["verify"])
    assert result.exit_code == 0
    assert "审计记录 1 条,1 个分片:完整" in result.output


def test_audit_verify_names_every_break_and_does_not_exit_zero() -> None:
    trail.record("read_person", actor="li", resident_id="R1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditrecord SET actor='nobody'")
    told = run(audit, ["verify"])
    assert told.exit_code == UNSOUND
    assert "第 1 条:内容与摘要不符" in told.output
    report = json.loads(run(audit, ["verify", "--json"]).output)
    assert report["sound"] is False
    assert [found["kind"] for found in report["breaks"]] == ["changed"]


def test_the_first_administrator_is_made_by_a_command_that_never_shows_the_password() -> None:
    result = run(accounts, ["admin", "root"], input="correct-horse-7\ncorrect-horse-7\n")
    assert result.exit_code == 0
    assert "correct-horse" not in result.output
    assert User.objects.get().check_password("correct-horse-7")


def test_rotating_the_key_says_how_many_people_were_sealed_anew() -> None:
    Identity.objects.create(resident_id="R1", name="张三")
    assert "重新加密 1 人" in run(identities, ["rotate"]).output
    assert "重新加密 0 人" in run(identities, ["rotate", "--resume"]).output
