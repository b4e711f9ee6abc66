"""The five documents through the whole ledger: read, confirmed, bound, in force, followed, reported; and bad files.

The documents are reference material beside the project; without it these tests are skipped.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typst
from django.test import Client
from django.urls import reverse

from ledger import papers
from yigongti.capabilities.ledger.models import Clause, Content, PolicyDocument, PolicyTask, SourceFile, Target, Verdict
from yigongti.capabilities.ledger.selectors import documents, tasks
from yigongti.capabilities.ledger.services.rule_writing import write_rule
from yigongti.kernel import clock
from yigongti.spine.access.models import Assignment, User
from yigongti.spine.county_rules import county_rules

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Expected:
    """What a person who knows the document expects of it: its level, at least so many clauses, targets and units, and
    the indicators that measure some of its targets."""

    file: str
    level: str
    clauses: int
    targets: int
    units: int
    bound: frozenset[str]


FIVE = (
    Expected(
        "000_0fc10b6ea138e3ac.txt", "county", 28, 31, 8,
        frozenset({
            "psychiatrists_per_100k", "severe_patients_per_mental_worker", "physicians_per_1000", "nurses_per_1000",
            "clinical_pharmacists_per_100_beds", "key_group_contract_coverage", "contract_coverage_growth",
            "geriatric_department_coverage",
        }),
    ),
    Expected(
        "001_8367434ad873e87d.txt", "county", 10, 7, 0,
        frozenset({
            "township_tcm_visit_share", "tcm_hospital_tcm_prescription_share", "medical_service_income_share",
            "staff_cost_share",
        }),
    ),
    Expected("002_adcb1981eaefc67a.txt", "province", 20, 6, 0, frozenset()),
    Expected(
        "003_f8fdda3a08071751.txt", "county", 30, 3, 15,
        frozenset({"key_group_contract_coverage", "long_term_care_contract_coverage"}),
    ),
    Expected(
        "004_f3b080aade65f6f0.txt", "city", 22, 30, 15,
        frozenset({
            "beds_per_1000", "visit_in_county_share", "inpatient_in_county_share", "primary_visit_share",
            "premature_mortality_4ncd", "medical_service_income_share", "internet_visit_share",
        }),
    ),
)  # fmt: skip


@pytest.fixture
def bureau(db: Any) -> User:
    user = User.objects.create_user("bureau", password="a long enough passphrase", display_name="卫生健康局")
    Assignment.objects.create(user=user, role="bureau", reach="county")
    return user


@pytest.fixture
def browser(bureau: User) -> Client:
    client = Client()
    client.force_login(bureau, backend="yigongti.spine.access.backend.Accounts")
    return client


def seed(shared: Path, expected: Expected) -> str:
    return (shared / "seeds" / expected.file).read_text(encoding="utf-8")


@pytest.mark.parametrize("expected", FIVE, ids=lambda each: each.file[:3])
def test_a_document_is_read_confirmed_and_bound(shared, bureau, expected):
    document = papers.enforced(bureau, text=seed(shared, expected))
    targets = Target.objects.filter(clause__document=document, verdict=Verdict.CONFIRMED)
    units = {unit.name for clause in document.clauses.all() for unit in clause.units.all()}
    assert document.level == expected.level
    assert document.clauses.count() >= expected.clauses
    assert targets.count() >= expected.targets
    assert len(units) >= expected.units
    assert expected.bound <= set(targets.values_list("indicator", flat=True))
    asked = Clause.objects.filter(document=document, is_task=True)
    assert PolicyTask.objects.filter(clause__document=document).count() == asked.count() > 0


@pytest.mark.parametrize("expected", FIVE, ids=lambda each: each.file[:3])
def test_every_page_of_a_document_opens(shared, browser, bureau, expected):
    document = papers.enforced(bureau, text=seed(shared, expected))
    task = PolicyTask.objects.filter(clause__document=document).first()
    unit = tasks.units(bureau)[:1]
    pages = [
        *(reverse(name) for name in ("ledger", "ledger_calendar", "ledger_overdue", "ledger_unit", "policy_documents")),
        *(f"{reverse('ledger')}?by={by}" for by in ("document", "unit", "due")),
        *(reverse(name, args=[document.pk]) for name in ("policy_document", "policy_coverage", "policy_report")),
        reverse("policy_task", args=[task.pk]),
        *(f"{reverse('ledger_unit')}?unit={name}" for name, _count in unit),
    ]
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code == 200, page
    assert document.title in browser.get(reverse("ledger")).content.decode()


def test_the_review_page_marks_the_readings_in_the_text(shared, browser, bureau):
    document = papers.taken_in(bureau, text=seed(shared, FIVE[0]))
    page = browser.get(reverse("policy_review", args=[document.pk])).content.decode()
    marked = [target for target in Target.objects.filter(clause__document=document) if f'"{target.pk}"' in page]
    assert len(marked) == Target.objects.filter(clause__document=document).count()
    assert page.count("<mark") >= 25


def test_a_targets_rule_cites_the_clause_that_is_registered_already(shared, bureau):
    document = papers.enforced(bureau, text=seed(shared, FIVE[0]))
    target = Target.objects.get(clause__document=document, indicator="key_group_contract_coverage")
    write_rule(target, by=bureau, at=clock.now())
    version = county_rules().find("measure.target.key_group_contract_coverage", on=clock.today())
    assert (version.source.doc, version.source.clause, version.text) == ("banan-2024-5", "10", "≥81%")


def test_documents_that_set_the_same_target_differently_are_found_among_the_five(shared, bureau):
    for expected in FIVE:
        papers.enforced(bureau, text=seed(shared, expected))
    found = {each.indicator: [target.value for target in each.targets] for each in documents.different()}
    assert found["key_group_contract_coverage"] == [81, 65]


def test_the_coverage_of_a_document_names_every_requirement_registered_for_it(shared, bureau):
    document = papers.taken_in(bureau, text=seed(shared, FIVE[2]))
    served = {each.id for rows in documents.requirements(document).values() for each in rows}
    assert {f"YN-{number}" for number in range(1, 18)} <= served


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_annual_report_is_taken_away_as_a_document(shared, browser, bureau, kind):
    document = papers.enforced(bureau, text=seed(shared, FIVE[0]))
    answer = browser.get(f"{reverse('policy_report', args=[document.pk])}?period=2025&as={kind}")
    assert answer.content.startswith({"docx": b"PK", "pdf": b"%PDF"}[kind])
    assert len(answer.content) > 10_000


def scanned() -> bytes:
    made: bytes = typst.compile(b"#set page(width: 10cm, height: 14cm)\n#rect(width: 8cm, height: 12cm)", format="pdf")
    return made


BAD = {
    "no policy in it.txt": "今天全县各医院门诊有序,就诊的人比昨天多。天气转凉,请注意保暖。".encode() * 5,
    "scanned.pdf": scanned(),
    "page of 5 MB.html": b"<html><body>" + "<p>很长的一页</p>".encode() * 260_000 + b"</body></html>",
    "table without header.txt": "床位\n5.1\n6.0\n医师\n2.8\n3.1\n护士\n3.0\n3.6\n".encode(),
    "mojibake.txt": "重庆市巴南区实施方案".encode("gb18030").decode("latin-1").encode() * 20,
    "program.docx": b"MZ\x90\x00\x03\x00\x00\x00" + bytes(range(256)) * 40,
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_a_clear_message_and_nothing_is_stored(browser, name):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = browser.post(reverse("policy_import"), {"file": SimpleUploadedFile(name, BAD[name])})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in page
    for model in (Content, SourceFile, PolicyDocument, Clause):
        assert not model.objects.exists()


@pytest.mark.parametrize("role", ["clinician", "family_doctor", "resident"])
def test_who_has_no_part_in_the_ledger_does_not_see_it(db, role):
    user = User.objects.create_user(role, password="a long enough passphrase", display_name=role)
    Assignment.objects.create(user=user, role=role, reach="county")
    client = Client()
    client.force_login(user, backend="yigongti.spine.access.backend.Accounts")
    assert client.get(reverse("ledger")).status_code == 403
