"""Clients that never pause, and the product served beside them: how the benchmarks of pages measure.

    with served(environment) as port:
        people = [Client(port) for _ in range(8)]
        report("cockpit", measured(people, [getting(repeat("/")) for _ in people], seconds=30), target=150)

A client is one connection and costs next to nothing, for it shares the cores with the server; it asks for packed
answers, as browsers do, and unpacks only what it has to read.
"""

import gzip
import itertools
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from threading import Barrier
from urllib.parse import urlencode

from clients.processor import Spent, spent

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"set-cookie: *([^=\s]+)=([^;\r]*)", re.IGNORECASE)
_LAST = re.compile(rb"connection: *close", re.IGNORECASE)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_BLOCK = 1 << 16


class Client:
    """One browser that keeps its connection, until the server hangs up, and its cookies."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self._connect()

    def _connect(self) -> None:
        self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def sign_in(self, name: str, password: str) -> None:
        """Raises AssertionError where the server does not let them in."""
        _, page = self._asked("GET", "/login/")
        token = _TOKEN.search(gzip.decompress(page).decode())
        assert token, "the sign-in page has no form"
        status = self.post("/login/", {"csrfmiddlewaretoken": token[1], "username": name, "password": password})
        assert status == 302, f"{name} could not sign in: {status}"

    def get(self, path: str) -> int:
        """The status of the answer, which has been read whole."""
        return self._asked("GET", path)[0]

    def post(self, path: str, form: Mapping[str, str]) -> int:
        return self._asked("POST", path, urlencode(form))[0]

    def _asked(self, method: str, path: str, body: str = "") -> tuple[int, bytes]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept-Encoding: gzip", f"Cookie: {cookies}"]
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self.connection.sendall("\r\n".join([*lines, "", body]).encode())
        return self._answer()

    def _answer(self) -> tuple[int, bytes]:
        head, got = b"", bytearray()
        while not head:
            self._read(got)
            head, _, rest = bytes(got).partition(b"\r\n\r\n") if b"\r\n\r\n" in got else (b"", b"", b"")
        got[:] = rest
        length = _LENGTH.search(head)
        assert length, f"an answer of unknown length: {head!r}"
        while len(got) < int(length[1]):
            self._read(got)
        if _LAST.search(head):
            self.connection.close()
            self._connect()
        self.cookies.update((name.decode(), value.decode()) for name, value in _COOKIE.findall(head))
        return int(head[9:12]), bytes(got)

    def _read(self, into: bytearray) -> None:
        block = self.connection.recv(_BLOCK)
        if not block:
            raise ConnectionError("the server hung up")
        into += block


Ask = Callable[[Client], int]
"""Asks for one thing; returns the status of the answer."""


def getting(paths: Iterator[str]) -> Ask:
    """Asks for one address after the other."""
    return lambda client: client.get(next(paths))


@dataclass(frozen=True)
class Measured:
    """taken: milliseconds of every answer; spent: processor time meanwhile, of all concerned."""

    taken: Sequence[float]
    seconds: float
    spent: Spent


def measured(
    clients: Sequence[Client], asks: Sequence[Ask], *, seconds: float, wanted: int = 200, server: int = 0
) -> Measured:
    """Every client asks without pause for so long; server: the process whose processor time is told with the own."""
    start = Barrier(len(clients) + 1)

    def work(client: Client, ask: Ask) -> list[float]:
        start.wait()
        taken, until = [], time.perf_counter() + seconds
        while (began := time.perf_counter()) < until:
            status = ask(client)
            taken.append((time.perf_counter() - began) * 1000)
            assert status == wanted, status
        return taken

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = pool.map(work, clients, asks)
        before = spent(server)
        start.wait()
        taken = list(itertools.chain.from_iterable(answers))
    return Measured(taken, seconds, spent(server) - before)


def report(name: str, found: Measured, *, target: float) -> None:
    """One line: rate, times, p95 against the target, and processor time of one answer."""
    p95, answers = quantiles(found.taken, n=20)[-1], len(found.taken)
    print(
        f"{name:10} {answers / found.seconds:7.1f}/s   min {min(found.taken):6.1f}   median {median(found.taken):6.1f}"
        f"   p95 {p95:6.1f} ms   target {target:g} ms   p95 ÷ target {p95 / target:.2f}   "
        f"CPU {found.spent.each(answers)}",
        flush=True,
    )


@dataclass(frozen=True)
class Server:
    port: int
    process: int


@contextmanager
def served(environment: Mapping[str, str], *, application: str = "yigongti.site.wsgi:application") -> Iterator[Server]:
    """The product served as `yigongti up` does."""
    from yigongti.site.command_line.start import serving

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(serving("127.0.0.1", port, application=application), env=environment)
    try:
        _wait_for(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(120):
        try:
            Client(port).get("/login/")
            return
        except ConnectionError:
            time.sleep(0.5)
    raise TimeoutError("the server did not answer within a minute")
