"""Loading again: the same file changes nothing, a later one replaces and the earlier version stays in the history."""

from pathlib import Path

import pytest
from tests.files.offices import brought, charge, counts, csv_file, exam, identity, in_lake, institution, resident, visit

from yigongti.analytics import lake
from yigongti.exchange.files.quarantine.selectors import waiting
from yigongti.spine.people.models import Identity, Resident
from yigongti.spine.places.models import Institution
from yigongti.spine.record.models import Entry
from yigongti.spine.record.selectors import counts as entries
from yigongti.spine.record.selectors import timeline

pytestmark = [pytest.mark.django_db, pytest.mark.store]


def test_the_same_file_twice_changes_nothing(county: Path) -> None:
    rows = [visit(i) for i in range(1, 50)] + [visit(50, kind="?")]
    assert counts(brought(csv_file(county / "visit.csv", rows))) == (49, 0, 0, 1)
    before = in_lake("visit"), lake.paths("visit"), lake.facts_as_of("visit"), Entry.objects.count()
    assert counts(brought(county / "visit.csv")) == (0, 0, 49, 1)
    assert (in_lake("visit"), lake.paths("visit"), lake.facts_as_of("visit"), Entry.objects.count()) == before
    assert waiting().count() == 1


def test_a_later_file_replaces_the_row_and_the_earlier_version_stays_in_the_history(county: Path) -> None:
    brought(csv_file(county / "visit.csv", [visit(i) for i in range(1, 20)]))
    moved = visit(5, day="2025-11-30", department="中医科", tcm="1")
    assert counts(brought(csv_file(county / "visit.csv", [moved, visit(6), visit(99)]))) == (1, 1, 1, 0)
    assert len(in_lake("visit")) == 20
    earlier, now = lake.history("visit", ["V5"])
    assert (earlier.row["department"], now.row["department"]) == ("全科", "中医科")
    assert earlier.replaced_at is not None
    assert now.replaced_at is None


def test_a_replaced_visit_moves_in_the_resident_s_record(county: Path) -> None:
    brought(csv_file(county / "visit.csv", [visit(5), visit(12)]))
    brought(csv_file(county / "visit.csv", [visit(5, resident_id="R8", day="2025-03-01")]))
    assert [item.key for item in timeline("R5")] == ["V12"]
    assert [(item.key, item.day.isoformat()) for item in timeline("R8")] == [("V5", "2025-03-01")]


def test_three_versions_are_kept_in_order(county: Path) -> None:
    for department in ("甲科", "乙科", "丙科"):
        brought(csv_file(county / "visit.csv", [visit(1, department=department)]))
    assert [version.row["department"] for version in lake.history("visit", ["V1"])] == ["甲科", "乙科", "丙科"]


def test_master_data_are_overwritten_in_the_store(county: Path) -> None:
    brought(csv_file(county / "resident.csv", [resident(1), resident(2)]))
    brought(csv_file(county / "resident.csv", [resident(1, insured_as="职工医保", key_groups="diabetes")]))
    one, two = Resident.objects.order_by("pk")
    assert (one.insured_as, one.key_groups, two.key_groups) == ("employee", ["diabetes"], ["elderly", "hypertension"])
    brought(csv_file(county / "institution.csv", [institution(1, name="改名卫生院", parent_id="I2")]))
    assert Institution.objects.get(pk="I1").parent_id == "I2"


def test_names_are_sealed_in_the_store_and_absent_from_the_lake(county: Path) -> None:
    assert counts(brought(csv_file(county / "identity.csv", [identity(1), identity(2)]))) == (2, 0, 0, 0)
    assert counts(brought(county / "identity.csv")) == (0, 0, 2, 0)
    assert counts(brought(csv_file(county / "identity.csv", [identity(1, name="张秀蘭"), identity(2)]))) == (0, 1, 1, 0)
    assert Identity.objects.get(pk="R1").name == "张秀蘭"
    assert lake.paths("identity") == []
    assert [version.row["name"] for version in lake.history("identity", ["R1"])] == ["张秀兰"]


