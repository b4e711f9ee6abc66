"""Who may import whom, beyond the floors and rooms that the import contracts hold."""

from functools import cache

import grimp
import pytest

PURE_ROOMS = ("workflow", "decisions", "facts", "indicators", "reading")
IMPURE = ("django", "duckdb", "pyspark", "ninja")
CAPABILITIES = "yigongti.capabilities."


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        "yigongti", include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


def parts(module: str) -> list[str]:
    return module.removeprefix(CAPABILITIES).split(".")


def capability_modules() -> list[str]:
    return [module for module in graph().modules if module.startswith(CAPABILITIES)]


def test_capabilities_meet_only_through_each_others_api():
    astray = [
        f"{source} → {target}"
        for source in capability_modules()
        for target in graph().find_modules_directly_imported_by(source)
        if target.startswith(CAPABILITIES)
        and parts(target)[0] != parts(source)[0]
        and (len(parts(target)) < 2 or parts(target)[1] != "api")
    ]
    assert astray == []


@pytest.mark.parametrize("impure", IMPURE)
def test_judgement_is_pure(impure):
    """A pure room reaches neither Django nor an engine, not even through another module."""
    if impure not in graph().modules:
        pytest.skip(f"nothing imports {impure}")
    rooms = [m for m in capability_modules() if len(parts(m)) > 1 and parts(m)[1] in PURE_ROOMS]
    rooms += [m for m in graph().modules if m.startswith("yigongti.kernel.")]
    chains = {room: graph().find_shortest_chain(room, impure) for room in rooms}
    assert {room: chain for room, chain in chains.items() if chain} == {}


def test_no_module_imports_in_a_circle():
    cycles = [
        (source, target)
        for source in graph().modules
        if source.startswith("yigongti.")
        for target in graph().find_modules_directly_imported_by(source)
        if target.startswith("yigongti.")
        and source < target
        and graph().direct_import_exists(importer=target, imported=source)
    ]
    assert cycles == []
