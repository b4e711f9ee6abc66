"""Grouping files: any format in, any format out, the id kept, bad input told where it is."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from yigongti.capabilities.payment.services.drg import drg_group
from yigongti.kernel.errors import FileRefused
from yigongti.site.command_line.main import app

CASES = [
    {"id": 7, "sex": "male", "age_years": 66, "birth_weight_g": None, "dx": ["I63.900", "J96.000"], "procedures": []},
    {"id": 8, "sex": "female", "age_years": 30, "birth_weight_g": None, "dx": ["K35.800"], "procedures": ["47.0100"]},
    {"id": 9, "sex": "female", "age_years": 30, "birth_weight_g": None, "dx": ["Z99.9xx", "I10.x00"], "procedures": []},
]
EXPECTED = ["BR21", "GD15", "XZ19"]


def lines(cases):
    return "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)


def written(folder: Path, name: str, cases=CASES) -> Path:
    path, flat = folder / name, [{**c, "dx": "|".join(c["dx"]), "procedures": "|".join(c["procedures"])} for c in cases]
    if ".jsonl" in name:
        path.write_bytes(gzip.compress(lines(cases).encode()) if name.endswith(".gz") else lines(cases).encode())
    elif name.endswith(".csv"):
        pyarrow.csv.write_csv(pa.Table.from_pylist(flat), path)
    else:
        pq.write_table(pa.Table.from_pylist(cases), path)
    return path


def read(path: Path) -> list[dict]:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    if path.suffix == ".csv":
        return pyarrow.csv.read_csv(path).to_pylist()
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.splitlines()]


@pytest.mark.parametrize("source", ["cases.jsonl", "cases.jsonl.gz", "cases.csv", "cases.parquet"])
@pytest.mark.parametrize("target", ["groups.jsonl", "groups.jsonl.gz", "groups.csv", "groups.parquet"])
def test_the_ending_says_the_format_and_every_format_gives_the_same_groups(tmp_path, source, target):
    done = drg_group(written(tmp_path, source), "county-core", tmp_path / target)
    rows = read(tmp_path / target)
    assert list(rows[0]) == ["id", "mdc", "adrg", "drg", "status", "reason"]
    assert [row["drg"] for row in rows] == EXPECTED
    assert [str(row["id"]) for row in rows] == ["7", "8", "9"]
    assert (done.cases, done.statuses) == (3, {"grouped": 3})


def test_an_explained_group_tells_the_list_and_the_complications(tmp_path):
    drg_group(written(tmp_path, "cases.jsonl"), "county-core", tmp_path / "out.jsonl", detail="traces")
    trace = read(tmp_path / "out.jsonl")[0]["trace"]
    assert [(one["code"], one["counted"]) for one in trace["complications"]] == [("J96.000", True)]
    assert any("BR2.dx" in line for line in trace["lines"])
    drg_group(written(tmp_path, "cases.csv"), "county-core", tmp_path / "out.csv", detail="traces")
    assert "J96.000" in read(tmp_path / "out.csv")[0]["trace"]


def test_the_countys_own_stay_table_is_read_as_it_is(tmp_path):
    path = tmp_path / "stay.csv"
    path.write_text(
        "住院编号,入院日期,出院日期,性别,年龄,出生体重克,诊断,手术操作\n"
        "s1,2024-05-01,2024-05-04,男,66,,I63.900| J96.000 ,\n",
        encoding="gb18030",
    )
    drg_group(path, "county-core", tmp_path / "out.csv")
    assert read(tmp_path / "out.csv")[0]["id"] == "s1"
    assert read(tmp_path / "out.csv")[0]["drg"] == "BR21"


def test_a_missing_column_refuses_the_file_and_leaves_nothing_behind(tmp_path):
    path = written(tmp_path, "cases.jsonl", [{k: v for k, v in case.items() if k != "age_years"} for case in CASES])
    with pytest.raises(FileRefused, match="缺列 age_years") as refusal:
        drg_group(path, "county-core", tmp_path / "out.jsonl")
    assert refusal.value.remedy
    assert [entry.name for entry in tmp_path.iterdir()] == ["cases.jsonl"]


def test_a_case_without_age_or_sex_is_invalid_and_says_what_it_lacks(tmp_path):
    cases = [{**CASES[0], "age_years": None}, {**CASES[1], "sex": "x"}, CASES[2]]
    done = drg_group(written(tmp_path, "cases.jsonl", cases), "county-core", tmp_path / "out.jsonl")
    rows = read(tmp_path / "out.jsonl")
    assert [row["status"] for row in rows] == ["invalid", "invalid", "grouped"]
    assert "缺年龄" in rows[0]["reason"]
    assert "性别" in rows[1]["reason"]
    assert [row for row, _ in done.invalid] == [1, 2]


def test_a_value_that_is_no_number_is_told_in_its_row_and_the_others_are_grouped(tmp_path):
    cases = [{**CASES[0], "age_years": "六十"}, CASES[1]]
    drg_group(written(tmp_path, "cases.jsonl", cases), "county-core", tmp_path / "out.jsonl")
    rows = read(tmp_path / "out.jsonl")
    assert [row["id"] for row in rows] == [7, 8]
    assert rows[0]["status"] == "invalid"
    assert "age_years“六十”不是数" in rows[0]["reason"]
    assert (rows[1]["status"], rows[1]["drg"]) == ("grouped", "GD15")


def test_lines_that_are_no_cases_are_named(tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_text(lines(CASES) + "{not json\n" + lines(CASES) + "[1]\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="第 4、8 行"):
        drg_group(path, "county-core", tmp_path / "out.jsonl")


def test_an_id_that_looks_like_a_day_stays_as_it_is_written(tmp_path):
    drg_group(written(tmp_path, "cases.jsonl", [{**CASES[0], "id": "2024-05-01"}]), "county-core", tmp_path / "o.jsonl")
    assert read(tmp_path / "o.jsonl")[0]["id"] == "2024-05-01"


@pytest.mark.parametrize(
    ("scheme", "source", "target", "said"),
    [
        ("nowhere", "cases.jsonl", "out.jsonl", "没有分组方案“nowhere”"),
        ("county-core", "absent.jsonl", "out.jsonl", "没有病例文件"),
        ("county-core", "cases.jsonl", "out.doc", "不认识的文件类型"),
    ],
)
def test_what_is_not_there_or_not_known_is_refused_by_name(tmp_path, scheme, source, target, said):
    written(tmp_path, "cases.jsonl")
    with pytest.raises(FileRefused, match=said) as refusal:
        drg_group(tmp_path / source, scheme, tmp_path / target)
    assert refusal.value.exit_code != 0
    assert not (tmp_path / target).exists()


def test_ids_that_stand_twice_are_counted(tmp_path):
    done = drg_group(written(tmp_path, "cases.csv", [*CASES, CASES[0]]), "county-core", tmp_path / "out.csv")
    assert done.repeated_ids == 1


def test_a_column_the_scheme_asks_for_but_can_do_without_is_named(tmp_path):
    cases = [{k: v for k, v in case.items() if k != "birth_weight_g"} for case in CASES]
    done = drg_group(written(tmp_path, "cases.jsonl", cases), "county-core", tmp_path / "out.jsonl")
    assert done.absent == ("birth_weight_g",)
    assert done.statuses == {"grouped": 3}


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_csv_is_refused_before_it_is_read(tmp_path, content):
    (tmp_path / "cases.csv").write_text(content)
    with pytest.raises(FileRefused, match="空文件"):
        drg_group(tmp_path / "cases.csv", "county-core", tmp_path / "out.csv")


def test_a_case_that_cannot_be_grouped_is_named_by_its_place_in_the_file(tmp_path):
    path = written(tmp_path, "cases.jsonl", [{**CASES[0], "sex": None}, *CASES[1:]])
    told = CliRunner().invoke(app, ["drg", "group", str(path), "--out", str(tmp_path / "out.jsonl")])
    assert "第 1 例无效" in told.stderr
