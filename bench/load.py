"""A `visit` CSV into store and lake: rows a second, memory, bytes; again (all unchanged); and beside it, plain Python.

    python bench/load.py [--rows 1000000] [--rounds 1] [--database postgresql://…]

Each load is a process of its own in a data directory of its own, so that memory is that of one load.  `check`
is reading and checking alone, `plain` the same with csv.DictReader row by row: their ratio says what columns give.
Targets on 2 cores: ≥ 150,000 rows a second, < 2 GB at 5,000,000 rows.  `busy` is processor seconds of the load: on a
machine with other work it tells more than the clock.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
from pyarrow import csv as columnar

ROOT = Path(__file__).resolve().parents[1]
INSTITUTIONS, CHUNK, PLAIN_ROWS = 300, 500_000, 200_000
LOAD = """
import json, resource, sys, time
from pathlib import Path
import django
django.setup()
from yigongti.exchange.files.loading import load
began = time.perf_counter()
report = load([Path(path) for path in sys.argv[1:]])
seconds = time.perf_counter() - began
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"seconds": seconds, "busy": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024,
                  "files": report.as_dict()["files"]}))
"""


def visits(first: int, rows: int, *, residents: int, random: np.random.Generator) -> pa.Table:
    """A stretch of a year's visits, in the order of their days, as an office exports them."""
    days = np.datetime64("2025-01-01") + np.sort(random.integers(0, 365, rows))
    total = random.integers(500, 80_000, rows)
    fund = (total * random.choice([0.0, 0.5, 0.6, 0.7], rows)).astype(int)

    def pick(*words: str) -> pa.Array:
        return pa.array(words).take(pa.array(random.integers(0, len(words), rows)))

    return pa.table(
        {
            "visit_id": _ids("V", np.arange(first, first + rows)),
            "resident_id": _ids("R", random.integers(0, residents, rows)),
            "institution_id": _ids("I", random.integers(0, INSTITUTIONS, rows)),
            "day": pa.array(days),
            "kind": pick("outpatient", "outpatient", "outpatient", "emergency", "internet", "home"),
            "department": pick("内科", "外科", "中医科", "全科", ""),
            "dx": pick("I10", "E11.9", "J06.9|R05", "K29.5", "I10|E11.9", "M54.5", "J20.9", "N39.0"),
            "tcm": random.integers(0, 2, rows),
            "total_fen": total,
            "fund_fen": fund,
            "self_fen": total - fund,
            "booked": random.integers(0, 2, rows),
            "referral_id": pa.array([""] * rows),
        }
    )


def _ids(letter: str, numbers: np.ndarray) -> pa.Array:
    return pa.array([f"{letter}{number:09d}" for number in numbers.tolist()])


def write_visits(path: Path, rows: int) -> None:
    random = np.random.default_rng(20260101)
    with path.open("wb") as sink:
        for first in range(0, rows, CHUNK):
            part = visits(first, min(CHUNK, rows - first), residents=max(1, rows // 5), random=random)
            columnar.write_csv(part, sink, columnar.WriteOptions(include_header=first == 0, quoting_style="none"))


def write_institutions(path: Path) -> None:
    with path.open("w", encoding="utf-8") as sink:
        sink.write("institution_id,name,kind,level,ownership,place_id,is_lead,in_county\n")
        sink.writelines(f"I{i:09d},卫生院{i},township_center,primary,public,P1,0,1\n" for i in range(INSTITUTIONS))


def plain_rate(path: Path) -> float:
    """Rows a second of reading and checking with the standard library alone."""
    began, count = time.perf_counter(), 0
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            day = date.fromisoformat(row["day"])
            amounts = [int(row[name]) for name in ("total_fen", "fund_fen", "self_fen")]
            right = amounts[1] + amounts[2] == amounts[0] and min(amounts) >= 0 and day.year >= 1900
            right = right and row["visit_id"] != "" and row["tcm"] in ("0", "1") and row["booked"] in ("0", "1")
            assert right
            row["dx"].split("|")
            count += 1
            if count == PLAIN_ROWS:
                break
    return count / (time.perf_counter() - began)


def check_rate(path: Path) -> float:
    """Rows a second of our reading and checking alone, on one core."""
    import django

    django.setup()
    from yigongti.exchange.files.checking.check import Known, check
    from yigongti.exchange.files.reading.csv import open_csv

    (source,) = open_csv(path).sources
    known, began, count = Known(_ids("I", np.arange(INSTITUTIONS))), time.perf_counter(), 0
    for raw in source.batches():
        checked = check(raw, source, known)
        assert checked.valid.num_rows == checked.rows
        count += checked.rows
        if count >= PLAIN_ROWS:
            break
    return count / (time.perf_counter() - began)


def run(*paths: Path, home: Path, database: str) -> dict[str, float]:
    settings = {"DJANGO_SETTINGS_MODULE": "yigongti.site.settings", "PYTHONPATH": str(ROOT / "src")}
    surroundings = {**os.environ, **settings, "YIGONGTI_HOME": str(home), "YIGONGTI_DATABASE": database}
    if not home.exists():
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], check=True, env=surroundings)
    command = [sys.executable, "-c", LOAD, *map(str, paths)]
    told: dict[str, float] = json.loads(
        subprocess.run(command, check=True, env=surroundings, capture_output=True).stdout
    )
    return told


def stored(folder: Path) -> float:
    """MB under a folder, or of a file."""
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else [folder]
    return sum(path.stat().st_size for path in files if path.exists()) / 2**20


def one_round(folder: Path, path: Path, *, rows: int, database: str) -> dict[str, float]:
    home = folder / f"home-{time.monotonic_ns()}"
    run(folder / "institution.csv", home=home, database=database)
    first, again = (run(path, home=home, database=database) for _ in range(2))
    return {
        "rows_per_second": rows / first["seconds"], "busy_seconds": first["busy"], "peak_mb": first["peak_mb"],
        "again_rows_per_second": rows / again["seconds"], "again_peak_mb": again["peak_mb"],
        "lake_mb": stored(home / "lake"), "store_mb": stored(home / "record.sqlite3"),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--database", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "visit.csv"
        write_visits(path, options.rows)
        write_institutions(folder / "institution.csv")
        rounds = [one_round(folder, path, rows=options.rows, database=options.database) for _ in range(options.rounds)]
        middle = {name: round(median(each[name] for each in rounds), 1) for name in rounds[0]}
        best = max(each["rows_per_second"] for each in rounds)
        os.environ |= {"YIGONGTI_HOME": f"{name}/home", "DJANGO_SETTINGS_MODULE": "yigongti.site.settings"}
        plain, checked = plain_rate(path), check_rate(path)
    told = {"rows": options.rows, "rounds": options.rounds, **middle, "best_rows_per_second": round(best)}
    ratios = {
        "plain_check_rows_per_second": round(plain),
        "check_rows_per_second": round(checked),
        "check_ratio_to_plain": round(checked / plain, 2),
    }
    print(json.dumps({**told, **ratios}, ensure_ascii=False))


if __name__ == "__main__":
    main()
