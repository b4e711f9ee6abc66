"""The pages of the consortium's money: what a manager sees and does, what others do not see."""

import pytest
from django.urls import reverse
from tests.browsing import browser
from tests.spine.county import account

from yigongti.capabilities.finance.models import Run
from yigongti.kernel.roles import Role

pytestmark = pytest.mark.django_db


def test_the_overview_shows_books_warnings_and_the_pool(people):
    page = browser(people.bureau).get(reverse("finance")).content.decode()
    assert "财务总览" in page
    assert "现金只够 0.3 个月的支出" in page


def test_a_manager_reckons_and_the_bureau_posts_on_the_pages(people, frozen):
    pool = {
        "consortium": "C1",
        "source": "surplus",
        "amount_fen": "50000",
        "day": "2026-01-05",
        "memo": "",
        "request_id": "a",
    }
    officer = browser(people.bureau)
    assert officer.post(reverse("finance_pool_in"), pool).status_code == 302
    form = {"consortium": "C1", "kind": "distribution", "period": "2025", "total_fen": "12345.67", "source": "结余"}
    assert browser(people.manager).post(reverse("finance_new"), form).status_code == 302
    run = Run.objects.get()
    page = officer.get(reverse("finance_sharing", args=[run.pk])).content.decode()
    assert "12,345.67" in page
    assert officer.post(reverse("finance_post", args=[run.pk])).status_code == 302
    statement = officer.get(reverse("finance_statement", args=["T1"]))
    assert "服务能力" in statement.content.decode()
    sheet = officer.get(reverse("finance_statement", args=["T1"]), {"as": "xlsx"})
    assert sheet.content[:2] == b"PK"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [("period", "上个月", "期间"), ("total_fen", "", "请填写金额"), ("total_fen", "-5", "大于"), ("kind", "x", "x")],
)
def test_a_faulty_form_says_what_is_wrong_and_keeps_nothing(people, frozen, field, value, said):
    form = {"consortium": "C1", "kind": "distribution", "period": "2025", "total_fen": "1", "source": "", field: value}
    page = browser(people.manager).post(reverse("finance_new"), form)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not Run.objects.exists()


def test_a_township_director_comes_straight_to_the_centres_own_statement(people, frozen):
    director = browser(account("other", (Role.MANAGER, "institution", "T2")))
    assert director.get(reverse("finance")).url == reverse("finance_statement", args=["T2"])
    form = {"consortium": "C1", "kind": "distribution", "period": "2025", "total_fen": "12345.67", "source": "结余"}
    pool = {"consortium": "C1", "source": "surplus", "amount_fen": "50000", "day": "2026-01-05", "memo": ""}
    browser(people.bureau).post(reverse("finance_pool_in"), {**pool, "request_id": "a"})
    browser(people.manager).post(reverse("finance_new"), form)
    run = Run.objects.get()
    browser(people.bureau).post(reverse("finance_post", args=[run.pk]))
    page = director.get(reverse("finance_statement", args=["T2"])).content.decode()
    assert "× 本单位" in page
    assert reverse("finance_sharing", args=[run.pk]) not in page


def test_a_stranger_finds_no_consortium_and_no_statement_of_others(people):
    stranger = browser(account("other", (Role.MANAGER, "institution", "T2")))
    assert stranger.get(reverse("finance_statement", args=["T1"])).status_code == 404
    nobody = browser(account("nobody", (Role.MANAGER, "institution", "V")))
    assert "没有您可以查看的医共体" in nobody.get(reverse("finance")).content.decode()
