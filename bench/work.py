"""How long work takes while clients never pause: a work list, a case page, a step, at a county's size.

    python bench/work.py [--residents 1000000] [--cases 2000000] [--seconds 30] [--clients 8] [--home DIR]

Starts a PostgreSQL of its own with its usual durability (or uses the empty database that --database names), fills it by
SQL with institutions, residents, cases of three workflows and their events, serves the product's own pages beside it,
and lets the clients ask for one kind of thing after the other, each over its own connection, as fast as answers come.
With --home the store is kept in that folder and found there the next time; the steps that a round takes are then gone.
A tenth of the cases is open; the clients are a clinician, a hospital's desk, a consortium's manager and the
county's dispatch.
Server, database and clients share the machine; "CPU" is the processor time of one answer, of all three.
Targets at 1,000,000 residents, 2,000,000 cases and 8 clients: p95 of a list and of a case page < 80 ms, of a step
< 120 ms.
"""

import argparse
import itertools
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path

from clients import Client, Server, getting, measured, report, served

ROOT = Path(__file__).resolve().parents[1]
TARGETS = {"list to_do": 80, "list all": 80, "case page": 80, "step": 120}
SEATS = {
    "clinician": ("clinician", "institution", "T1"),
    "desk": ("referral_desk", "institution", "H1"),
    "manager": ("manager", "consortium", "H1"),
    "dispatch": ("referral_desk", "county", None),
}
"""Login name → role, reach and institution of those who work."""
PASSWORD = "a-password-of-the-bench"
WORKFLOWS = ("bench_referral", "bench_contract", "bench_reading")
DURABLE = "-c listen_addresses=127.0.0.1 -c shared_buffers=512MB -c max_wal_size=4GB"
SITE = """
from yigongti.site.wsgi import application
from work_workflows import bind_all
bind_all()
"""
BIND = """
from yigongti.kernel.workflow import Step, Workflow
from yigongti.spine.cases.bindings import Binding, bind

def workflow(name):
    return Workflow(name, label=name, states={"sent": "已发出", "accepted": "已接受", "arrived": "已到达",
        "closed": "已办结", "declined": "已退回"}, initial="sent", final={"closed", "declined"}, steps=(
        Step("accept", "sent", "accepted", by="referral_desk", at="receiver", label="接受", asks=("note",),
             deadline="referral.accept_within"),
        Step("decline", "sent", "declined", by="referral_desk", at="receiver", label="退回", needs=("reason",)),
        Step("arrive", "accepted", "arrived", by="referral_desk", at="receiver", label="到达"),
        Step("close", "arrived", "closed", by="clinician", at="sender", label="办结", needs=("reason",))))

def bind_all():
    for name in ("bench_referral", "bench_contract", "bench_reading"):
        bind(Binding(workflow(name)))
"""
PREPARE = """
import sys, django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from yigongti.pages.storage import publish
publish()
from work_workflows import bind_all
bind_all()
"""
FILL = (
    """INSERT INTO places_institution (institution_id, name, kind, level, ownership, consortium_id, parent_id, is_lead,
        in_county) SELECT 'H'||n, '第'||n||'医院', 'county_hospital', 'secondary', 'public', 'C'||n, NULL, true, true
        FROM generate_series(1, 2) n""",
    """INSERT INTO places_institution (institution_id, name, kind, level, ownership, consortium_id, parent_id, is_lead,
        in_county) SELECT 'T'||n, '第'||n||'卫生院', 'township_center', 'primary', 'public', 'C'||(1 + n % 2), NULL,
        false, true FROM generate_series(1, 30) n""",
    """INSERT INTO places_institution (institution_id, name, kind, level, ownership, consortium_id, parent_id, is_lead,
        in_county) SELECT 'V'||n, '第'||n||'村卫生室', 'village_room', 'primary', 'public', 'C'||(1 + n % 30 % 2),
        'T'||(1 + n % 30), false, true FROM generate_series(1, 400) n""",
    """INSERT INTO people_resident (resident_id, sex, birth_date, insured_as, key_groups)
        SELECT 'R'||n, CASE n % 2 WHEN 0 THEN 'female' ELSE 'male' END, date '1940-01-01' + (n * 79 % 29000),
        'resident', '[]' FROM generate_series(1, %(residents)s) n""",
    """INSERT INTO people_identity (resident_id, name, name_index) SELECT 'R'||n, (%(names)s::bytea[])[1 + n % 500],
        decode(md5(n::text), 'hex') FROM generate_series(1, %(residents)s) n""",
    """INSERT INTO cases_case (case_id, workflow, state, version, title, institution_id, counterpart_id, resident_id,
        opener_id, opened_at, entered_at, due_at, closed_at, payload)
        SELECT 'b' || lpad(n::text, 25, '0'), (%(workflows)s::text[])[1 + h / 60 % 3],
        CASE WHEN is_open THEN (ARRAY['sent', 'accepted', 'arrived'])[1 + h / 180 % 3] ELSE 'closed' END,
        CASE WHEN is_open THEN 1 + h / 180 % 3 ELSE 4 END, '胸痛待查 ' || n, 'T' || (1 + h % 30),
        'H' || (1 + h / 30 % 2), 'R' || (1 + n::bigint * 7919 % %(residents)s), NULL, opened, opened + '1 h',
        CASE WHEN is_open AND h / 540 % 4 > 0 THEN opened + interval '40 days' END,
        CASE WHEN NOT is_open THEN opened + interval '9 days' END, '{"note": "外院心电图异常"}'
        FROM (SELECT n, n % 10 = 0 AS is_open, now() - (n % 1099) * interval '1 day' - n * interval '1 ms' AS opened,
              ('x' || substr(md5(n::text), 1, 7))::bit(28)::int AS h
              FROM generate_series(1, %(cases)s) n) counted""",
    """INSERT INTO cases_caseevent (case_id, version, step, from_state, to_state, role, institution_id, at, due_at,
        late, request_id, data)
        SELECT case_id, v, (ARRAY['open','accept','arrive','close'])[v], (ARRAY[NULL,'sent','accepted','arrived'])[v],
        (ARRAY['sent','accepted','arrived','closed'])[v], 'clinician', institution_id, opened_at + v * interval '1 h',
        NULL, false, case_id || v, '{}' FROM cases_case, generate_series(1, 4) v WHERE v <= version""",
    "VACUUM ANALYZE",
)


