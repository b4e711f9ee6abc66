"""FHIR R4 in: what is read, what is refused and why, what has no home and is counted by name."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest

from yigongti.exchange.fhir.checking import check, strict_problem
from yigongti.exchange.fhir.mapping import Intake
from yigongti.exchange.fhir.reading import is_fhir, resources
from yigongti.kernel.errors import FileRefused

SHARED = Path(__file__).parents[3] / "shared" / "data" / "fhir"

PATIENT = {"resourceType": "Patient", "id": "p1", "name": [{"family": "陈", "given": ["小云"]}], "gender": "female",
           "birthDate": "1950-06-30", "telecom": [{"system": "phone", "value": "000-1234"}]}  # fmt: skip
CLINIC = {"resourceType": "Organization", "id": "o1", "name": "云溪镇卫生院",
          "type": [{"coding": [{"system": "urn:kind", "code": "township_center"}]}]}  # fmt: skip
STAY = {
    "resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "IMP"},
    "subject": {"reference": "Patient/p1"}, "serviceProvider": {"reference": "Organization/o1"},
    "period": {"start": "2025-06-29T08:00:00+08:00", "end": "2025-07-04T10:00:00+08:00"},
}  # fmt: skip
PNEUMONIA = {
    "resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"},
    "encounter": {"reference": "Encounter/e1"}, "recordedDate": "2025-06-29T09:00:00+08:00",
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "233604007"},
                        {"system": "http://hl7.org/fhir/sid/icd-10", "code": "J18.9", "display": "肺炎"}]},
}  # fmt: skip


def loinc(code: str) -> dict:
    return {"coding": [{"system": "http://loinc.org", "code": code}]}


def millimetres(value: int) -> dict:
    return {"value": value, "code": "mm[Hg]"}


PRESSURE = {
    "resourceType": "Observation", "id": "b1", "status": "final", "subject": {"reference": "Patient/p1"},
    "effectiveDateTime": "2025-07-01T08:30:00+08:00", "code": loinc("85354-9"),
    "component": [
        {"code": loinc("8480-6"), "valueQuantity": millimetres(142)},
        {"code": loinc("8462-4"), "valueQuantity": millimetres(88)},
    ],
}  # fmt: skip


@pytest.fixture
def ndjson(tmp_path):
    def write(*lines: object) -> Path:
        path = tmp_path / "export.ndjson"
        texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        path.write_text("\n".join(texts) + "\n", encoding="utf-8")
        return path

    return write


def read(path: Path) -> pa.Table:
    return pa.concat_tables(list(resources(path)))


def rows_of(good: pa.Table) -> tuple[dict[str, list[dict]], dict[str, int]]:
    """Rows by fact table, and what has no home."""
    with TemporaryDirectory() as folder:
        intake = Intake(Path(folder))
        intake.take(good)
        homeless = intake.finish()
        found: dict[str, list[dict]] = {}
        for table, file in intake.tables():
            batches = intake.rows(table, file=file)
            found.setdefault(table, []).extend(row for batch in batches for row in batch.to_pylist())
        intake.close()
    return found, homeless


def facts(path: Path) -> tuple[dict[str, list[dict]], dict[str, int]]:
    return rows_of(check(read(path)).good)


def test_a_hospital_stay_takes_its_diagnoses_age_and_days_from_the_resources_around_it(ndjson):
    found, _ = facts(ndjson(PATIENT, CLINIC, STAY, PNEUMONIA))
    [stay] = found["stay"]
    assert (stay["resident_id"], stay["institution_id"]) == ("p1", "o1")
    assert (str(stay["admitted_on"]), str(stay["discharged_on"])) == ("2025-06-29", "2025-07-04")
    assert stay["dx"] == ["J18.9"]
    assert stay["age_years"] == 74


def test_what_fhir_does_not_say_stays_null_and_is_never_an_invented_zero(ndjson):
    found, _ = facts(ndjson(PATIENT, CLINIC, STAY))
    assert "total_fen" not in found["stay"][0]
    assert "insured_as" not in found["resident"][0]


def test_an_institution_kind_of_our_own_code_is_kept_and_another_is_not_guessed(ndjson):
    plain = {**CLINIC, "id": "o2", "type": [{"coding": [{"code": "prov"}]}]}
    found, _ = facts(ndjson(CLINIC, plain))
    assert [row["kind"] for row in found["institution"]] == ["township_center", None]


def test_names_and_phones_go_to_the_identity_table_only(ndjson):
    found, _ = facts(ndjson(PATIENT))
    assert found["identity"][0]["name"] == "陈小云"
    assert "name" not in found["resident"][0]


def test_a_blood_pressure_panel_becomes_two_measurements_in_our_units(ndjson):
    found, _ = facts(ndjson(PATIENT, PRESSURE))
    assert [(row["code"], row["value"], row["unit"]) for row in found["measurement"]] == [
        ("sbp", 142.0, "mmHg"),
        ("dbp", 88.0, "mmHg"),
    ]


def test_pounds_become_kilograms_and_a_value_without_known_unit_is_counted_not_guessed(ndjson):
    weight = {"resourceType": "Observation", "id": "w1", "status": "final", "subject": {"reference": "Patient/p1"},
              "effectiveDateTime": "2025-07-01T08:30:00+08:00",
              "code": loinc("29463-7"),
              "valueQuantity": {"value": 100, "code": "[lb_av]"}}  # fmt: skip
    stone = {**weight, "id": "w2", "valueQuantity": {"value": 10, "code": "[stone_av]"}}
    found, homeless = facts(ndjson(weight, stone))
    assert [row["value"] for row in found["measurement"]] == [45.3592]
    assert homeless["Observation:不是数据字典里的体征,或单位不认识"] == 1


def test_a_cancelled_encounter_is_no_fact_and_is_counted(ndjson):
    found, homeless = facts(ndjson(PATIENT, CLINIC, {**STAY, "status": "cancelled"}))
    assert "stay" not in found
    assert homeless == {"已取消、作废或未发生的记录": 1}


def test_a_stay_not_yet_ended_waits_and_is_counted(ndjson):
    open_stay = {**STAY, "status": "in-progress", "period": {"start": "2025-06-29T08:00:00+08:00"}}
    found, homeless = facts(ndjson(PATIENT, CLINIC, open_stay))
    assert "stay" not in found
    assert homeless == {"Encounter:尚未出院的住院": 1}


def test_a_type_without_a_home_is_counted_by_name(ndjson):
    checked = check(
        read(ndjson({"resourceType": "Device", "id": "d1"}, {"resourceType": "Device", "id": "d2"}, PATIENT))
    )
    assert checked.homeless == {"Device": 2}
    assert checked.good.num_rows == 1


@pytest.mark.parametrize(
    ("wrong", "element"),
    [
        ({**PATIENT, "gender": "女"}, "gender"),
        ({**PATIENT, "birthDate": "1950-13-01"}, "birthDate"),
        ({**PATIENT, "favouriteColour": "red"}, "favouriteColour"),
        ({**PATIENT, "name": {"family": "陈"}}, "name"),
        ({key: value for key, value in PATIENT.items() if key != "birthDate"}, "birthDate"),
        ({key: value for key, value in STAY.items() if key != "subject"}, "subject"),
        ({**STAY, "status": "done"}, "status"),
    ],
)
def test_a_resource_that_breaks_the_standard_is_refused_with_its_line_and_element(ndjson, wrong, element):
    checked = check(read(ndjson(CLINIC, wrong)))
    [odd] = checked.odd
    assert (Path(odd.file).name, odd.line) == ("export.ndjson", 2)
    assert odd.element.startswith(element)
    assert json.loads(odd.body) == wrong
    assert checked.good.num_rows == 1


def test_a_line_that_is_no_json_is_refused_and_the_others_are_read(ndjson):
    checked = check(read(ndjson(PATIENT, '{"resourceType": "Patient", "id":', CLINIC)))
    assert [(odd.line, odd.element) for odd in checked.odd] == [(2, "resourceType")]
    assert checked.good.num_rows == 2


def test_a_bundle_and_a_single_resource_are_read_like_lines(tmp_path):
    bundle = tmp_path / "bundle.json"
    bundle.write_text(
        json.dumps(
            {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": PATIENT}, {"resource": CLINIC}]}
        )
    )
    single = tmp_path / "patient.json"
    single.write_text(json.dumps(PATIENT))
    assert read(bundle).num_rows == 2
    assert read(single).num_rows == 1
    assert is_fhir(bundle)
    assert is_fhir(single)


def test_facts_in_ndjson_are_not_taken_for_fhir(tmp_path):
    path = tmp_path / "visit.ndjson"
    path.write_text('{"visit_id": "v1"}\n')
    assert not is_fhir(path)


@pytest.mark.parametrize(
    ("name", "content"), [("a.ndjson", b""), ("a.json", b'{"resourceType": '), ("b.ndjson", b"\xff\xfe\x00bad")]
)
def test_a_file_that_cannot_be_read_is_refused_whole(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileRefused):
        check(read(path))


needs_samples = pytest.mark.skipif(not SHARED.is_dir(), reason=f"没有样例数据 {SHARED},跳过")


@needs_samples
def test_ten_synthetic_patients_come_in_whole():
    raw = pa.concat_tables(
        [block for path in sorted((SHARED / "synthea-10").glob("*.ndjson")) for block in resources(path)]
    )
    checked = check(raw)
    tables, homeless = rows_of(checked.good)
    counts = {name: len(rows) for name, rows in tables.items()}
    assert checked.odd == []
    assert checked.homeless == {"Device": 16}
    assert homeless == {"Location:没有所属机构": 1}
    assert counts["visit"] + counts["stay"] == 1215
    assert (counts["resident"], counts["institution"], counts["staff"]) == (13, 43, 43)
    assert (counts["condition"], counts["procedure"], counts["prescription_line"]) == (555, 2056, 1745)
    assert (counts["immunization"], counts["allergy"]) == (161, 11)


@needs_samples
def test_the_standards_own_examples_pass_or_are_refused_as_the_strict_models_say():
    for path in sorted((SHARED / "hl7-r4-examples").glob("*.json")):
        checked = check(read(path))
        for odd in checked.odd:
            assert strict_problem(odd.kind, odd.body) is not None or odd.reason.startswith("缺少"), path.name
