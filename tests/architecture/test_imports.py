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


Arrows = dict[str, set[str]]


def circular(arrows: Arrows) -> set[str]:
    """Those from whom the arrows, any number of them, lead back to themselves: none are left over when whoever has
    no arrow, or only arrows to such, is taken away again and again — from either end."""
    left = {source: set(targets) & set(arrows) for source, targets in arrows.items()}
    while ends := set(left) - {source for source in left if left[source]} | set(left) - set().union(*left.values()):
        left = {source: targets - ends for source, targets in left.items() if source not in ends}
    return set(left)


def test_no_module_imports_in_a_circle():
    own = [module for module in graph().modules if module.startswith("yigongti.")]
    assert circular({module: graph().find_modules_directly_imported_by(module) for module in own}) == set()


def test_no_capability_needs_another_that_needs_it():
    arrows: Arrows = {}
    for source in capability_modules():
        targets = [each for each in graph().find_modules_directly_imported_by(source) if each.startswith(CAPABILITIES)]
        arrows.setdefault(parts(source)[0], set()).update({parts(each)[0] for each in targets} - {parts(source)[0]})
    assert circular(arrows) == set()


@pytest.mark.parametrize(
    ("arrows", "found"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, set()),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()}, {"a", "b", "c"}),
    ],
)
def test_a_circle_is_found_however_long_it_is(arrows, found):
    assert circular(arrows) == found
