"""How long pages take while clients never pause: the cockpit and a resident's record.

    python bench/pages.py [--residents 1000000] [--home DIR] [--seconds 30] [--clients 4]

Makes a demonstration county of so many people in a data directory (kept where --home names one, so that a second
round is quick), serves it as `yigongti up` does, signs in, and lets the clients ask for one kind of page after the
other, each over its own connection, as fast as the answers come.
Targets at 1,000,000 residents with 4 clients: p95 of the cockpit < 150 ms, of a record < 100 ms.
"""

import argparse
import itertools
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from clients import Client, getting, measured, report, served

BIN = Path(sys.executable).parent
TARGETS = {"cockpit": 150, "record": 100}
PEOPLE = 2000
PREPARE = f"""
import django; django.setup()
from yigongti.pages.storage import publish
from yigongti.spine.access.accounts import create_demo_accounts
from yigongti.spine.access.models import User
from yigongti.spine.access.records import visible_residents
publish()
logins = create_demo_accounts()
doctor = User.objects.get(username="family_doctor")
print(logins[0].password)
print(" ".join(visible_residents(doctor).values_list("pk", flat=True)[:{PEOPLE}]))
"""


def prepared(environment: dict[str, str], *, residents: int) -> tuple[str, list[str]]:
    """The county made where there is none; the demonstration password, and people whom a family doctor may see."""
    up = [str(BIN / "yigongti"), "up", "--no-serve", "--residents", str(residents)]
    subprocess.run(up, env=environment, check=True, stdout=sys.stderr)
    told = subprocess.run([sys.executable, "-c", PREPARE], env=environment, check=True, capture_output=True, text=True)
    password, people = told.stdout.strip().splitlines()[-2:]
    return password, people.split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--residents", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--clients", type=int, default=4)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yigongti-pages-") as folder:
        environment = {**os.environ, "YIGONGTI_HOME": str(asked.home or folder)}
        environment["DJANGO_SETTINGS_MODULE"] = "yigongti.site.settings"
        password, people = prepared(environment, residents=asked.residents)
        print(f"{asked.residents:,} residents, {asked.clients} clients, {os.cpu_count()} cores")
        with served(environment) as server:
            for name, role, paths in (
                ("cockpit", "bureau", itertools.repeat("/")),
                ("record", "family_doctor", (f"/residents/{random.choice(people)}/" for _ in itertools.count())),
            ):
                clients = [Client(server.port) for _ in range(asked.clients)]
                for client in clients:
                    client.sign_in(role, password)
                asks = [getting(each) for each in itertools.tee(paths, len(clients))]
                measured(clients, asks, seconds=3)
                found = measured(clients, asks, seconds=asked.seconds, server=server.process)
                report(name, found, target=TARGETS[name])


if __name__ == "__main__":
    main()
