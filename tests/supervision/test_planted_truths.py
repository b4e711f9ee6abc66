"""What was planted in the demonstration county is found: precision at least 0.8, recall at least 0.9, kind by kind."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from supervision.conftest import Planted, planted

PRECISION, RECALL = 0.8, 0.9
Truth = Callable[[Mapping[str, Any]], set[str]]


def _pairs(name: str) -> Truth:
    return lambda truths: {"+".join(sorted(pair)) for pair in truths[name]["pairs"]}


TRUTHS: Mapping[str, tuple[str, Truth]] = {
    "split_admissions": ("split_admission", _pairs("split_admissions")),
    "overlapping_stays": ("overlapping_stays", _pairs("overlapping_stays")),
    "upcoding": ("upcoding", lambda truths: {each["stay_id"] for each in truths["upcoding"]["stays"]}),
    "repeated_exams": ("repeated_exam", lambda truths: {pair[1] for pair in truths["repeated_exams"]["pairs"]}),
    "visits_after_death": (
        "visit_after_death", lambda truths: {f"visit:{each}" for each in truths["visits_after_death"]["visit_ids"]},
    ),
    "duplicate_charges": ("repeated_charge", lambda truths: set(truths["duplicate_charges"]["charge_ids"])),
    "gender_conflict_charges": ("sex_limit", lambda truths: set(truths["gender_conflict_charges"]["charge_ids"])),
    "over_limit_charges": ("over_limit_charge", lambda truths: set(truths["over_limit_charges"]["charge_ids"])),
    "exploding_outpatient_cost": (
        "outpatient_cost_growth", lambda truths: {truths["exploding_outpatient_cost"]["institution_id"]},
    ),
}  # fmt: skip
"""Kind of truth → the detector that is to find it, and what it is to find."""


def _found(county: Planted, detector: str) -> set[str]:
    """What a detector found, in the words of the truth."""
    if detector == "over_limit_charge":
        return {row.partition(":")[2] for rows in county.hits(detector)["evidence"].to_pylist() for row in rows}
    if detector == "outpatient_cost_growth":
        return set(county.hits(detector)["institution_id"].to_pylist())
    found = county.subjects(detector)
    return {"+".join(sorted(each.split("+"))) for each in found} if detector == "overlapping_stays" else found


@pytest.fixture(scope="module", params=[(2_000, 1), (20_000, 2)], ids=lambda p: f"{p[0]}-{p[1]}")
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    residents, seed = request.param
    folder: Path = tmp_path_factory.mktemp(f"county-{residents}-{seed}")
    return planted(folder, residents=residents, seed=seed)


@pytest.mark.parametrize("kind", TRUTHS)
def test_what_was_planted_is_found_and_little_else(county, kind, capsys):
    detector, truth = TRUTHS[kind]
    expected, found = truth(county.truths), _found(county, detector)
    precision = len(expected & found) / max(len(found), 1)
    recall = len(expected & found) / len(expected)
    with capsys.disabled():
        print(f"\n{kind:28} planted {len(expected):4} found {len(found):4} P={precision:.3f} R={recall:.3f}", end=" ")
    assert expected, f"nothing of the kind {kind} was planted"
    assert precision >= PRECISION
    assert recall >= RECALL


def test_every_hit_comes_with_the_rows_that_prove_it(county):
    named = {row for each in county.screened.found for rows in each.hits["evidence"].to_pylist() for row in rows}
    assert named
    assert named == set(county.screened.evidence)
