"""Payment: seconds for a catalogue, for scores and for a whole year cleared, and the ratio to plain Python.

    python bench/payment.py [--rows 1000000] [--pack national] [--pack jiading-2020]

A county of 1 million stays a year (fixed seed; a quarter as many in the year before, visits beside them) is grouped,
scored, settled and cleared from Arrow tables.  Plain Python groups and scores 3,000 of the stays case by case.  Prints
one JSON line a measure, wall and processor seconds.
"""

import argparse
import importlib.util
import json
import time
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from yigongti.capabilities.payment.decisions import bed_day, dip, tcm
from yigongti.capabilities.payment.services.settle import READS, book_of, settle
from yigongti.kernel.facts import COUNTY

ROOT = Path(__file__).resolve().parents[1]
YEAR, SEED, PLAIN_CASES = 2025, 20240607, 3_000
DIAGNOSES = ["I10.x00", "I20.000", "I50.900", "I63.900", "J18.900", "J44.100", "K29.500", "K80.200", "M47.800",
             "N20.100", "O82.000", "C34.900", "Z51.100", "E11.900", "H25.900", "S72.000"]  # fmt: skip
PROCEDURES = ["51.2300", "36.0600", "88.5500", "93.9000", "99.2500", "13.4100", "79.3500", "74.1x00", "56.0x00"]
BEDS = [f"H{number:02}" for number in range(20)] + ["AWAY"]


def masters() -> dict[str, list[dict[str, object]]]:
    """A county of twenty institutions in two consortia, one hospital outside, one town and village each."""
    here = {"ownership": "public", "is_lead": False, "in_county": True, "name": ""}
    institutions = [
        {**here, "institution_id": name, "place_id": f"town{number % 2}", "consortium_id": f"C{number % 2}",
         "kind": "township_center" if number > 3 else "county_hospital",
         "level": "primary" if number > 3 else "secondary"}
        for number, name in enumerate(BEDS)
    ]  # fmt: skip
    institutions[-1] |= {"in_county": False, "consortium_id": None, "kind": "city_hospital", "level": "tertiary"}
    places = [
        {"place_id": f"{kind}{number}", "kind": kind, "name": "",
         "parent_id": f"town{number}" if kind == "village" else None}
        for kind in ("town", "village")
        for number in (0, 1)
    ]  # fmt: skip
    budgets = [
        {"year": YEAR, "consortium_id": f"C{number}", "insured_as": insured, "scheme": scheme, "amount_fen": 10**11}
        for number in (0, 1)
        for insured in ("resident", "employee")
        for scheme in ("inpatient", "outpatient")
    ]
    return {"institution": institutions, "place": places, "budget": budgets}


def stays(rows: int, *, year: int, people: int, random: np.random.Generator) -> pa.Table:
    """Discharges of a year over the diagnoses and procedures above."""
    length = random.integers(1, 20, rows)
    discharged = np.datetime64(f"{year}-01-01") + random.integers(0, 365, rows)
    who = random.integers(0, people, rows)
    total = np.rint(random.lognormal(13, 0.7, rows)).astype(np.int64)
    fund = (total * 0.65).astype(np.int64)
    named = {
        "stay_id": pa.array([f"{year}-{number}" for number in range(rows)]),
        "resident_id": pa.array([f"r{number}" for number in who.tolist()]),
        "institution_id": pa.array(random.choice(BEDS, rows)),
        "admitted_on": pa.array(discharged - length), "discharged_on": pa.array(discharged),
        "discharge_way": pa.array(random.choice(["1", "2", "5"], rows, p=[0.95, 0.04, 0.01])),
        "dx": _lists(random, DIAGNOSES, random.integers(1, 4, rows)),
        "procedures": _lists(random, PROCEDURES, random.poisson(0.6, rows).clip(0, 3)),
        "age_years": pa.array(random.integers(0, 95, rows)), "sex": pa.array(np.where(who % 2, "male", "female")),
        "tcm": pa.array(random.random(rows) < 0.2), "total_fen": pa.array(total), "fund_fen": pa.array(fund),
        "self_fen": pa.array(total - fund), "insured_as": pa.array(np.where(who % 5, "resident", "employee")),
        "operation_level": pa.array(random.integers(0, 5, rows)),
    }  # fmt: skip
    return _whole("stay", named, rows)


def _whole(table: str, named: dict[str, pa.Array], rows: int) -> pa.Table:
    """The table with all columns of the dictionary, absent ones null."""
    columns = {
        c.name: named[c.name].cast(c.arrow) if c.name in named else pa.nulls(rows, c.arrow)
        for c in COUNTY[table].columns
    }
    return pa.table(columns)


def _lists(random: np.random.Generator, codes: list[str], lengths: np.ndarray) -> pa.Array:
    offsets = np.append(0, lengths.cumsum()).astype(np.int32)
    return pa.ListArray.from_arrays(
        offsets, pa.array(codes).take(pa.array(random.integers(0, len(codes), int(offsets[-1]))))
    )


