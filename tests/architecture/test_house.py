"""What an import linter cannot see: sizes, names, the one clock, foreign keys, nothing that must not be committed."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "yigongti"
ROOMS = {"workflow", "decisions", "facts", "indicators", "models", "services", "selectors", "api", "web"}
BESIDE_ROOMS = {
    "__init__",
    "apps",
    "migrations",
    "templates",
    "templatetags",
    "static",
    "reading",
    "locale",
    "__pycache__",
}


def modules() -> list[Path]:
    return [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]


def functions() -> Iterator[tuple[str, int]]:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_no_function_is_longer_than_sixty_lines_and_the_median_is_at_most_eight():
    sizes = dict(functions())
    assert {name: size for name, size in sizes.items() if size > 60} == {}
    assert median(sizes.values()) <= 8


def test_nine_functions_in_ten_have_at_most_thirty_lines():
    sizes = sorted(size for _, size in functions())
    assert sizes[len(sizes) * 9 // 10] <= 30


def test_no_file_is_longer_than_five_hundred_lines():
    code = [path for folder in ("src", "tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in code}
    assert {name: size for name, size in lengths.items() if size > 500 and "migrations" not in name} == {}


def test_no_module_is_named_for_nothing_in_particular():
    nameless = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
    assert [path for path in modules() if path.stem in nameless] == []


def test_only_the_kernel_clock_asks_the_machine_for_the_time():
    asks = re.compile(r"\bdatetime\.(now|today|utcnow)\(|\bdate\.today\(|timezone\.(now|localdate)\(")
    found = [path for path in modules() if asks.search(path.read_text(encoding="utf-8"))]
    assert [str(path.relative_to(SOURCE)) for path in found] == ["kernel/clock.py"]


def test_business_flow_never_hides_in_signals():
    hidden = re.compile(r"django\.db\.models\.signals|@receiver\b")
    assert [path for path in modules() if hidden.search(path.read_text(encoding="utf-8"))] == []


def test_a_capability_has_only_the_rooms_of_the_house():
    folders = [path for path in (SOURCE / "capabilities").iterdir() if path.is_dir() and path.name != "__pycache__"]
    strange = [
        f"{folder.name}/{entry.name}"
        for folder in folders
        for entry in folder.iterdir()
        if entry.stem not in ROOMS | BESIDE_ROOMS
    ]
    assert strange == []


@pytest.mark.django_db
def test_foreign_keys_point_to_own_models_or_to_the_spine():
    from django.apps import apps

    astray = [
        f"{model.__module__}.{model.__name__}.{field.name} → {field.related_model.__module__}"
        for model in apps.get_models()
        if model.__module__.startswith("yigongti.")
        for field in model._meta.get_fields()
        if getattr(field, "many_to_one", False) and field.concrete and field.related_model is not None
        if not _may_point(model.__module__, field.related_model.__module__)
    ]
    assert astray == []


def _may_point(source: str, target: str) -> bool:
    own = source.rsplit(".models", 1)[0]
    return target.startswith((own, "yigongti.spine.", "django.contrib."))


def test_no_form_or_schema_can_write_a_state():
    writes = re.compile(r"fields\s*=\s*.*[\"'](state|status)[\"']|fields\s*=\s*[\"']__all__[\"']")
    forms = [path for path in modules() if "web" in path.parts or path.stem in {"forms", "api"}]
    assert [path for path in forms if writes.search(path.read_text(encoding="utf-8"))] == []


def committed() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def test_no_committed_file_names_a_package_registry():
    hosts = re.compile(
        "|".join(["pypi" + r"\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs", "npmjs" + r"\.org"])
    )
    texts = [path for path in committed() if path.suffix not in {".png", ".jpg", ".gz", ".mo", ".woff2"}]
    assert [path for path in texts if hosts.search(path.read_text(encoding="utf-8", errors="ignore"))] == []
