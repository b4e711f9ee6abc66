"""Indicators: all of them by month and institution over a county of a million, against hand-written SQL.

    python bench/indicators.py [--residents 1000000] [--rounds 3] [--folder DIR]

Draws a synthetic county of one year straight into Parquet (`indicators_county.sql`: 5 visits a resident, 0.15 stays,
a third with a contract, …), then times in turns the fused runner and `indicators_by_hand.sql` — the same numerators
and denominators written out by hand, one scan a table.  Checks that both give the same numbers, and prints one JSON
line: seconds of wall and of processor, and the ratio of the two.
Targets on 2 cores: at most 15 s, and at most twice the hand-written SQL.
"""

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.analytics.runner import run
from yigongti.capabilities.measure.indicators import INDICATORS
from yigongti.kernel.facts import COUNTY, Column, Kind
from yigongti.kernel.periods import parse
from yigongti.kernel.rules import RuleBook

HERE = Path(__file__).parent
BY = ("month", "institution")
YEAR = "2025"
FIRST_INSTANT = f"TIMESTAMPTZ '{YEAR}-01-01 00:00:00+08'"
T = TypeVar("T")
TYPES = {
    Kind.TEXT: "VARCHAR", Kind.CODE: "VARCHAR", Kind.LIST: "VARCHAR[]", Kind.DAY: "DATE", Kind.MONTH: "VARCHAR",
    Kind.INSTANT: "TIMESTAMPTZ", Kind.INTEGER: "BIGINT", Kind.FEN: "BIGINT", Kind.NUMBER: "DOUBLE",
    Kind.FLAG: "BOOLEAN",
}  # fmt: skip
PLAIN = {
    Kind.TEXT: "'-'", Kind.CODE: "'-'", Kind.LIST: "[]", Kind.DAY: "DATE '2020-01-01'", Kind.MONTH: f"'{YEAR}-01'",
    Kind.INSTANT: FIRST_INSTANT, Kind.INTEGER: "0", Kind.FEN: "0", Kind.NUMBER: "0",
    Kind.FLAG: "false",
}  # fmt: skip


def write(folder: Path, residents: int) -> dict[str, list[Path]]:
    """Draw the county into Parquet, the tables that have months one file a month."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Shanghai'")
    connection.execute(f"CREATE MACRO n() AS {residents}")
    connection.execute("CREATE MACRO u(i, k) AS hash(CAST(i AS BIGINT) * 97 + k) / 18446744073709551616.0")
    connection.execute(
        f"CREATE MACRO instant(i, k, hours) AS {FIRST_INSTANT} + to_seconds(floor(u(i, k) * 31449600) + hours * 3600)"
    )
    for name, query in statements((HERE / "indicators_county.sql").read_text("utf-8")):
        connection.execute(
            f"COPY ({whole(connection, name, query)}) TO '{folder / name}' (FORMAT parquet{parted(name)})"
        )
    return kept(folder)


def whole(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> str:
    """A drawn table with every column of the dictionary, in its type."""
    given = set(connection.sql(query).columns)
    month = COUNTY[name].month
    listed = [
        f'CAST({value(column, given)} AS {TYPES[column.kind]}) AS "{column.name}"' for column in COUNTY[name].columns
    ]
    part = [f"strftime(\"{month}\", '%Y-%m') AS part"] if month else []
    return f"SELECT {', '.join(listed + part)} FROM ({query.rstrip(';')})"


def value(column: Column, given: set[str]) -> str:
    return f'"{column.name}"' if column.name in given else "NULL" if column.null else PLAIN[column.kind]


def parted(name: str) -> str:
    return ", PARTITION_BY (part)" if COUNTY[name].month else ", PER_THREAD_OUTPUT false"


def fused(paths: dict[str, list[Path]], book: RuleBook) -> pa.Table:
    return run(INDICATORS.values(), tables=paths, period=parse(YEAR), rules=book, by=BY)


def by_hand(paths: dict[str, list[Path]], statements: list[tuple[str, str]]) -> dict[str, pa.Table]:
    """Run the hand-written SQL over views of the same files; result name → table."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Shanghai'")
    for name, files in paths.items():
        listing = ", ".join(f"'{path}'" for path in files)
        connection.execute(
            f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet([{listing}], hive_partitioning = false)'
        )
    found = {}
    for name, statement in statements:
        if name:
            found[name] = connection.sql(statement).to_arrow_table()
        else:
            connection.execute(statement)
    return found


