"""How long pages take while clients never pause: the cockpit and a resident's record.

    python bench/pages.py [--residents 1000000] [--home DIR] [--seconds 30] [--clients 4]

Makes a demonstration county of so many people in a data directory (kept where --home names one, so that a second
round is quick), serves it as `yigongti up` does, signs in, and lets the clients ask for one kind of page after the
other, each over its own connection, as fast as the answers come.
Targets at 1,000,000 residents with 4 clients: p95 of the cockpit < 150 ms, of a record < 100 ms.
"""

import argparse
import http.client
import itertools
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from threading import Barrier, Thread
from urllib.parse import urlencode

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


class Client:
    """One signed-in browser that keeps its connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def sign_in(self, name: str, password: str) -> None:
        form = self.get("/login/")[1].decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
        fields = {"csrfmiddlewaretoken": token, "username": name, "password": password}
        status, _ = self.ask(
            "POST", "/login/", urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert status == 302, f"{name} could not sign in: {status}"

    def get(self, path: str) -> tuple[int, bytes]:
        return self.ask("GET", path, None, {})

    def ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, {**headers, "Cookie": cookie})
        answer = self.connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, content


def measured(paths: Iterator[str], clients: list[Client], *, seconds: float) -> list[float]:
    """Milliseconds of every answer while all clients ask without pause."""
    taken: list[float] = []
    start, each = Barrier(len(clients)), itertools.tee(paths, len(clients))

    def work(client: Client, own: Iterator[str]) -> None:
        start.wait()
        until = time.perf_counter() + seconds
        while (began := time.perf_counter()) < until:
            status, _ = client.get(next(own))
            taken.append((time.perf_counter() - began) * 1000)
            assert status == 200, status

    threads = [Thread(target=work, args=pair) for pair in zip(clients, each, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def report(name: str, taken: list[float], *, seconds: float) -> None:
    p95 = quantiles(taken, n=20)[-1]
    ratio = p95 / TARGETS[name]
    print(
        f"{name:8} {len(taken) / seconds:7.1f} pages/s   min {min(taken):6.1f}   median {median(taken):6.1f}   "
        f"p95 {p95:6.1f} ms   target {TARGETS[name]} ms   p95 ÷ target {ratio:.2f}"
    )


@contextmanager
def served(environment: dict[str, str], *, application: str = "yigongti.site.wsgi:application") -> Iterator[int]:
    """The product served as `yigongti up` does; yields the port."""
    from yigongti.site.command_line.start import serving

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(serving("127.0.0.1", port, application=application), env=environment)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(120):
        try:
            return Client(port).get("/login/") and None
        except ConnectionError:
            time.sleep(0.5)
    raise TimeoutError("the server did not answer within a minute")


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
        with served(environment) as port:
            for name, role, paths in (
                ("cockpit", "bureau", itertools.repeat("/")),
                ("record", "family_doctor", (f"/residents/{random.choice(people)}/" for _ in itertools.count())),
            ):
                clients = [Client(port) for _ in range(asked.clients)]
                for client in clients:
                    client.sign_in(role, password)
                measured(paths, clients, seconds=3)
                report(name, measured(paths, clients, seconds=asked.seconds), seconds=asked.seconds)


if __name__ == "__main__":
    main()
