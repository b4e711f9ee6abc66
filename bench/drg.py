"""DRG grouping: cases per second, memory, load time, and the ratio to the plain Python engine.

    python bench/drg.py [--rows 1000000] [--rounds 5] SCHEME.json.gz…

Cases are drawn at random over all codes of the scheme (a hard mix: real counties repeat themselves more), with a
fixed seed.  Prints one JSON line a scheme.  Speed is measured from the Arrow table of cases to the Arrow table of
groups, scheme loaded; load is reading, checking and compiling the file, the libraries imported.
"""

import argparse
import importlib.util
import json
import os
import resource
import time
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa

from yigongti.capabilities.payment.decisions.drg import Scheme, group
from yigongti.capabilities.payment.decisions.drg.compiled import compiled
from yigongti.capabilities.payment.decisions.drg.scheme import read_document
from yigongti.capabilities.payment.decisions.drg.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parents[1]
PLAIN_CASES = 3000


def random_cases(scheme: Scheme, *, rows: int, seed: int = 20240607) -> pa.Table:
    """Discharges over all codes the scheme knows: 1–6 diagnoses, 0–3 procedures, all ages."""
    random = np.random.default_rng(seed)
    ready = compiled(scheme)
    age_days = random.integers(0, 95 * 365, rows)
    age_days = np.where(random.random(rows) < 0.05, random.integers(0, 60, rows), age_days)
    weight = np.where(age_days <= 28, random.integers(600, 4500, rows), 0)
    return pa.table(
        {
            "id": np.arange(rows),
            "sex": random.choice(["male", "female"], rows),
            "age_years": age_days // 365,
            "age_days": age_days,
            "birth_weight_g": pa.array(weight, mask=weight == 0),
            "department": random.choice(["0301", "0402", "ICU"], rows),
            "days_in_hospital": random.integers(1, 62, rows),
            "discharge_way": random.choice(["1", "2", "3", "4", "5", "9"], rows),
            "dx": _lists(random, _codes(ready.dx.vocabulary), 1 + random.poisson(1.8, rows).clip(0, 5)),
            "procedures": _lists(random, _codes(ready.procedures.vocabulary), random.poisson(0.7, rows).clip(0, 3)),
        }
    )


def _codes(vocabulary: Vocabulary) -> list[str]:
    """The codes a scheme names, and for one written by categories some codes below each."""
    below = (f"{prefix}{rest}" for prefix in vocabulary.prefixes for rest in (".000", ".100x003", ".900x001"))
    return [*vocabulary.codes, *below]


def _lists(random: np.random.Generator, codes: list[str], lengths: np.ndarray) -> pa.Array:
    offsets = np.append(0, lengths.cumsum()).astype(np.int32)
    drawn = random.integers(0, len(codes), int(offsets[-1]))
    return pa.ListArray.from_arrays(offsets, pa.array(codes).take(pa.array(drawn)))


def plain_engine(path: Path):
    """The plain Python engine of the tests, on a scheme file."""
    spec = importlib.util.spec_from_file_location("plain_engine", ROOT / "tests" / "drg" / "plain_engine.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PlainEngine(read_document(path))


def seconds(work, clock=time.perf_counter) -> float:
    start = clock()
    work()
    return clock() - start


def measure(path: Path, *, rows: int, rounds: int) -> dict[str, object]:
    """The figures for one scheme; the best and the median of the rounds."""
    load = min(seconds(lambda: compiled(Scheme.load(path))) for _ in range(3))
    scheme = Scheme.load(path)
    cases = random_cases(scheme, rows=rows)
    group(cases.slice(0, PLAIN_CASES), scheme)
    cpu = seconds(lambda: group(cases, scheme), time.process_time)
    spent = [seconds(lambda: group(cases, scheme)) for _ in range(rounds)]
    plain, few = plain_engine(path), cases.slice(0, PLAIN_CASES).to_pylist()
    plain_speed = PLAIN_CASES / seconds(lambda: [plain.drg(case) for case in few])
    return {
        "scheme": scheme.name,
        "rows": rows,
        "cpus": os.cpu_count(),
        "cases_per_s_best": round(rows / min(spent)),
        "cases_per_s_median": round(rows / median(spent)),
        "cpu_s": round(cpu, 3),
        "load_s": round(load, 3),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "plain_python_cases_per_s": round(plain_speed),
        "ratio": round(rows / median(spent) / plain_speed),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("schemes", nargs="+", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    for path in options.schemes:
        print(json.dumps(measure(path, rows=options.rows, rounds=options.rounds)))


if __name__ == "__main__":
    main()
