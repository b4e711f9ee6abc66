"""Supervision: seconds and memory for sweeping a county's charges by every detector.

    python bench/supervision.py [--lines 2000000] [--keep FOLDER]

Generates a county of N charge lines over twelve months as a lake has them (Parquet by month; per million lines 10,000
residents, 125,000 visits, 3,500 stays, 100,000 exams, 200,000 prescription lines; a rule base of 20,000 limits; some
thousandths planted), sweeps it in a process of its own, keeps what it found in an empty store, and prints one JSON
line a measure: wall and processor seconds of the sweep and of keeping its findings and leads, highest memory, hits.
Target: 50 million lines in 180 seconds with less than 8 GB on two cores.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import django
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.core.management import call_command

from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.capabilities.supervision.facts.tables import LIMIT
from yigongti.capabilities.supervision.services.screening import READS, Screened, screen
from yigongti.kernel import clock
from yigongti.kernel.periods import Period
from yigongti.kernel.rules import RuleBook, Rules

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
MONTHS = 12
INSTITUTIONS, DOCTORS, ITEMS = 300, 3_000, 20_000
TABLES = {
    "charge": """
        SELECT printf('C%011d', i) AS charge_id, printf('V%011d', i // 8) AS encounter_id,
            printf('R%08d', hash(i // 8) % {people}) AS resident_id,
            printf('I%04d', hash(i // 8 + 7) % {institutions}) AS institution_id, day,
            printf('X%06d', item) AS item_code,
            CASE WHEN hash(i + 3) % 20000 = 0 THEN '另名' ELSE printf('项目%d', item) END AS item_name,
            ['registration', 'exam', 'lab', 'treatment', 'drug', 'drug', 'drug', 'material', 'bed', 'nursing']
                [(1 + item % 10)::BIGINT] AS category,
            CASE WHEN hash(i + 5) % 2000 = 0 THEN 3.0 ELSE 1.0 END AS quantity, price AS unit_price_fen,
            price AS amount_fen, price // 2 AS fund_fen, printf('D%06d', hash(i // 8 + 3) % {doctors}) AS prescriber_id
        FROM (SELECT i, day, CASE WHEN i % 997 = 0 THEN hash(i - 1) ELSE hash(i) END % {items} AS item,
              (100 + hash(item) % 20000)::BIGINT AS price
              FROM (SELECT i, DATE '{first}' + (i // 8 % 28)::INT AS day FROM range({start}, {end}) r(i)))""",
    "visit": """
        SELECT printf('V%011d', i) AS visit_id, printf('R%08d', hash(i) % {people}) AS resident_id,
            printf('I%04d', hash(i + 7) % {institutions}) AS institution_id, DATE '{first}' + (i % 28)::INT AS day,
            'outpatient' AS kind, '内科' AS department, ['J06.900'] AS dx, false AS tcm,
            (5000 + hash(i) % 20000)::BIGINT AS total_fen, 3000::BIGINT AS fund_fen, 2000::BIGINT AS self_fen,
            false AS booked
        FROM range({start} // 8, {end} // 8) r(i)""",
    "stay": """
        SELECT printf('S%09d', i) AS stay_id, printf('R%08d', hash(i) % {people}) AS resident_id,
            printf('I%04d', hash(i + 7) % 30) AS institution_id, DATE '{first}' + (i % 20)::INT AS admitted_on,
            DATE '{first}' + (i % 20 + hash(i) % 8)::INT AS discharged_on, '内科' AS department,
            '1' AS discharge_way, CASE WHEN hash(i) % 15 = 0 THEN [code, 'J96.000'] ELSE [code] END AS dx,
            []::VARCHAR[] AS procedures, 60 AS age_years, 'male' AS sex, false AS tcm,
            (200000 + hash(i) % 900000)::BIGINT AS total_fen, 150000::BIGINT AS fund_fen, 50000::BIGINT AS self_fen,
            0::BIGINT AS deductible_fen, 90000::BIGINT AS drug_fen, 0::BIGINT AS material_fen,
            20000::BIGINT AS exam_fen, 20000::BIGINT AS lab_fen, 60000::BIGINT AS service_fen,
            'resident' AS insured_as
        FROM (SELECT i, printf('K%02d.900', hash(i + 1) % 90) AS code FROM range({start} // 285, {end} // 285) r(i))""",
    "exam": """
        SELECT printf('E%010d', i) AS exam_id, printf('R%08d', hash(i) % {people}) AS resident_id, 'lab' AS kind,
            printf('X%06d', hash(i + 1) % 60) AS item_code, printf('I%04d', hash(i + 7) % {institutions}) AS ordered_by,
            TIMESTAMPTZ '{first} 09:00:00+08' + to_days((i % 28)::INT) AS ordered_at, false AS critical
        FROM range({start} // 10, {end} // 10) r(i)""",
    "prescription_line": """
        SELECT printf('P%010d', i) AS prescription_id, 1 AS line, printf('R%08d', hash(i) % {people}) AS resident_id,
            printf('I%04d', hash(i + 7) % {institutions}) AS institution_id,
            printf('D%06d', hash(i + 3) % {doctors}) AS prescriber_id, DATE '{first}' + (i % 28)::INT AS day,
            printf('X%06d', hash(i + 1) % 500) AS drug_code, '某药' AS drug_name, 1.0 AS dose, '片' AS dose_unit,
            '口服' AS route, 'qd' AS frequency, 28 AS days, 1.0 AS quantity, ['I10'] AS dx, 'western' AS kind,
            true AS long_term, 'auto_pass' AS reviewed
        FROM range({start} // 5, {end} // 5) r(i)""",
}
MASTERS = {
    "resident": """
        SELECT printf('R%08d', i) AS resident_id, ['male', 'female'][1 + i % 2] AS sex,
            DATE '1940-01-01' + (hash(i) % 30000)::INT AS birth_date, 'resident' AS insured_as,
            []::VARCHAR[] AS key_groups, DATE '2010-01-01' AS registered_on FROM range({people}) r(i)""",
    "death": """
        SELECT printf('R%08d', i * 120) AS resident_id, DATE '2025-11-20' AS day, 'I21.900' AS cause, 80 AS age_years
        FROM range({people} // 120) r(i)""",
    "institution": """
        SELECT printf('I%04d', i) AS institution_id, printf('机构%d', i) AS name,
            ['township_center', 'village_room'][1 + i % 2] AS kind, ['secondary', 'primary'][1 + i % 2] AS level,
            'public' AS ownership, 'P1' AS place_id, 100000 AS beds, false AS is_lead, true AS in_county
        FROM range({institutions}) r(i)""",
}
KINDS = ("sex", "age", "level", "setting", "course", "daily", "paired", "scheme")


def main() -> None:
    """Make the county unless it is kept, then measure the sweep in a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--sweep", type=Path)
    asked = parser.parse_args()
    if asked.sweep:
        return measure(asked.sweep)
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch)
        if not (folder / "charge").is_dir():
            make(folder, asked.lines)
        subprocess.run([sys.executable, __file__, "--sweep", str(folder)], check=True)
    return None


def make(folder: Path, lines: int) -> None:
    """Write the county's Parquet parts by month."""
    database = duckdb.connect()
    sizes = {"people": max(lines // 100, 1000), "institutions": INSTITUTIONS, "doctors": DOCTORS, "items": ITEMS}
    for name, query in MASTERS.items():
        _write(database, query.format(**sizes), folder / name / "all")
    for month in range(MONTHS):
        first = f"2025-{month + 1:02}-01"
        span = {"start": lines * month // MONTHS, "end": lines * (month + 1) // MONTHS, "first": first}
        for name, query in TABLES.items():
            _write(database, query.format(**sizes, **span), folder / name / first[:7])


def _write(database: duckdb.DuckDBPyConnection, query: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    database.execute(
        f"COPY ({query}) TO '{folder}/part.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )


def limits() -> pa.Table:
    """A rule base as large as the published one, over four items in a thousand."""
    rows = [
        {"limit_id": str(place), "kind": KINDS[place % len(KINDS)], "item_code": f"X{place * 250 % ITEMS:06}",
         "item_name": "项目", "subject": _subject(KINDS[place % len(KINDS)]), "quantity": 2.0,
         "other_code": f"X{place * 250 % ITEMS + 1:06}", "other_name": "从项", "within": "day"}
        for place in range(80)
    ]  # fmt: skip
    others = [{**rows[0], "limit_id": f"n{place}", "item_code": f"N{place:06}"} for place in range(ITEMS)]
    return pa.Table.from_pylist(rows + others, schema=pa.schema([each.with_nullable(True) for each in LIMIT.schema]))


def _subject(kind: str) -> str:
    return {"sex": "female", "age": "儿童", "level": "tertiary", "setting": "inpatient", "scheme": "工伤"}.get(kind, "")


def measure(folder: Path) -> None:
    """Sweep, keep what was found, and print what it took."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"YIGONGTI_HOME": home, "DJANGO_SETTINGS_MODULE": "yigongti.site.settings"}
        django.setup()
        keep_twice(sweep(folder))


def keep_twice(found: Screened) -> None:
    """Keep what a sweep found in an empty store, and again, when all of it is known."""
    from yigongti.capabilities.supervision.models import Finding, Lead
    from yigongti.capabilities.supervision.services.sweeping import keep
    from yigongti.spine.places.models import Institution

    call_command("migrate", verbosity=0)
    Institution.objects.bulk_create(
        Institution(institution_id=f"I{number:04}", name=f"机构{number}", kind="clinic", level="none",
                    ownership="public", place_id="P1", is_lead=False, in_county=True)
        for number in range(INSTITUTIONS)
    )  # fmt: skip
    for measure in ("keep", "keep again"):
        before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        keep(found, seconds=0.0, at=clock.now())
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
        print(json.dumps({
            "measure": measure, "findings": Finding.objects.count(), "leads": Lead.objects.count(),
            "wall_seconds": round(wall, 1), "memory_gb": round(after.ru_maxrss / 2**20, 2),
            "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        }))  # fmt: skip


def sweep(folder: Path) -> Screened:
    """Sweep and print what it took."""
    from yigongti.capabilities.supervision.services.grouping import with_groups

    sources = {name: sorted((folder / name).rglob("*.parquet")) for name in READS}
    lines = sum(pq.read_metadata(path).num_rows for path in sources["charge"])
    book, known = RuleBook.load(), limits()
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    grouped = with_groups(sources, DETECTORS.values(), rules=Rules(book, YEAR.end))
    found = screen(DETECTORS.values(), period=YEAR, sources=grouped, book=book, limits=known, threads=2)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    hits = {each.detector.id: each.hits.num_rows for each in found.found}
    print(json.dumps({
        "measure": "sweep", "lines": lines, "detectors": len(hits), "hits": sum(hits.values()),
        "wall_seconds": round(wall, 1), "memory_gb": round(after.ru_maxrss / 2**20, 2),
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "million_lines_per_cpu_second": round(lines / 1e6 / (after.ru_utime + after.ru_stime - before.ru_utime), 2),
    }))  # fmt: skip
    print(json.dumps({"measure": "hits", **{name: count for name, count in hits.items() if count}}))
    return found


if __name__ == "__main__":
    main()
