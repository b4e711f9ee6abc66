"""支付标准不得用作医务人员的指标或限额:绩效规则违反的,拒绝并说明依据。"""

from datetime import date

import pytest

from yigongti.capabilities.supervision import api
from yigongti.kernel.rules import DEFAULT_POLICY, RuleBook

DAY = date(2026, 1, 1)
BOOK = RuleBook.load()
PACKS = sorted(path.name for path in (DEFAULT_POLICY / "regions").iterdir() if path.is_dir())


def measure(applies_to, *basis, text=""):
    return api.check_measure(api.Measure("内科绩效", applies_to, basis, text), on=DAY, book=BOOK)


@pytest.mark.parametrize("applies_to", ["doctor", "staff", "team", "department"])
def test_a_doctor_or_department_is_not_measured_by_a_payment_standard(applies_to):
    decision = measure(applies_to, "payment.dip.score_scale")
    (reason,) = decision.reasons
    assert decision.refused
    assert reason.rule_id == "supervision.quota.barred"
    assert "支付标准反映平均水平" in reason.text


def test_wording_that_makes_a_standard_a_limit_is_refused_whatever_it_is_reckoned_from():
    decision = measure("doctor", "measure.inpatient_cost_per_stay", text="超出病种限额的部分由医师承担")
    assert decision.refused
    assert decision.reasons[0].rule_id == "supervision.quota.words"


def test_an_institution_is_paid_by_the_standard_and_may_be_measured_by_it():
    assert measure("institution", "payment.dip.score_scale").allowed


def test_a_doctor_may_be_measured_by_quality_and_work():
    assert measure("doctor", "measure.readmission_rate", text="三十日再入院率").allowed


def test_no_pack_of_the_product_makes_a_standard_a_quota():
    for pack in PACKS:
        parents = ["national"] if pack != "national" else []
        assert api.misused_standards(RuleBook.load(packs=[*parents, pack]), on=DAY) == [], pack


def test_a_countys_own_performance_rule_that_does_is_found(tmp_path):
    rules = tmp_path / "rules" / "finance" / "performance"
    rules.mkdir(parents=True)
    (tmp_path / "pack.yaml").write_text(
        "label: 本县\nlevel: county\nregion: 某县\nparents: [national]\n"
        "documents: [working-defaults]\ncapabilities: {}\n",
        encoding="utf-8",
    )
    (rules / "weights.yaml").write_text(
        "label: 医师绩效权重\nkind: table\nunit: ratio\nchecked_on: 2026-01-01\nversions:\n"
        "  - effective_from: 2025-01-01\n    value: {工作量: 60%, payment.dip.score_scale: 40%}\n"
        "    source: {doc: working-defaults, clause: 基金监管}\n    recorded_on: 2025-01-01\n    confidence: default\n",
        encoding="utf-8",
    )
    (found,) = api.misused_standards(RuleBook.load(own=tmp_path), on=DAY)
    assert found.startswith("finance.performance.weights:")
    assert "payment.dip.score_scale" in found
