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


def _ids(name: str, list_name: str = "charge_ids", prefix: str = "") -> Truth:
    return lambda truths: {f"{prefix}{each}" for each in truths[name][list_name]}


def _place(name: str) -> Truth:
    return lambda truths: {truths[name]["institution_id"]}


TRUTHS: Mapping[str, tuple[str, Truth]] = {
    "split_admissions": ("split_admission", _pairs("split_admissions")),
    "overlapping_stays": ("overlapping_stays", _pairs("overlapping_stays")),
    "upcoding": ("upcoding", lambda truths: {each["stay_id"] for each in truths["upcoding"]["stays"]}),
    "repeated_exams": ("repeated_exam", lambda truths: {pair[1] for pair in truths["repeated_exams"]["pairs"]}),
    "visits_after_death": ("visit_after_death", _ids("visits_after_death", "visit_ids", "visit:")),
    "charges_after_death": ("charge_after_death", _ids("charges_after_death")),
    "duplicate_charges": ("repeated_charge", _ids("duplicate_charges")),
    "gender_conflict_charges": ("sex_limit", _ids("gender_conflict_charges")),
    "age_conflict_charges": ("age_limit", _ids("age_conflict_charges")),
    "outpatient_monitoring_charges": ("setting_limit", _ids("outpatient_monitoring_charges")),
    "included_charges": ("included_charge", _ids("included_charges")),
    "swapped_charges": ("swapped_item", _ids("swapped_charges")),
    "over_limit_charges": ("over_limit_charge", _ids("over_limit_charges")),
    "over_prescribing": ("over_prescribing", _ids("over_prescribing", "prescription_lines")),
    "impossible_volume": ("impossible_volume", lambda truths: set(truths["impossible_volume"]["days"])),
    "cost_shifting": ("cost_shifting", _place("cost_shifting")),
    "exploding_outpatient_cost": ("outpatient_cost_growth", _place("exploding_outpatient_cost")),
}
"""Kind of truth → the detector that is to find it, and what it is to find."""

OF_INSTITUTIONS = ("outpatient_cost_growth", "cost_shifting")


def _found(county: Planted, detector: str) -> set[str]:
    """What a detector found, in the words of the truth."""
    hits = county.hits(detector)
    if detector == "over_limit_charge":
        return {row.partition(":")[2] for rows in hits["evidence"].to_pylist() for row in rows}
    if detector == "impossible_volume":
        return {day.isoformat() for day in hits["day"].to_pylist()}
    if detector in OF_INSTITUTIONS:
        return set(hits["institution_id"].to_pylist())
    found = county.subjects(detector)
    return {"+".join(sorted(each.split("+"))) for each in found} if detector == "overlapping_stays" else found


@pytest.fixture(scope="module", params=[(3_000, 2), (20_000, 2)], ids=lambda p: f"{p[0]}-{p[1]}")
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