def environment_of(folder: Path, database: str) -> dict[str, str]:
    (folder / "work_workflows.py").write_text(BIND, encoding="utf-8")
    (folder / "work_site.py").write_text(SITE, encoding="utf-8")
    (folder / "home").mkdir(exist_ok=True)
    (folder / "home" / "yigongti.toml").write_text('county = "云溪县"\ndemo = true\n', encoding="utf-8")
    return {
        **os.environ, "YIGONGTI_HOME": str(folder / "home"), "YIGONGTI_DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "yigongti.site.settings",
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "src")]),
    }  # fmt: skip


def opened(environment: dict[str, str], folder: Path, *, residents: int, cases: int) -> None:
    """The product in this process too, on a store made and filled; one that was kept is taken as it is."""
    stamp, wanted = folder / "filled", f"{residents} residents, {cases} cases"
    if stamp.exists() and stamp.read_text() != wanted:
        raise SystemExit(f"{folder} holds {stamp.read_text()}: name another folder, or those numbers")
    subprocess.run([sys.executable, "-c", PREPARE], env=environment, check=True)
    os.environ.update(environment)
    sys.path.insert(0, str(folder))
    import django

    django.setup()
    import_module("work_workflows").bind_all()
    if not stamp.exists():
        fill(residents=residents, cases=cases)
        stamp.write_text(wanted)


def fill(*, residents: int, cases: int) -> None:
    from django.db import connection

    from yigongti.spine.people.sealing import encrypt_many

    values = {"residents": residents, "cases": cases, "workflows": list(WORKFLOWS),
              "names": encrypt_many("name", [f"王小{number}" for number in range(500)])}  # fmt: skip
    with connection.cursor() as cursor:
        for statement in FILL:
            began = time.perf_counter()
            cursor.execute(_escaped(statement), values)
            print(
                f"  {statement.split('(')[0].strip():32} {cursor.rowcount:>9} rows {time.perf_counter() - began:6.1f} s"
            )
    make_accounts()


def _escaped(statement: str) -> str:
    """A per cent sign that is not a parameter's is SQL's own."""
    return re.sub(r"%(?!\()", "%%", statement)


def make_accounts() -> None:
    from yigongti.spine.access.models import Assignment, User

    for name, (role, reach, institution) in SEATS.items():
        user = User.objects.create_user(name, password=PASSWORD, display_name=name)
        Assignment.objects.create(user=user, role=role, reach=reach, institution_id=institution)


