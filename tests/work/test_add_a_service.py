"""The how-to does what it says: its own code, taken out as it stands, becomes a service with all its pages."""

import re
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.browsing import browser, source_of
from tests.spine.county import account, draw_county, resident

from yigongti import capabilities
from yigongti.kernel import clock
from yigongti.kernel.registry import REGISTRY
from yigongti.kernel.workflow import diagram, problems
from yigongti.spine.cases import bindings
from yigongti.spine.cases.deadlines import escalate_overdue
from yigongti.spine.cases.models import Case
from yigongti.spine.home import home
from yigongti.spine.notices.models import Notice

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-service.md"
BLOCK = re.compile(r"^```\w+ file=(?P<path>\S+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
MOST_LINES = 130
PACKAGE = "yigongti.capabilities.sterile_supply"


def files() -> Mapping[str, str]:
    """The files that the page gives, by their paths."""
    return {found["path"]: found["text"] for found in BLOCK.finditer(HOW_TO.read_text(encoding="utf-8"))}


@pytest.fixture
def service(db: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The files where the page puts them, and the app made ready as Django would."""
    for path, text in files().items():
        target = (home().own_policy if path.startswith("policy/") else tmp_path) / path.removeprefix("policy/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    monkeypatch.setattr(capabilities, "__path__", [*capabilities.__path__, str(tmp_path / "capabilities")])
    from importlib import import_module

    module = import_module(f"{PACKAGE}.apps")
    module.Config(PACKAGE, import_module(PACKAGE)).ready()
    try:
        yield import_module(f"{PACKAGE}.workflow").STERILE_SUPPLY
    finally:
        _forget()


def _forget() -> None:
    for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
        del sys.modules[name]
    bindings._bound.pop("sterile_supply", None)
    REGISTRY.workflows._found.pop("sterile_supply", None)  # type: ignore[attr-defined]  # taken back for the next test
    for path in (path for path in files() if path.startswith("policy/")):
        (home().own_policy / path.removeprefix("policy/")).unlink()


def test_it_is_about_a_hundred_lines() -> None:
    lines = [line for path, text in files().items() if path.endswith(".py") for line in text.splitlines() if line]
    assert 60 < len(lines) <= MOST_LINES


def test_the_declaration_is_a_closed_loop_with_a_diagram(service: Any) -> None:
    assert problems(service) == []
    assert 'state "灭菌不合格" as failed' in diagram(service)


def test_the_test_of_the_page_passes(service: Any) -> None:
    made: dict[str, Any] = {}
    exec(compile(files()["tests/spec/test_sterile_supply.py"], "test_sterile_supply.py", "exec"), made)
    tests = [run for name, run in made.items() if name.startswith("test_")]
    assert tests
    for run in tests:
        run()


def test_a_pack_goes_its_way_on_the_derived_pages_and_an_expired_one_does_not(service: Any) -> None:
    draw_county()
    resident("R1")
    member = browser(account("clinician", ("clinician", "institution", "T1")))
    centre = browser(account("technician", ("technician", "institution", "H1")))
    opened = member.post("/work/new/sterile_supply/", {"institution": "T1", "counterpart": "H1", "packs": "3"})
    case = Case.objects.get()
    assert opened["Location"] == f"/work/{case.pk}/"
    assert case.due_at == case.opened_at + timedelta(hours=24), "the rule of the page"

    def step(client: Any, name: str, **said: str) -> Any:
        case.refresh_from_db()
        data = {f"{name}-{field}": value for field, value in said.items()}
        return client.post(f"/work/{case.pk}/steps/{name}/", {"version": case.version, **data})

    assert case.pk in source_of(centre.get("/work/"))
    assert step(centre, "collect").status_code == 302
    long_ago = (clock.today() - timedelta(days=15)).isoformat()
    step(centre, "sterilise", batch="B7", sterilised_on=long_ago, method="steam")
    refused = source_of(centre.get(f"/work/{case.pk}/"))
    assert "过期" in refused
    assert "sterile_supply.shelf_life" in refused
    assert step(centre, "deliver").status_code == 409
    Case.objects.update(payload={"packs": 3, "batch": "B7", "sterilised_on": clock.today().isoformat()})
    assert step(centre, "deliver").status_code == 302
    page = source_of(member.get(f"/work/{case.pk}/"))
    for word in ("消毒供应", "已发放", "灭菌批次", "B7", "压力蒸汽", "使用"):
        assert word in page


def test_the_rest_of_what_the_page_promises_is_there(service: Any) -> None:
    draw_county()
    member = browser(account("clinician", ("clinician", "institution", "T1")))
    manager = account("manager", ("manager", "institution", "T1"))
    said = {"workflow": "sterile_supply", "request_id": "r", "institution_id": "T1", "counterpart_id": "H1"}
    answer = member.post("/api/work/cases", {**said, "data": {"packs": 2}}, content_type="application/json")
    assert answer.status_code == 201
    document = member.get("/api/work/openapi.json").json()
    assert document["components"]["schemas"]["sterile_supply.sterilise"]["required"] == [
        "batch", "sterilised_on", "method"]  # fmt: skip
    assert "已申领" in source_of(member.get("/work/statistics/", {"workflow": "sterile_supply"}))
    assert escalate_overdue(at=clock.now() + timedelta(days=2)) == 1
    assert Notice.objects.filter(kind="overdue", user=manager).count() == 1
