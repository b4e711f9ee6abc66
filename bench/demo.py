"""The demo county: seconds, rows a second, memory and bytes on disk.

    python bench/demo.py [--residents 50000] [--months 24] [--rounds 3] [--form parquet|csv]

Each round is a process of its own, so that memory is that of one generation; imports are counted separately.
Targets on 2 cores: 50,000 residents × 24 months under 60 s, 1,000,000 under 15 minutes.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
ROUND = """
import json, resource, sys
from datetime import date
from pathlib import Path
from time import perf_counter
begun = perf_counter()
from yigongti.demo import generate
imported = perf_counter() - begun
residents, months, form, out = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
made = generate(residents=residents, months=months, seed=1, out=out, until=date(2026, 11, 1), form=form)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
size = sum(path.stat().st_size for path in out.iterdir()) / 2**20
print(json.dumps({"seconds": made.seconds, "import_seconds": imported, "rows": made.total_rows, "rows_by_table":
      made.rows, "peak_mb": peak, "disk_mb": size}))
"""


def one_round(options: argparse.Namespace) -> dict[str, float]:
    """Generate once in a fresh process and a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = [str(options.residents), str(options.months), options.form, f"{folder}/county"]
        command = [sys.executable, "-c", ROUND, *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--residents", type=int, default=50_000)
    reader.add_argument("--months", type=int, default=24)
    reader.add_argument("--rounds", type=int, default=3)
    reader.add_argument("--form", choices=("parquet", "csv"), default="parquet")
    options = reader.parse_args()
    rounds = [one_round(options) for _ in range(options.rounds)]
    seconds = [each["seconds"] for each in rounds]
    print(
        json.dumps(
            {
                "residents": options.residents,
                "months": options.months,
                "form": options.form,
                "rows": rounds[0]["rows"],
                "seconds_min": round(min(seconds), 2),
                "seconds_median": round(median(seconds), 2),
                "rows_per_second": round(rounds[0]["rows"] / median(seconds)),
                "import_seconds": round(median(each["import_seconds"] for each in rounds), 2),
                "peak_mb": round(max(each["peak_mb"] for each in rounds)),
                "disk_mb": round(rounds[0]["disk_mb"]),
                "cores": os.cpu_count(),
                "load": round(os.getloadavg()[0], 1),
            }
        )
    )


if __name__ == "__main__":
    main()
