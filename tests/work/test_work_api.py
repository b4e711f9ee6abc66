"""REST over every workflow: what the pages do, by JSON; refusals as problems that say what to do."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from tests.browsing import browser
from tests.spine.county import account
from tests.work.seats import a_pack

from yigongti.kernel import clock
from yigongti.kernel.registry import REGISTRY
from yigongti.spine.cases.engine import take
from yigongti.spine.cases.models import Case, CaseEvent


def sent(client, path, **said):
    return client.post(path, json.dumps(said), content_type="application/json")


def opening(**changed):
    return {"workflow": "sterile_supply", "request_id": uuid4().hex, "institution_id": "T1", "counterpart_id": "H1",
            "data": {"title": "换药包"}, **changed}  # fmt: skip


def test_a_case_goes_from_opening_to_a_step_by_json(clinician, technician):
    answer = sent(browser(clinician), "/api/work/cases", **opening())
    assert answer.status_code == 201
    case = answer.json()
    assert (case["state"], case["version"], case["title"]) == ("requested", 1, "换药包")
    assert [step["name"] for step in case["steps"]] == ["cancel"]
    moved = sent(browser(technician), f"/api/work/cases/{case['case_id']}/steps/collect", version=1, request_id="c")
    assert moved.status_code == 200
    assert (moved.json()["state"], len(moved.json()["events"])) == ("collected", 2)


def test_a_request_sent_again_changes_nothing_and_answers_the_same(clinician, technician):
    said = opening()
    first, again = (sent(browser(clinician), "/api/work/cases", **said).json() for _ in range(2))
    assert first["case_id"] == again["case_id"]
    path = f"/api/work/cases/{first['case_id']}/steps/collect"
    for _ in range(2):
        assert sent(browser(technician), path, version=1, request_id="c").status_code == 200
    assert CaseEvent.objects.count() == 2


def test_lists_are_paged_by_what_the_last_page_said(clinician, technician):
    wanted = [a_pack(clinician, title=f"包 {number}", days_ago=number).pk for number in (4, 3, 2, 1, 0)]
    client, found, after = browser(technician), [], ""
    for _ in range(3):
        page = client.get("/api/work/cases", {"size": 2, "after": after}).json()
        found += [case["case_id"] for case in page["cases"]]
        after = page["after"]
    assert (found, after) == (wanted, "")


@pytest.mark.parametrize(
    ("said", "status", "told"),
    [
        ({"version": 9, "data": {"reason": "重复"}}, 403, "已过时"),
        ({"version": 1, "data": {}}, 403, "请填写:理由"),
        ({"version": 1, "data": {"reason": "重复", "moon": 1}}, 403, "没有字段:moon"),
        ({"version": "one"}, 422, "格式不对"),
        ({"version": 1, "request_id": ""}, 422, "格式不对"),
    ],
)
def test_a_refusal_is_a_problem_that_says_what_and_what_to_do(said, status, told, clinician):
    case = a_pack(clinician)
    answer = sent(browser(clinician), f"/api/work/cases/{case.pk}/steps/cancel", **{"request_id": "r", **said})
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")
    assert told in answer.json()["what"]
    assert Case.objects.get().state == "requested"


def test_a_step_that_is_somebody_elses_is_refused_with_whose_it_is(clinician):
    case = a_pack(clinician)
    answer = sent(browser(clinician), f"/api/work/cases/{case.pk}/steps/collect", version=1, request_id="r")
    assert (answer.status_code, answer.json()["remedy"]) == (403, "请转交有权办理的人员")


def test_a_case_outside_ones_institutions_is_not_there(clinician):
    case = a_pack(clinician)
    stranger = browser(account("stranger", ("technician", "institution", "H2")))
    for answer in (stranger.get(f"/api/work/cases/{case.pk}"), stranger.get("/api/work/cases/nothing")):
        assert answer.status_code == 404
        assert "管辖范围" in answer.json()["what"]
    assert stranger.get("/api/work/cases", {"list": "all"}).json()["cases"] == []


def test_who_is_not_signed_in_gets_a_status_and_not_a_page(county):
    answer = Client().get("/api/work/cases")
    assert (answer.status_code, answer.json()["what"]) == (401, "请先登录")


def test_what_changes_something_needs_the_forms_token(clinician):
    client = Client(enforce_csrf_checks=True)
    client.force_login(clinician)
    assert sent(client, "/api/work/cases", **opening()).status_code == 403
    assert not Case.objects.exists()


def test_a_workflow_is_told_as_declared(technician):
    (found,) = browser(technician).get("/api/work/workflows").json()
    assert found["id"] == "sterile_supply"
    sterilise = next(step for step in found["steps"] if step["name"] == "sterilise")
    assert [(field["name"], field["kind"], field["required"]) for field in sterilise["fields"]] == [
        ("batch", "text", True), ("indicator_passed", "flag", True), ("cycles", "integer", False)]  # fmt: skip


def test_the_document_has_every_route_and_the_data_of_every_step_of_every_workflow(technician):
    document = browser(technician).get("/api/work/openapi.json").json()
    assert {"/api/work/cases", "/api/work/cases/{case_id}", "/api/work/cases/{case_id}/steps/{step}"} <= set(
        document["paths"]
    )
    schemas = document["components"]["schemas"]
    steps = {f"{workflow.id}.{step.name}" for workflow in REGISTRY.workflows.values() for step in workflow.steps}
    assert steps <= set(schemas)
    assert schemas["sterile_supply.sterilise"]["required"] == ["batch", "indicator_passed"]
    refs = {each["$ref"] for each in schemas["Taking"]["properties"]["data"]["anyOf"]}
    assert {ref.rpartition("/")[2] for ref in refs} <= set(schemas)


def test_every_answer_is_what_the_document_promises(clinician, technician):
    """Each route is asked, and its answer's fields are exactly those of the shape that the document names."""
    client = browser(technician)
    document = client.get("/api/work/openapi.json").json()
    case = a_pack(clinician)
    take(case, "collect", by=technician, at=clock.now(), request_id="c")
    for path in ("/api/work/cases", "/api/work/cases/{case_id}", "/api/work/workflows"):
        promised = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        answer = client.get(path.format(case_id=case.pk)).json()
        assert not list(differences(answer, promised, document["components"]["schemas"])), path


def differences(value, schema, schemas, where="$"):
    """Where a value is not what a schema says: fields too many or too few."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from differences(each, schema["items"], schemas, f"{where}[{number}]")
    elif isinstance(value, dict) and "properties" in schema:
        if set(value) != set(schema["properties"]):
            yield f"{where}: {sorted(set(value) ^ set(schema['properties']))}"
        for name in set(value) & set(schema["properties"]):
            yield from differences(value[name], schema["properties"][name], schemas, f"{where}.{name}")
