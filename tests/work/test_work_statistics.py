"""What the statistics say is what the steps say."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from tests.browsing import browser, source_of
from tests.spine.county import account
from tests.spine.sterile import STERILE_SUPPLY
from tests.work.seats import a_pack

from yigongti.analytics.lake.appending import append
from yigongti.kernel import clock
from yigongti.pages.work.figures import Lateness, figures
from yigongti.pages.work.lately import HUNDREDFOLD, forget, lately
from yigongti.spine.cases import buffer
from yigongti.spine.cases.engine import take


@pytest.fixture(autouse=True)
def nothing_kept():
    forget()


LONG_AGO = datetime(2020, 1, 1, tzinfo=clock.COUNTY_TIME)
RULE_ALLOWS = timedelta(days=30)
"""Longer than the rule of the test's deadline."""


def step(case, name, by, *, hours, data=None):
    """Take a step so many hours after the case came into its state."""
    case.refresh_from_db()
    return take(case, name, by=by, at=case.entered_at + timedelta(hours=hours), request_id=uuid4().hex, data=data)


def test_counts_closure_times_and_lateness_are_those_of_the_steps(clinician, technician):
    for hours in (1, 3, 2):
        step(a_pack(clinician, days_ago=60), "collect", technician, hours=hours)
    step(a_pack(clinician, days_ago=60), "collect", technician, hours=40 * 24)
    gone = a_pack(clinician, days_ago=60)
    step(gone, "cancel", clinician, hours=5, data={"reason": "重复"})
    found = figures(STERILE_SUPPLY, since=LONG_AGO, own=None)
    assert (found.opened, found.closed, found.closure) == (5, 1, 0.2)
    assert found.now["collected"] == 4
    assert found.by_step == [Lateness("collect", 4, 1)]
    assert found.by_institution == [Lateness("H1", 4, 1)]
    assert found.in_time == 0.75
    (stay,) = found.stays
    assert (stay.state, stay.left, stay.p50) == ("requested", 5, 3)
    assert sum(month.opened for month in found.months) == 5


def test_facts_already_in_the_lake_and_those_that_wait_are_counted_together_and_once(clinician, technician):
    case = a_pack(clinician)
    rows, ids = buffer.waiting()
    with transaction.atomic():
        append("case_step", rows)
        buffer.mark_synced(ids, at=clock.now())
    step(case, "collect", technician, hours=0)
    found = figures(STERILE_SUPPLY, since=LONG_AGO, own=None)
    assert (found.opened, found.now["collected"]) == (1, 1)


def test_only_the_cases_that_one_may_see_count(clinician, technician):
    one, _other = a_pack(clinician), a_pack(clinician)
    assert figures(STERILE_SUPPLY, since=LONG_AGO, own=[one.pk]).opened == 1
    assert figures(STERILE_SUPPLY, since=LONG_AGO, own=[]).opened == 0
    stranger = account("stranger", ("technician", "institution", "H2"))
    for reader, opened in ((technician, "2 例"), (stranger, "0 例")):
        page = source_of(browser(reader).get("/work/statistics/", {"workflow": "sterile_supply"}))
        assert f'<div class="value">{opened}</div>' in page


def test_a_case_opened_before_the_time_asked_for_does_not_count(clinician):
    a_pack(clinician, days_ago=60)
    assert figures(STERILE_SUPPLY, since=clock.now() - timedelta(days=30), own=None).opened == 0


def test_the_page_shows_them_and_says_so_where_there_is_nothing(clinician, technician):
    empty = source_of(browser(technician).get("/work/statistics/", {"workflow": "sterile_supply"}))
    assert "这段时间没有发起过" in empty
    forget()
    step(a_pack(clinician, days_ago=60), "collect", technician, hours=40 * 24)
    page = source_of(browser(technician).get("/work/statistics/", {"workflow": "sterile_supply", "days": "90"}))
    for word in ("办结率", "回收", "H1", "100.0%", "已申领"):
        assert word in page
    file = browser(technician).get("/work/statistics/", {"workflow": "sterile_supply", "export": "steps.csv"})
    assert "回收,1,1,1.0" in b"".join(file.streaming_content).decode()


def test_what_took_long_is_kept_a_hundred_times_as_long_and_says_as_of_when(clinician, monkeypatch):
    now, asked = clock.now(), []
    empty = figures(STERILE_SUPPLY, since=LONG_AGO, own=[])
    seconds = iter([0, 3, 0, 3])
    monkeypatch.setattr("yigongti.pages.work.lately.time.perf_counter", lambda: next(seconds))

    def at(later):
        with monkeypatch.context() as patch:
            patch.setattr(clock, "now", lambda: now + later)
            return lately("key", lambda instant: asked.append(instant) or empty).at

    assert at(timedelta()) == now
    assert at(timedelta(seconds=3 * HUNDREDFOLD - 1)) == now
    assert at(timedelta(seconds=3 * HUNDREDFOLD)) == now + timedelta(seconds=3 * HUNDREDFOLD)
    assert len(asked) == 2
