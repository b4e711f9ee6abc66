"""`yigongti settle`: JSON alone on its output, a clearing once, a run worked out again, refusals with an exit code."""

import json

import pytest
from typer.testing import CliRunner

from yigongti.capabilities.payment.models import Clearing, Run
from yigongti.kernel.errors import Refusal
from yigongti.site.command_line.main import app


@pytest.fixture(autouse=True)
def _ready(facts, monkeypatch):
    from yigongti.site.command_line import fund, reproduce, settle

    for module in (settle, fund, reproduce):
        monkeypatch.setattr(module, "store_ready", lambda: None)


def yigongti(*arguments):
    return CliRunner().invoke(app, [*arguments])


def test_the_json_adds_up_and_names_the_run_that_is_kept():
    done = yigongti("settle", "--year", "2025", "--json")
    found = json.loads(done.stdout)
    assert sum(line["final_fen"] for line in found["lines"]) == found["totals"]["final_fen"]
    assert Run.objects.get().pk == found["run"]


def test_a_year_is_cleared_with_the_json_still_alone_on_the_output():
    done = yigongti("settle", "--year", "2025", "--json", "--clear")
    assert json.loads(done.stdout)["run"] == Clearing.objects.get().run_id
    assert "已清算 2025 年" in done.stderr
    again = yigongti("settle", "--year", "2025", "--clear")
    assert isinstance(again.exception, Refusal)
    assert again.exception.exit_code == 2


def test_a_run_is_worked_out_again():
    run = json.loads(yigongti("settle", "--year", "2025", "--json").stdout)["run"]
    done = yigongti("settle", "--reproduce", run[:12])
    assert done.exit_code == 0
    assert "逐位相同" in done.stdout
    assert yigongti("reproduce", run[:12]).stdout == done.stdout
    assert isinstance(yigongti("reproduce", "nothing").exception, Refusal)


def test_a_supposition_is_shown_beside_what_is_and_cannot_be_cleared():
    done = yigongti("settle", "--year", "2025", "--set", "payment.clearing.surplus_share=0%")
    assert "原" in done.stdout
    assert not Run.objects.exists()
    refused = yigongti("settle", "--year", "2025", "--set", "payment.clearing.surplus_share=0%", "--clear")
    assert isinstance(refused.exception, Refusal)
    assert isinstance(yigongti("settle").exception, Refusal)
    assert isinstance(yigongti("settle", "--year", "2025", "--clear", "--by", "nobody").exception, Refusal)


def test_the_budget_and_a_month_by_command(tmp_path):
    out = tmp_path / "budget.csv"
    assert "按人头" in yigongti("payment", "budget", "--year", "2026", "--out", str(out)).stdout
    assert out.exists()
    assert "预付" in yigongti("payment", "month", "2025-03").stdout
    assert isinstance(yigongti("payment", "month", "2025-03").exception, Refusal)