def desks_for(clients: int) -> list[str]:
    """As many people of one desk: their login names.  A person's steps wait for one another."""
    from yigongti.spine.access.models import Assignment, User

    names = [f"desk-{number}" for number in range(clients)]
    role, reach, institution = SEATS["desk"]
    for name in names:
        if not User.objects.filter(username=name).exists():
            user = User.objects.create_user(name, password=PASSWORD, display_name=name)
            Assignment.objects.create(user=user, role=role, reach=reach, institution_id=institution)
    return names


def samples(name: str) -> list[str]:
    """Cases that somebody may look at, in no order."""
    from yigongti.spine.access.models import User
    from yigongti.spine.cases.selectors import visible_cases

    return shuffled(visible_cases(User.objects.get(username=name)).values_list("pk", flat=True)[:4000])


def waiting() -> list[str]:
    """Cases that the desk may accept, in no order."""
    from yigongti.spine.cases.models import OPEN, Case

    return shuffled(Case.objects.filter(OPEN, counterpart_id="H1", state="sent").values_list("pk", flat=True)[:40_000])


def shuffled(found: Iterable[str]) -> list[str]:
    cases = list(found)
    random.Random(7).shuffle(cases)
    return cases


class Steps:
    """Takes the next step of one case after the other, as the button of the case page does."""

    def __init__(self, cases: list[str]) -> None:
        self.left = iter(cases)

    def __call__(self, client: Client) -> int:
        case = next(self.left)
        client.cookies.pop("messages", None)  # the page that a browser opens next shows them, and they are gone
        said = {"csrfmiddlewaretoken": client.cookies["csrftoken"], "version": "1", "request_id": f"{case}-bench"}
        return client.post(f"/work/{case}/steps/accept/", said)


def run(server: Server, asked: argparse.Namespace) -> None:
    """Every kind after the other: warmed for two seconds, then measured."""
    names = [list(SEATS)[number % len(SEATS)] for number in range(asked.clients)]
    desks = desks_for(asked.clients)
    seen, to_accept = {name: samples(name) for name in SEATS}, waiting()
    share = len(to_accept) // asked.clients
    pages = [getting(itertools.cycle([f"/work/{case}/" for case in seen[name]])) for name in names]
    kinds = (
        ("list to_do", names, [getting(itertools.repeat("/work/")) for _ in names], 200),
        ("list all", names, [getting(itertools.repeat("/work/?list=all")) for _ in names], 200),
        ("case page", names, pages, 200),
        ("step", desks, [Steps(to_accept[i * share : (i + 1) * share]) for i in range(asked.clients)], 302),
    )
    for name, logins, asks, wanted in kinds:
        people = [signed_in(server.port, login) for login in logins]
        measured(people, asks, wanted=wanted, seconds=2)
        found = measured(people, asks, wanted=wanted, seconds=asked.seconds, server=server.process)
        report(name, found, target=TARGETS[name])


def signed_in(port: int, name: str) -> Client:
    client = Client(port)
    client.sign_in(name, PASSWORD)
    return client


@contextmanager
def database(url: str | None, *, kept: Path | None) -> Iterator[str]:
    """The database named, the one kept in a folder, or one that is gone afterwards."""
    sys.path.append(str(ROOT))
    postgres = import_module("tests.postgres")
    with nullcontext(url) if url else postgres.server(DURABLE, kept=kept) as found:
        yield str(found)


def asked_for() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("residents", 1_000_000), ("cases", 2_000_000), ("seconds", 30), ("clients", 8)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--database", default=None)
    parser.add_argument("--home", type=Path, default=None)
    return parser.parse_args()


def main() -> None:
    asked = asked_for()
    place = nullcontext(asked.home) if asked.home else tempfile.TemporaryDirectory(prefix="yigongti-work-")
    with place as named:
        folder = Path(named).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        with database(asked.database, kept=folder / "postgres" if asked.home else None) as url:
            environment = environment_of(folder, url)
            opened(environment, folder, residents=asked.residents, cases=asked.cases)
            size = f"{asked.residents:,} residents, {asked.cases:,} cases, {asked.clients} clients"
            print(f"{size}, {os.cpu_count()} cores")
            with served(environment, application="work_site:application") as server:
                run(server, asked)


if __name__ == "__main__":
    main()
