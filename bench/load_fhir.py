"""FHIR R4 NDJSON into store and lake, checked: resources a second.  Target: ≥ 20,000 a second on 2 cores.

    python bench/load_fhir.py [--copies 100]

Ten synthetic patients (5,945 resources) from ../shared/data/fhir, copied with new ids; beside it, the strict models
alone on a sample, one by one, for the ratio.
"""

import argparse
import os
import re
import resource
import sys
import tempfile
import time
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "shared" / "data" / "fhir" / "synthea-10"
UUID = re.compile(r"\b[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")


def copied(folder: Path, copies: int) -> int:
    """Every sample file with its resources `copies` times under ids of their own; returns the resources written."""
    count = 0
    for sample in sorted(SAMPLES.glob("*.ndjson")):
        text = sample.read_text(encoding="utf-8")
        with (folder / sample.name).open("w", encoding="utf-8") as out:
            for number in range(copies):
                out.write(UUID.sub(lambda found, n=number: f"{int(found[0], 16) ^ n * 2654435761 % 2**32:08x}", text))
        count += text.count("\n") * copies
    return count


def strict_rate(lines: int = 2000) -> float:
    """Resources a second through the strict models one by one."""
    from yigongti.exchange.fhir.checking import strict_problem

    bodies = (SAMPLES / "Encounter.000.ndjson").read_text(encoding="utf-8").splitlines()[:lines]
    strict_problem("Encounter", bodies[0])
    began = time.perf_counter()
    for body in bodies:
        strict_problem("Encounter", body)
    return len(bodies) / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--copies", type=int, default=100)
    copies = parser.parse_args().copies
    if not SAMPLES.is_dir():
        sys.exit(f"没有样例数据 {SAMPLES}")
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["YIGONGTI_HOME"] = f"{scratch}/home"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yigongti.site.settings")
        from yigongti.spine.home import home

        home().create()
        import django

        django.setup()
        from django.core.management import call_command

        from yigongti.exchange.intake import take_in

        call_command("migrate", verbosity=0)
        source = Path(scratch, "fhir")
        source.mkdir()
        count = copied(source, copies)
        began = time.perf_counter()
        report = take_in([source])
        seconds = time.perf_counter() - began
    rate, strict = count / seconds, strict_rate()
    refused = sum(file.quarantined for file in report.files)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"resources          {count:>12,}   refused {refused:,}")
    print(f"seconds            {seconds:>12.1f}")
    print(f"resources/s        {rate:>12,.0f}   (target 20,000)")
    print(f"strict models only {strict:>12,.0f}   one by one, checking alone, without storing")
    print(f"ratio              {rate / strict:>12.1f}")
    print(f"peak memory MB     {memory:>12,.0f}")


if __name__ == "__main__":
    main()
