"""Bookings a second: clients that never pause book seats, each booking a transaction with all its traces.

    python bench/booking.py [--bookings 6000] [--clients 4] [--slots 400] [--rounds 3]

Runs in a data directory of its own, on SQLite, or on the PostgreSQL that YIGONGTI_DATABASE names (its tables are made
by the migrations; use an empty database).  Every fifth booking is a referral's.  Prints one JSON line a round, with
the CPU seconds of the clients and, where the server runs here, of PostgreSQL.
"""

import argparse
import json
import multiprocessing
import os
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

SEATS = 20
REFERRED = 5


def prepared() -> None:
    """A fresh store with one hospital, its desk, and nothing to book yet."""
    os.environ["YIGONGTI_HOME"] = tempfile.mkdtemp(prefix="yigongti-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "yigongti.site.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from yigongti.spine.access.models import Assignment, User
    from yigongti.spine.places.models import Institution

    for seat in ("T1", "H1"):
        Institution.objects.create(institution_id=seat, name=seat, is_lead=False, in_county=True)
    desk = User.objects.create_user("desk", password="x", display_name="desk")
    Assignment.objects.create(user=desk, role="referral_desk", reach="institution", institution_id="H1")


def offered(number: int, *, slots: int) -> list[int]:
    """A round's slots of SEATS seats each, at one resource; returns their ids."""
    from yigongti.capabilities.booking.models import Resource, Seat, Slot
    from yigongti.kernel import clock

    made = Resource.objects.create(kind="lab", item="bench", name=f"round {number}", institution_id="H1")
    begins = clock.now() + timedelta(days=2)
    rows = [
        Slot(resource=made, begins=begins + timedelta(minutes=5 * each), ends=begins + timedelta(minutes=5 * each + 5),
             shared_from=begins)
        for each in range(slots)
    ]  # fmt: skip
    Slot.objects.bulk_create(rows)
    ids = list(Slot.objects.filter(resource=made).order_by("pk").values_list("pk", flat=True))
    Seat.objects.bulk_create(
        [Seat(slot_id=slot, number=seat, is_reserved=seat > 16) for slot in ids for seat in range(1, SEATS + 1)],
        batch_size=2000,
    )
    return ids


def peopled(prefix: str, *, count: int) -> None:
    """Residents with accounts, and an open case for every fifth."""
    from yigongti.kernel import clock
    from yigongti.spine.access.models import Assignment, User
    from yigongti.spine.cases.models import Case
    from yigongti.spine.people.models import Resident

    names, now = [f"{prefix}{number}" for number in range(count)], clock.now()
    born = date(1980, 1, 1)
    Resident.objects.bulk_create([Resident(resident_id=name, birth_date=born) for name in names], batch_size=2000)
    users = [User(username=name, password="x", display_name=name, resident_id=name) for name in names]
    users = User.objects.bulk_create(users, batch_size=2000)
    Assignment.objects.bulk_create(
        [Assignment(user=user, role="resident", reach="county") for user in users], batch_size=2000
    )
    Case.objects.bulk_create(
        [Case(case_id=name, workflow="referral", state="accepted", institution_id="T1", counterpart_id="H1",
              resident_id=name, opened_at=now, entered_at=now) for name in names[::REFERRED]],
        batch_size=2000,
    )  # fmt: skip


def analysed() -> None:
    """PostgreSQL plans by what it knows of the tables; a server's own housekeeping would have told it by now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def client(prefix: str, numbers: range, slots: list[int], refusals: Any) -> None:
    """Book for one person after the other.  The accounts are known, as the sign-in has made them by then."""
    from yigongti.capabilities.booking.decisions.life import Source
    from yigongti.capabilities.booking.services.booking import book
    from yigongti.capabilities.booking.services.checking import Wish
    from yigongti.kernel import clock
    from yigongti.kernel.errors import Refusal

    accounts = _accounts(prefix, numbers)
    for number in numbers:
        name, referred = f"{prefix}{number}", number % REFERRED == 0
        wish = Wish(name, Source.REFERRAL, name) if referred else Wish(name, Source.RESIDENT)
        by = accounts["desk" if referred else name]
        try:
            book(slots[number * 7919 % len(slots)], wish, by=by, at=clock.now(), request_id=name)
        except Refusal:
            with refusals.get_lock():
                refusals.value += 1


def _accounts(prefix: str, numbers: range) -> dict[str, Any]:
    """The accounts by name, each with its scope, read together."""
    from yigongti.spine.access.models import User
    from yigongti.spine.access.scope import Scope, scope_of

    users = {user.username: user for user in User.objects.filter(username__startswith=prefix)}
    desk = User.objects.get(username="desk")
    scope_of(desk)
    wanted = {f"{prefix}{number}": users[f"{prefix}{number}"] for number in numbers}
    for user in wanted.values():
        user.resolved_scope = Scope({"resident": frozenset()})
    return {"desk": desk, **wanted}


def database_cpu() -> float | None:
    """CPU seconds of the PostgreSQL server and all backends that have ended, where it runs on this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    connection.close()
    time.sleep(0.3)  # for the server to collect the backends
    try:
        postmaster = (folder / "postmaster.pid").read_text().split()[0]
        fields = Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def one_round(number: int, given: argparse.Namespace) -> dict[str, Any]:
    """Everybody books once; returns the figures."""
    from django.db import connections

    slots, prefix = offered(number, slots=given.slots), f"p{number}-"
    peopled(prefix, count=given.bookings)
    analysed()
    database, fork = database_cpu(), multiprocessing.get_context("fork")
    connections.close_all()
    refusals, spent, begun = fork.Value("i", 0), _children_cpu(), time.perf_counter()
    clients = [
        fork.Process(target=client, args=(prefix, range(each, given.bookings, given.clients), slots, refusals))
        for each in range(given.clients)
    ]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    seconds, clients_cpu = time.perf_counter() - begun, _children_cpu() - spent
    ended = database_cpu()
    server_cpu = None if database is None or ended is None else ended - database
    return _figures(given, seconds, clients_cpu, server_cpu, refusals.value, slots)


def _figures(
    given: argparse.Namespace, seconds: float, clients: float, server: float | None, refused: int, slots: list[int]
) -> dict[str, Any]:
    from yigongti.capabilities.booking.models import Booking

    made = Booking.objects.filter(slot_id__in=slots).count()
    assert made + refused == given.bookings, "a booking was lost"
    per_booking = (clients + (server or 0)) / made
    return {
        "measure": "bookings", "made": made, "refused": refused, "clients": given.clients,
        "seconds": round(seconds, 2), "per_s": round(made / seconds), "clients_cpu_s": round(clients, 2),
        "database_cpu_s": None if server is None else round(server, 2), "cpu_ms_each": round(per_booking * 1000, 2),
    }  # fmt: skip


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("bookings", 6000), ("clients", 4), ("slots", 400), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    prepared()
    one_round(-1, argparse.Namespace(**{**vars(given), "bookings": 500}))  # warm: no table is empty
    for number in range(given.rounds):
        print(json.dumps(one_round(number, given)), flush=True)


if __name__ == "__main__":
    main()