def statements(text: str) -> list[tuple[str, str]]:
    """The statements of a file, each with the name that the line “-- result: …” or “-- table: …” gives it."""
    found, name, lines = [], "", []
    for line in text.splitlines():
        if line.startswith(("-- result: ", "-- table: ")):
            name = line.split(": ")[1]
        elif not line.startswith("--"):
            lines.append(line)
        if line.endswith(";"):
            found.append((name, "\n".join(lines)))
            name, lines = "", []
    return found


CHECKED = {
    "tcm_visit_share": ("visits", "tcm_visits", "visits"),
    "booked_visit_share": ("visits", "booked_visits", "outpatient_visits"),
    "in_team_visit_share": ("contracted_visits", "team_visits", "contracted_visits"),
    "level34_operation_share": ("stays", "high_operations", "operations"),
    "average_length_of_stay": ("stays", "bed_days", "stays"),
    "readmission_30d_rate": ("readmissions", "readmissions", "stays"),
    "prescription_pass_rate": ("prescriptions", "passed", "reviewed"),
    "exam_report_in_time": ("exams", "in_time", "done"),
    "repeat_exam_rate": ("repeats", "repeated", "examined"),
    "paid_contract_share": ("contracts", "paid", "contracts"),
    "contract_renewal_rate": ("contracts_ended", "renewed", "ended"),
    "referral_accepted_in_time": ("referrals_received", "accepted_in_time", "received"),
    "down_referral_followed_up": ("referrals_down", "followed_up", "down"),
    "village_ecg_coverage": ("institutions", "rooms_with_ecg", "rooms"),
    "township_attending_posting_coverage": ("institutions", "townships_with_senior", "townships"),
    "infectious_report_in_time": ("reports", "in_time", "reports"),
}
"""Indicator → the result and columns in which the hand-written SQL has its numerator and denominator."""


def agree(result: pa.Table, written: dict[str, pa.Table]) -> None:
    """Raise ValueError where the sums over all groups differ."""
    for indicator, (name, *columns) in CHECKED.items():
        mask = pc.equal(result["indicator"], indicator)
        sums = [pc.sum(result.filter(mask)[column]).as_py() for column in ("numerator", "denominator")]
        by_hand_sums = [float(pc.sum(written[name][column]).as_py() or 0) for column in columns]
        if sums != by_hand_sums:
            raise ValueError(f"{indicator}: {sums} by the runner, {by_hand_sums} by hand")


def timed(act: Callable[[], T]) -> tuple[float, float, T]:
    """Wall seconds, processor seconds of all threads, and the result."""
    wall, processor = time.perf_counter(), time.process_time()
    result = act()
    return time.perf_counter() - wall, time.process_time() - processor, result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--residents", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep the county here, and use it when it is there already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch) / "county"
        paths = kept(folder) if folder.is_dir() else write(made(folder), options.residents)
        book, queries = RuleBook.load(), statements((HERE / "indicators_by_hand.sql").read_text("utf-8"))
        rounds = [
            (timed(lambda: fused(paths, book)), timed(lambda: by_hand(paths, queries))) for _ in range(options.rounds)
        ]
    ours, hand = zip(*rounds, strict=True)
    agree(ours[0][2], hand[0][2])
    print(json.dumps({
        "residents": options.residents, "rows_of_result": ours[0][2].num_rows,
        "fused": summary(ours), "by_hand": summary(hand),
        "ratio": {"least": ratio(min, ours, hand, 0), "median": ratio(median, ours, hand, 0),
                  "processor": ratio(min, ours, hand, 1)},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }))  # fmt: skip


def summary(rounds: Sequence[tuple[float, float, Any]]) -> dict[str, float]:
    wall, processor, _ = zip(*rounds, strict=True)
    return {"least": round(min(wall), 2), "median": round(median(wall), 2), "processor": round(min(processor), 2)}


def ratio(of: Callable[[Iterable[float]], float], ours: Sequence[Any], hand: Sequence[Any], place: int) -> float:
    return round(of(each[place] for each in ours) / of(each[place] for each in hand), 2)


def made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def kept(folder: Path) -> dict[str, list[Path]]:
    return {entry.name: sorted(entry.rglob("*.parquet")) if entry.is_dir() else [entry] for entry in folder.iterdir()}


if __name__ == "__main__":
    main()
