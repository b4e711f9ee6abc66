"""Mend and reload: what was refused stays whole, goes out as a CSV, comes back mended, and is settled."""

from pathlib import Path

import pytest
from tests.files.offices import brought, counts, csv_file, in_lake, institution, visit

from yigongti.exchange.files.models import QuarantinedRow
from yigongti.exchange.files.quarantine.mending import export
from yigongti.exchange.files.quarantine.selectors import quarantined, tallies, waiting
from yigongti.exchange.files.quarantine.settling import discard
from yigongti.kernel.errors import Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.store]


def mended(path: Path, *changes: tuple[str, str]) -> Path:
    text = path.read_text(encoding="utf-8-sig")
    for wrong, right in changes:
        assert wrong in text
        text = text.replace(wrong, right)
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_a_mended_row_loads_and_its_quarantined_row_is_settled(county: Path) -> None:
    brought(csv_file(county / "visit.csv", [visit(1), visit(2, day="2025-13-01"), visit(3, tcm="?")]))
    (out,) = export(to=county / "mend")
    assert counts(brought(mended(out, ("2025-13-01", "2025-12-01"), (",?,", ",0,")))) == (2, 0, 0, 0)
    assert waiting().count() == 0
    assert set(QuarantinedRow.objects.values_list("state", flat=True)) == {QuarantinedRow.MENDED}
    assert len(in_lake("visit")) == 3


def test_a_row_that_is_still_wrong_is_quarantined_anew_and_the_first_one_kept(county: Path) -> None:
    brought(csv_file(county / "visit.csv", [visit(2, day="2025-13-01")]))
    (out,) = export(to=county / "mend")
    assert counts(brought(mended(out, ("2025-13-01", "2025-14-01")))) == (0, 0, 0, 1)
    first, second = QuarantinedRow.objects.all()
    assert (first.state, first.value, second.state, second.value) == ("replaced", "2025-13-01", "open", "2025-14-01")


def test_loading_the_mended_original_file_settles_by_key(county: Path) -> None:
    brought(csv_file(county / "visit.csv", [visit(1), visit(2, day="?")]))
    assert counts(brought(csv_file(county / "visit.csv", [visit(1), visit(2)]))) == (1, 0, 1, 0)
    assert waiting().count() == 0
    assert "带来了这一主键的新数据" in quarantined(QuarantinedRow.objects.get().pk).settled_why


def test_rows_refused_for_an_unknown_institution_load_once_it_is_known(county: Path) -> None:
    assert counts(brought(csv_file(county / "visit.csv", [visit(1, institution_id="I9")]))) == (0, 0, 0, 1)
    brought(csv_file(county / "institution.csv", [institution(9)]))
    assert counts(brought(csv_file(county / "visit.csv", [visit(1, institution_id="I9")]))) == (1, 0, 0, 0)
    assert waiting().count() == 0


def test_a_row_without_columns_goes_out_with_its_text_and_comes_back_filled_in(county: Path) -> None:
    text = ",".join(visit()) + "\n" + ",".join(visit(1).values()) + "\nV2,R2,I1\n"
    (county / "visit.csv").write_text(text, encoding="utf-8")
    assert counts(brought(county / "visit.csv")) == (1, 0, 0, 1)
    assert waiting().get().original == {"": "V2,R2,I1"}
    (out,) = export(to=county / "mend")
    assert "V2,R2,I1" in out.read_text(encoding="utf-8-sig")
    assert brought(out).rows == 0
    assert waiting().count() == 1, "an export that nobody filled in settles nothing"
    header, row = out.read_text(encoding="utf-8-sig").splitlines()
    number = row.split(",")[0]
    out.write_text(f"{header}\n{number},{','.join(visit(2).values())},,\n", encoding="utf-8")
    assert counts(brought(out)) == (1, 0, 0, 0)
    assert waiting().count() == 0


def test_a_repeated_row_stays_until_somebody_gives_it_up(county: Path) -> None:
    brought(csv_file(county / "visit.csv", [visit(1), visit(1, department="内科")]))
    brought(county / "visit.csv")
    assert waiting().count() == 1
    assert discard([waiting().get().pk], by="bureau1", why="重复登记") == 1
    assert QuarantinedRow.objects.get().settled_why == "重复登记"
    brought(county / "visit.csv")
    assert waiting().count() == 0, "a row given up does not come back with the same file"


def test_the_quarantine_is_counted_by_table_and_rule(county: Path) -> None:
    brought(csv_file(county / "visit.csv", [visit(1, day="?"), visit(2, day="!"), visit(3, total_fen="1")]))
    assert [(tally.table, tally.rule, tally.rows, tally.files) for tally in tallies()] == [
        ("visit", "kind", 2, 1),
        ("visit", "sum", 1, 1),
    ]


def test_nothing_to_export_is_said(county: Path) -> None:
    with pytest.raises(Refusal, match="隔离区没有符合条件的待处理行"):
        export(table="visit", to=county)
    with pytest.raises(Refusal, match="隔离区没有 7 号"):
        quarantined(7)
