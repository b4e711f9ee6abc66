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


def bundle(path: Path, *entries: dict) -> Path:
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": list(entries)}))
    return path


CENTRE = {"resourceType": "Organization", "id": "centre", "name": "Centre"}
SOMEBODY = {"resourceType": "Patient", "id": "somebody", "gender": "male", "birthDate": "1950-06-30"}
ADMITTED = {
    "resourceType": "Encounter", "id": "stay-1", "status": "finished", "class": {"code": "IMP"},
    "subject": {"reference": "urn:uuid:aa"}, "serviceProvider": {"reference": "urn:uuid:bb"},
    "period": {"start": "2025-03-04T08:00:00+08:00", "end": "2025-03-09T08:00:00+08:00"},
}  # fmt: skip


def test_in_a_bundle_an_entry_s_full_url_stands_for_its_id_and_is_one_where_there_is_none(tmp_path):
    nameless = {name: value for name, value in CENTRE.items() if name != "id"}
    entries = [(SOMEBODY, "aa"), (nameless, "bb"), (ADMITTED, "cc")]
    path = bundle(tmp_path / "b.json", *({"fullUrl": f"urn:uuid:{u}", "resource": each} for each, u in entries))
    report = take_in([path])
    assert (report.exit_code, rows_in_lake("stay")) == (0, 1)
    assert set(Institution.objects.values_list("pk", flat=True)) == {"bb"}
    assert pq.read_table(paths("stay")[0])["resident_id"].to_pylist() == ["somebody"]


def test_a_patient_that_comes_twice_does_not_double_the_stays(tmp_path):
    path = tmp_path / "all.ndjson"
    stay = ADMITTED | {"subject": {"reference": "Patient/somebody"}, "serviceProvider": {"reference": "#centre"}}
    path.write_text("\n".join(json.dumps(each) for each in (CENTRE, SOMEBODY, SOMEBODY, stay)))
    report = take_in([path])
    assert report.exit_code == 3
    assert rows_in_lake("stay") == 1


def test_an_organization_that_every_bundle_repeats_is_the_last_file_s(tmp_path):
    files = [
        bundle(tmp_path / f"{n}.json", {"resource": CENTRE | {"name": n}}, {"resource": SOMEBODY | {"id": n}})
        for n in "ab"
    ]
    report = take_in(files)
    assert report.exit_code == 0
    assert Institution.objects.get().name == "b"
    assert Resident.objects.count() == 2
    assert any("以后面的为准:1 个" in note for file in report.files for note in file.notes)


def test_a_file_of_nothing_that_has_a_home_says_what_it_held(tmp_path):
    (tmp_path / "Device.ndjson").write_text('{"resourceType": "Device", "id": "d1"}\n')
    (file,) = take_in([tmp_path / "Device.ndjson"]).files
    assert (file.rows, file.notes) == (0, ("Device:1 个,数据字典里没有位置,未装载", "没有可装载的数据"))
