"""An inbox holds one's own notices; opening one reads it and leads to what it is about."""

import pytest
from tests.spine.county import account

from yigongti.kernel import clock
from yigongti.kernel.roles import Role
from yigongti.site.inbox.subjects import addresses_of
from yigongti.spine.notices.inbox import notify, unread_count


@pytest.fixture
def clerk(db):
    return account("clerk", (Role.BUREAU, "county", None))


@pytest.fixture
def browser(client, clerk):
    client.force_login(clerk, backend="yigongti.spine.access.backend.Accounts")
    return client


def told(user, *texts, subject=""):
    for text in texts:
        notify([user.pk], kind="case_step", text=text, at=clock.now(), subject=subject)


def page(browser, address="/inbox/") -> str:
    return browser.get(address).content.decode()


def test_an_empty_inbox_says_what_will_be_in_it(browser):
    assert "还没有消息" in page(browser)


def test_notices_are_listed_latest_first_with_the_unread_ones_counted_on_every_page(browser, clerk):
    told(clerk, "先来的", "后到的")
    shown = page(browser)
    assert shown.index("后到的") < shown.index("先来的")
    assert '<span class="badge bg-red text-red-fg">2</span>' in page(browser, "/rules/")


def test_beyond_ninety_nine_the_mark_counts_no_further(browser, clerk):
    told(clerk, *map(str, range(101)))
    assert '<span class="badge bg-red text-red-fg">99+</span>' in page(browser, "/rules/")
    assert "未读 101" in page(browser)


def test_opening_a_notice_reads_it_and_goes_to_its_subject(browser, clerk):
    told(clerk, "有人看过", subject="load:7")
    notice = clerk.notices.get()
    answer = browser.post(f"/inbox/{notice.pk}/")
    assert answer["Location"] == "/loads/7/"
    assert unread_count(clerk.pk) == 0


def test_a_notice_about_nothing_with_a_page_leads_back_to_the_inbox(browser, clerk):
    told(clerk, "请知悉")
    assert browser.post(f"/inbox/{clerk.notices.get().pk}/")["Location"] == "/inbox/"


def test_unread_notices_can_be_seen_alone_and_read_at_once(browser, clerk):
    told(clerk, "一", "二")
    browser.post(f"/inbox/{clerk.notices.first().pk}/")
    assert page(browser, "/inbox/?show=unread").count('action="/inbox/') == 2  # one notice, and “all as read”
    browser.post("/inbox/read/")
    assert "没有未读消息" in page(browser, "/inbox/?show=unread")


def test_nobody_opens_anothers_notice(browser, clerk):
    other = account("other", (Role.BUREAU, "county", None))
    told(other, "不是给你的")
    assert browser.post(f"/inbox/{other.notices.get().pk}/").status_code == 404
    assert unread_count(other.pk) == 1


def test_looking_at_a_notices_address_changes_nothing(browser, clerk):
    told(clerk, "一")
    assert browser.get(f"/inbox/{clerk.notices.get().pk}/").status_code == 405
    assert unread_count(clerk.pk) == 1


EVERYBODY = frozenset(Role)


@pytest.mark.parametrize(
    ("subject", "address"),
    [("resident:R1", "/residents/R1/"), ("load:3", "/loads/3/"), ("", ""), ("moon:1", ""), ("case", "")],
)
def test_a_subject_leads_to_its_page(db, subject, address):
    assert addresses_of([subject], roles=EVERYBODY) == {subject: address}


def test_nobody_is_led_to_a_page_that_is_not_for_them(db):
    assert addresses_of(["resident:R1"], roles={Role.BUREAU}) == {"resident:R1": ""}
    assert addresses_of(["resident:R1"], roles={Role.AUDITOR}) == {"resident:R1": "/audit/?resident_id=R1"}


def test_a_case_leads_to_the_page_that_is_named_after_its_workflow_or_to_the_derived_page(db):
    from yigongti.spine.cases.models import Case

    now = clock.now()
    case = Case.objects.create(workflow="policy_task", state="x", opened_at=now, entered_at=now)
    strange = Case.objects.create(workflow="unheard_of", state="x", opened_at=now, entered_at=now)
    found = addresses_of([f"case:{case.pk}", f"case:{strange.pk}"], roles=EVERYBODY)
    assert found == {f"case:{case.pk}": f"/ledger/tasks/{case.pk}/", f"case:{strange.pk}": f"/work/{strange.pk}/"}