def county(rows: int) -> dict[str, pa.Table]:
    """All the facts of a clearing, in memory."""
    random, people = np.random.default_rng(SEED), max(rows // 4, 10)
    listed = {name: pa.Table.from_pylist(each, pa.schema([f.with_nullable(True) for f in COUNTY[name].schema]))
              for name, each in masters().items()}  # fmt: skip
    who = np.arange(people)
    residents = {
        "resident_id": pa.array([f"r{number}" for number in range(people)]),
        "place_id": pa.array(np.where(who % 3, "village0", "village1")),
        "insured_as": pa.array(np.where(who % 5, "resident", "employee")),
    }
    seen = random.integers(0, people, rows)
    visits = {
        "visit_id": pa.array([f"v{number}" for number in range(rows)]),
        "resident_id": pa.array([f"r{number}" for number in seen.tolist()]),
        "institution_id": pa.array(random.choice(BEDS, rows)), "day": pa.array([date(YEAR, 6, 1)] * rows),
        "fund_fen": pa.array(random.integers(1_000, 20_000, rows)),
        "self_fen": pa.array(random.integers(0, 5_000, rows)),
    }  # fmt: skip
    years = [stays(rows // part, year=year, people=people, random=random) for year, part in ((YEAR, 1), (YEAR - 1, 4))]
    facts = {"resident": _whole("resident", residents, people), "visit": _whole("visit", visits, rows),
             "stay": pa.concat_tables(years), "contract": _whole("contract", {}, 0)}  # fmt: skip
    return {name: (listed | facts)[name] for name in READS}


def timed(name: str, work, **more: object):
    wall, processor = time.perf_counter(), time.process_time()
    done = work()
    seconds = {"wall_s": round(time.perf_counter() - wall, 2), "processor_s": round(time.process_time() - processor, 2)}
    print(json.dumps({"measure": name, **seconds, **more}, ensure_ascii=False), flush=True)
    return done, seconds["processor_s"]


def plain_dip():
    """The plain Python engine of the tests."""
    spec = importlib.util.spec_from_file_location("plain_dip", ROOT / "tests" / "generative" / "plain_dip.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PlainDip


def priced(rows: pa.Table) -> None:
    """Bed-days and TCM diseases over all stays, and one by one in plain Python."""
    in_use = {"payment.bed_day.in_use": "是", "payment.tcm.in_use": "是"}
    rules = book_of("national").with_values(in_use).on(date(YEAR, 12, 31))
    work = {
        "bed-days": (lambda: bed_day.paid_by_bed_day(rows, levels={}, rules=rules), _by_bed_day),
        "TCM diseases": (lambda: tcm.paid_as_tcm(rows, levels={}, rules=rules), _as_tcm),
    }
    few = rows.slice(0, PLAIN_CASES).to_pylist()
    for name, (whole, one) in work.items():
        _, fast = timed(name, whole, rows=len(rows))
        _, slow = timed(f"{name} one by one", lambda one=one: [one(row, rules) for row in few], rows=len(few))
        ratio = round((slow / len(few)) / (max(fast, 0.01) / len(rows)))
        print(json.dumps({"measure": f"{name}: ratio to one by one", "times": ratio}, ensure_ascii=False))


def _by_bed_day(row: dict, rules) -> object:
    days = max((row["discharged_on"] - row["admitted_on"]).days, 1)
    return bed_day.bed_days(row["dx"][0], days=days, level="none", rules=rules)


def _as_tcm(row: dict, rules) -> object:
    stay = tcm.TcmStay(row["dx"][0], "none", row["tcm"], row["total_fen"], operation_level=row["operation_level"])
    return tcm.tcm_price(stay, rules=rules)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--pack", action="append", default=[])
    options = parser.parse_args()
    facts = county(options.rows)
    rules = book_of("national").on(date(YEAR, 12, 31))
    rows = facts["stay"].num_rows
    catalogue, _ = timed("dip build", lambda: dip.build(facts["stay"], rules=rules), rows=rows)
    _, fast = timed("dip score", lambda: dip.score(facts["stay"], catalogue, rules=rules).adjusted_e4, rows=rows)
    few = facts["stay"].slice(0, PLAIN_CASES).to_pylist()
    plain = plain_dip()(few, rules)
    _, slow = timed("dip score in plain Python", lambda: [plain.deviated(row) for row in few], rows=len(few))
    print(json.dumps({"measure": "ratio to plain Python", "times": round((slow / len(few)) / (fast / rows))}))
    priced(facts["stay"])
    for pack in options.pack or ["national", "jiading-2020"]:
        timed(f"settle {pack}", lambda pack=pack: settle(YEAR, book=book_of(pack), sources=facts), rows=options.rows)


if __name__ == "__main__":
    main()
