"""The spine under load: identities sealed, audit records appended and verified, case steps taken.

    python bench/spine.py [--identities 200000] [--records 20000] [--steps 2000] [--rounds 3]

Runs in a data directory of its own, on SQLite, or on the PostgreSQL that YIGONGTI_DATABASE names (its tables are made
by the migrations; use an empty database).  Prints one JSON line a measure: rate a second, best and median round.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from uuid import uuid4


def prepared() -> None:
    """A fresh store with two institutions, one clinician and one technician."""
    os.environ["YIGONGTI_HOME"] = tempfile.mkdtemp(prefix="yigongti-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "yigongti.site.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from yigongti.spine.access.models import Assignment, User
    from yigongti.spine.places.models import Institution

    for name, role, seat in (("clinician", "clinician", "T1"), ("technician", "technician", "H1")):
        Institution.objects.create(institution_id=seat, name=seat, is_lead=False, in_county=True)
        user = User.objects.create_user(name, password="x", display_name=name)
        Assignment.objects.create(user=user, role=role, reach="institution", institution_id=seat)


def measure(name: str, run: Callable[[int], None], *, count: int, rounds: int) -> None:
    """Run `rounds` times over `count` things and print how many a second."""
    rates = []
    for _ in range(rounds):
        begun = time.perf_counter()
        run(count)
        rates.append(count / (time.perf_counter() - begun))
    figures = {"measure": name, "count": count, "best_per_s": round(max(rates)), "median_per_s": round(median(rates))}
    print(json.dumps(figures), flush=True)


def seal(count: int) -> None:
    from yigongti.spine.people.sealing import encrypt_many

    encrypt_many("name", [f"村民{number}" for number in range(count)])


def index(count: int) -> None:
    from yigongti.spine.people.sealing import blind_many

    blind_many("id_number", [f"11010119600101{number:04d}" for number in range(count)])


def append(count: int) -> None:
    from yigongti.spine.audit import trail

    for number in range(count):
        trail.record("read_person", actor=f"user{number % 40}", resident_id=f"R{number}", detail={"purpose": "record"})


def verify(count: int) -> None:
    from yigongti.spine.audit import trail

    report = trail.verify()
    assert report.sound, report.breaks[:3]


def steps(count: int) -> None:
    """Half of the steps open a case, half take it on; every one with all its traces and checks."""
    from yigongti.kernel import clock
    from yigongti.kernel.workflow import Step, Workflow
    from yigongti.spine.access.models import User
    from yigongti.spine.cases.bindings import Binding, bind
    from yigongti.spine.cases.engine import Parties, open_case, take

    move = Step("finish", "open", "done", by="technician", at="centre", deadline="referral.accept_within")
    workflow = Workflow("bench", label="bench", states={"open": "open", "done": "done"}, initial="open", final="done",
                        steps=(move,), opened_by="clinician")  # fmt: skip
    if not hasattr(steps, "bound"):
        steps.bound = bind(Binding(workflow))  # type: ignore[attr-defined]  # once a process
    for _ in range(count // 2):
        clinician, technician = (User.objects.get(username=name) for name in ("clinician", "technician"))
        now = clock.now()
        case = open_case("bench", parties=Parties("T1", "H1"), by=clinician, at=now, request_id=uuid4().hex)
        take(case, "finish", by=technician, at=now + timedelta(seconds=1), request_id=uuid4().hex)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("identities", 200_000), ("records", 20_000), ("steps", 2000), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    prepared()
    measure("identity values sealed (SM4-GCM)", seal, count=given.identities, rounds=given.rounds)
    measure("blind indexes (HMAC-SM3)", index, count=given.identities, rounds=given.rounds)
    measure("audit records appended, each its own transaction", append, count=given.records, rounds=given.rounds)
    measure("audit records verified", verify, count=given.records * given.rounds, rounds=given.rounds)
    measure("case steps taken", steps, count=given.steps, rounds=given.rounds)


if __name__ == "__main__":
    main()
