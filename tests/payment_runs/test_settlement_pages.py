"""The pages of settlement: each number explained, a manager sees his own, statements on paper."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from tests.browsing import browser, text_of

from payment_runs import county
from yigongti.capabilities.payment.models import Clearing, Composition, LineResult, Month, Run, SpecialCase
from yigongti.capabilities.payment.selectors.cases import cases_of, groups_of
from yigongti.capabilities.payment.services import jobs, runs
from yigongti.capabilities.payment.web.whatif import SupposeForm
from yigongti.spine.county_rules import county_rules


@pytest.fixture(autouse=True)
def _jobs_at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def run(facts) -> Run:
    return runs.settle_year(2025).run


def line_at(run: Run, institution: str) -> LineResult:
    return LineResult.objects.get(pool__run=run, institution_id=institution, stays__gt=0)


def test_the_officer_goes_from_the_budget_down_to_one_stay(run, insurer):
    client, line = browser(insurer), line_at(run, "H1")
    year = client.get("/settlement/?year=2025")
    assert f"/settlement/runs/{run.pk}/" in year.content.decode()
    pool = client.get(f"/settlement/runs/{run.pk}/pools/{line.pool_id}/")
    assert "90,000.00" in text_of(pool)
    assert "点值" in text_of(pool)
    page = client.get(f"/settlement/runs/{run.pk}/lines/{line.pk}/")
    group = groups_of(line)[0]
    assert group.code in text_of(page)
    cases = client.get(f"/settlement/runs/{run.pk}/lines/{line.pk}/cases/?group={group.code}")
    stay = cases_of(line, group.code)[0]
    assert stay.stay_id in text_of(cases)
    one = client.get(f"/settlement/runs/{run.pk}/lines/{line.pk}/cases/{stay.stay_id}/")
    assert "点数金额" in text_of(one)
    assert "payment.drg." in one.content.decode()


def test_the_groups_and_the_stays_of_a_line_sum_to_the_line(run):
    for line in LineResult.objects.filter(pool__run=run, stays__gt=0):
        groups, stays = groups_of(line), cases_of(line, None)
        assert sum(group.worth_fen for group in groups) == sum(stay.worth_fen for stay in stays) == line.worth_fen or (
            not line.in_county
        )
        assert sum(group.cases for group in groups) == len(stays) == line.stays
        assert sum(stay.due_fen for stay in stays) == line.stays_due_fen


def test_a_manager_sees_the_lines_of_his_own_institution_and_no_other(run, somebody):
    client = browser(somebody("manager", at="C1"))
    own, other = line_at(run, "C1"), line_at(run, "H1")
    page = text_of(client.get(f"/settlement/runs/{run.pk}/"))
    assert "第一镇卫生院" in page
    assert "县人民医院 " not in page
    assert client.get(f"/settlement/runs/{run.pk}/lines/{own.pk}/").status_code == 200
    for address in (f"lines/{other.pk}/", f"lines/{other.pk}/cases/", "statements/H1/"):
        assert client.get(f"/settlement/runs/{run.pk}/{address}").status_code == 404
    stay = cases_of(other, None)[0].stay_id
    assert client.get(f"/settlement/runs/{run.pk}/lines/{own.pk}/cases/{stay}/").status_code == 404
    assert client.post(f"/settlement/runs/{run.pk}/clear/").status_code == 403
    assert client.get("/settlement/what-if/").status_code == 403


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_a_statement_is_taken_away_on_paper(run, insurer, kind):
    answer = browser(insurer).get(f"/settlement/runs/{run.pk}/statements/H1/?as={kind}")
    assert answer.status_code == 200
    if kind == "pdf":
        assert answer.content.startswith(b"%PDF")
        return
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    final = sum(line.final_fen for line in LineResult.objects.filter(pool__run=run, institution_id="H1"))
    assert rows[-1][7] == pytest.approx(final / 100)


def test_a_run_is_cleared_and_corrected_from_its_page(run, insurer):
    client = browser(insurer)
    assert client.post(f"/settlement/runs/{run.pk}/clear/").status_code == 302
    county.bring(stay=[county.stay(300, "C1", 0, county.STAYS[30]["discharged_on"], 777_777)])
    assert client.post("/settlement/compute/", {"year": 2025}).status_code == 302
    again = Run.objects.exclude(pk=run.pk).get()
    assert client.post(f"/settlement/runs/{again.pk}/clear/").status_code == 409
    assert "更正原因" in text_of(client.get(f"/settlement/runs/{again.pk}/"))
    given = {"corrects": run.pk, "reason": "漏报一例"}
    assert client.post(f"/settlement/runs/{again.pk}/clear/", given).status_code == 302
    assert Clearing.objects.filter(year=2025).count() == 2
    assert "第一镇卫生院" in text_of(client.get(f"/settlement/runs/{again.pk}/difference/"))
    assert client.post(f"/settlement/runs/{run.pk}/reproduce/").status_code == 302


def test_what_is_supposed_becomes_settings_and_the_job_gives_both_results(run):
    given = {
        "year": 2025,
        "surplus_share": "50",
        "tiers": "60 40 0",
        "use_dip": "是",
        "other": "payment.surplus_kept=否",
    }
    form = SupposeForm(given, book=county_rules(), year=2025)
    assert form.is_valid(), form.errors
    assert "payment.clearing.surplus_share=50%" in form.settings
    found = jobs.suppose_job.func(year=2025, settings=form.settings, pack="", scheme="", basis="")
    assert found["before"]["run"] == run.pk != found["after"]["run"]
    assert Run.objects.count() == 1


def test_a_supposition_that_does_not_fit_is_refused_before_it_is_worked_out(run, insurer):
    client = browser(insurer)
    assert client.post("/settlement/what-if/", {"year": 2025, "tiers": "60"}).status_code == 200
    assert client.post("/settlement/what-if/", {"year": 2025, "other": "payment.no_such=1"}).status_code == 409
    answer = client.post("/settlement/what-if/", {"year": 2025, "surplus_share": "50"})
    assert "surplus_share=50" in answer["Location"]


def test_months_budgets_and_special_cases_are_made_from_their_pages(run, insurer, somebody):
    client = browser(insurer)
    assert client.post("/settlement/months/settle/", {"month": "2025-03"}).status_code == 302
    month = Month.objects.get()
    assert "县人民医院" in text_of(client.get(f"/settlement/months/{month.pk}/"))
    assert "2025-03" in text_of(client.get("/settlement/months/"))
    assert client.post("/settlement/budgets/compose/", {"year": 2026}).status_code == 302
    assert Composition.objects.count() == 2
    assert "风险系数" in text_of(client.get("/settlement/budgets/"))
    manager = browser(somebody("manager", at="H1"))
    county.bring(stay=[county.stay(400, "H1", 0, date(2025, 12, 20), 9_000_000)])
    given = {"stay_id": "S400", "ground": "critical", "note": "抢救"}
    assert manager.post("/settlement/special/apply/", given).status_code == 302
    assert SpecialCase.objects.get().institution_id == "H1"
    assert "S400" in text_of(client.get("/settlement/special/"))


def test_the_export_of_budgets_is_a_file_that_can_be_loaded(run, insurer):
    jobs.compose_job.func(year=2026)
    answer = browser(insurer).get("/settlement/budgets/?year=2026&export=budget.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 4