def test_no_name_is_left_in_the_clear_anywhere_in_the_data_directory(county: Path) -> None:
    from yigongti.spine.home import home

    brought(csv_file(county / "identity.csv", [identity(1), identity(2, name="")]))
    brought(csv_file(county / "identity.csv", [identity(1, phone="13900000002")]))
    assert waiting().get().original["id_number"] == "500113196005010021"
    files = [path for path in home().path.rglob("*") if path.is_file()]
    clear = [path for path in files for word in ("张秀兰", "500113196005010021") if word.encode() in path.read_bytes()]
    assert clear == []


def test_only_the_months_of_replaced_rows_are_written_anew(county: Path) -> None:
    brought(csv_file(county / "visit.csv", [visit(i) for i in range(1, 25)]))
    before = set(lake.paths("visit"))
    brought(csv_file(county / "visit.csv", [visit(5, department="内科")]))
    gone = before - set(lake.paths("visit"))
    assert [Path(path).parent.name for path in gone] == ["2025-06"]


def test_compacting_keeps_every_row_and_leaves_one_part_a_month(county: Path) -> None:
    for first in (1, 13, 25):
        brought(csv_file(county / "visit.csv", [visit(i) for i in range(first, first + 12)]))
    before = in_lake("visit")
    assert lake.compact("visit") == 36
    assert in_lake("visit") == before
    assert len(lake.paths("visit")) == 12
    assert counts(brought(county / "visit.csv")) == (0, 0, 12, 0)


def test_live_facts_appended_twice_are_there_once(county: Path) -> None:
    from datetime import UTC, datetime

    import pyarrow as pa

    at = datetime(2025, 3, 31, 18, 0, tzinfo=UTC)
    step = {
        "case_id": "C1", "at": at, "step": "accept", "workflow": "referral", "from_state": "sent",
        "to_state": "accepted", "institution_id": "I1", "role": "referral_desk", "due_at": None, "late": False,
    }  # fmt: skip
    rows = pa.Table.from_pylist([step])
    assert (lake.append("case_step", rows).loaded, lake.append("case_step", rows).unchanged) == (1, 1)
    assert [Path(path).parent.name for path in lake.paths("case_step")] == ["2025-04"], "the county's month"
    assert lake.row_counts()["case_step"] == 1


def test_the_record_of_a_resident_groups_prescriptions_and_measurements(county: Path) -> None:
    lines = [
        {"prescription_id": "X1", "line": str(line), "resident_id": "R1", "institution_id": "I1", "prescriber_id": "S1",
         "day": "2025-03-01", "drug_code": f"D{line}", "drug_name": "氨氯地平", "dose": "5", "dose_unit": "mg",
         "route": "口服", "frequency": "qd", "days": "30", "quantity": "30", "dx": "I10", "kind": "western",
         "long_term": "1", "reviewed": "auto_pass"}
        for line in (1, 2)
    ]  # fmt: skip
    measured = [
        {"resident_id": "R1", "code": code, "at": "2025-03-01T07:50:00+08:00", "institution_id": "I1", "value": value,
         "unit": "mmHg", "source": "home"}
        for code, value in (("sbp", "151"), ("dbp", "93"))
    ]  # fmt: skip
    for name, rows in (
        ("prescription_line", lines),
        ("measurement", measured),
        ("charge", [charge(1)]),
        ("exam", [exam(1)]),
    ):
        assert brought(csv_file(county / f"{name}.csv", rows)).loaded == len(rows)
    shown = {item.table: item for item in timeline("R1")}
    assert list(shown) == ["measurement", "prescription_line", "exam"], "charges are read from the lake"
    assert [line["drug_code"] for line in shown["prescription_line"].lines] == ["D1", "D2"]
    assert sorted(line["value"] for line in shown["measurement"].lines) == [93.0, 151.0]
    assert shown["exam"].facts["ordered_at"] == "2025-02-15 08:30:00+08"
    assert entries("R1") == {"exam": 1, "measurement": 2, "prescription_line": 2}
