"""FHIR through the one door: facts stored, refused resources whole in quarantine, nothing dropped silently."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from yigongti.analytics.lake import paths
from yigongti.exchange.files.models import QuarantinedRow
from yigongti.exchange.intake import take_in
from yigongti.spine.people.models import Resident
from yigongti.spine.places.models import Institution

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "fhir" / "synthea-10"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"没有样例数据 {SAMPLES},跳过"),
]


def rows_in_lake(table: str) -> int:
    return sum(pq.read_metadata(path).num_rows for path in paths(table))


def test_ten_patients_load_and_load_again_without_change():
    first = take_in([SAMPLES])
    assert first.exit_code == 0
    assert (Resident.objects.count(), Institution.objects.count()) == (13, 43)
    assert rows_in_lake("visit") + rows_in_lake("stay") == 1215
    assert any("Device:16 个" in note for file in first.files for note in file.notes)
    again = take_in([SAMPLES])
    assert sum(file.loaded + file.replaced for file in again.files) == 0
    assert sum(file.unchanged for file in again.files) == sum(file.loaded for file in first.files)


def test_a_refused_resource_lies_whole_in_quarantine_and_the_others_load(tmp_path):
    wrong = {"resourceType": "Patient", "id": "p1", "gender": "女", "birthDate": "1950-06-30"}
    right = {"resourceType": "Patient", "id": "p2", "gender": "female", "birthDate": "1951-06-30"}
    path = tmp_path / "Patient.ndjson"
    path.write_text(f"{json.dumps(wrong, ensure_ascii=False)}\n{json.dumps(right)}\n", encoding="utf-8")
    report = take_in([path])
    assert report.exit_code == 3
    row = QuarantinedRow.objects.get(file=str(path))
    assert (row.line, "gender" in row.reason) == (1, True)
    assert json.loads(row.original[""]) == wrong
    assert Resident.objects.filter(pk="p2").exists()
