"""When something fails the page says what, where, why and what to do, and the browser runs nothing but ours."""

import pytest
from django.db import OperationalError
from django.urls import reverse

from yigongti.kernel.errors import Refusal


@pytest.fixture
def bureau(client, db):
    from yigongti.spine.access.models import Assignment, User

    user = User.objects.create_user("bureau", password="a long enough passphrase", display_name="局长")
    Assignment.objects.create(user=user, role="bureau", reach="county")
    client.force_login(user)
    return client


@pytest.fixture
def breaking(monkeypatch):
    """Makes the cockpit raise what is given."""
    from yigongti.site.cockpit import views

    def make(error: Exception) -> None:
        def raised(*_arguments, **_named):
            raise error

        monkeypatch.setattr(views, "picture", raised)

    return make


def test_an_address_that_does_not_exist_is_told_in_chinese(bureau):
    answer = bureau.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()


def test_a_refusal_becomes_a_page_with_its_four_parts(bureau, breaking):
    breaking(Refusal("金额不符", "第 3 行", "分项之和应等于合计", "请核对后重新提交"))
    answer = bureau.get("/")
    assert answer.status_code == 409
    for part in ("金额不符", "第 3 行", "分项之和应等于合计", "请核对后重新提交"):
        assert part in answer.content.decode()


def test_htmx_gets_only_the_part_that_says_what_is_wrong(bureau, breaking):
    breaking(Refusal("金额不符"))
    answer = bureau.get("/", headers={"HX-Request": "true"})
    assert "金额不符" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_page_that_breaks_says_so_without_database_or_session(bureau, breaking):
    breaking(RuntimeError("broken on purpose"))
    bureau.raise_request_exception = False
    answer = bureau.get("/")
    assert answer.status_code == 500
    assert "系统出错" in answer.content.decode()
    assert "broken on purpose" not in answer.content.decode()


def test_a_store_held_by_a_load_is_told_as_busy_not_as_broken(bureau, breaking):
    breaking(OperationalError("database is locked"))
    answer = bureau.get("/")
    assert answer.status_code == 503
    assert "正被一次装载占用" in answer.content.decode()
    assert "PostgreSQL" in answer.content.decode()


def test_a_role_without_admission_is_told_whom_to_ask(client, db):
    from yigongti.spine.access.models import Assignment, User

    user = User.objects.create_user("auditor", password="a long enough passphrase", display_name="审计")
    Assignment.objects.create(user=user, role="auditor", reach="county")
    client.force_login(user)
    answer = client.post(reverse("evaluation_refresh"))
    assert answer.status_code == 403
    assert "管理员" in answer.content.decode()


def test_the_browser_may_run_and_load_only_what_this_server_sends(bureau):
    policy = bureau.get("/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_no_page_has_inline_scripts_styles_or_handlers():
    import re

    from yigongti.pages.assets import PACKAGE

    inline = re.compile(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style|hx-on")
    found = [str(path) for path in PACKAGE.rglob("templates/**/*.html") if inline.search(path.read_text("utf-8"))]
    assert not found


def test_every_entry_of_the_menu_is_a_page_that_somebody_may_open():
    from yigongti.kernel.roles import Role
    from yigongti.pages.menu import admits
    from yigongti.site.menu import MENU

    for section in MENU:
        for entry in section.entries:
            assert entry.address
            assert any(admits(entry.name, [role]) for role in Role), entry.name


def test_the_side_bar_shows_nobody_what_they_may_not_open():
    from yigongti.kernel.roles import Role
    from yigongti.site.menu import menu_for

    seen = {role: {entry.name for section in menu_for([role]) for entry in section.entries} for role in Role}
    assert "indicators" in seen[Role.BUREAU]
    assert "indicators" not in seen[Role.RESIDENT]
