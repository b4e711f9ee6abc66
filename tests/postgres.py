"""A throw-away PostgreSQL for the tests of the store, from the binaries of Debian's package.

`python -m tests.postgres [pytest's arguments]` runs the tests marked `store` against one.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUICK = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=127.0.0.1 "
    "-c max_connections=300"  # of two processes, each with its own database and races of many clients
)


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server installed, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def server(options: str = QUICK, *, kept: Path | None = None) -> Iterator[str]:
    """Starts a server in a temporary folder and yields its URL; stops and removes it afterwards.

    kept: a folder in which its data stay, and are found the next time.
    """
    folder = kept or Path(tempfile.mkdtemp(prefix="yigongti-postgres-"))
    folder.mkdir(exist_ok=True)
    data, port, programs = folder / "data", _free_port(), binaries()
    assert programs, "no PostgreSQL server is installed"
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
    try:
        if not data.exists():
            _run(programs / "initdb", "-D", data, "-U", "yigongti", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        start = f"{options} -c unix_socket_directories={folder} -p {port}"
        _run(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", start, "start")
        try:
            yield f"postgresql://yigongti@127.0.0.1:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "fast" if kept else "immediate", "-w", "stop")
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def store_tests() -> list[str]:
    """The files that mark tests as tests of the store."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(path.relative_to(ROOT)) for path in files if "mark.store" in path.read_text(encoding="utf-8")]


def run_store_tests(*arguments: str) -> int:
    """Run them against a server of their own; returns pytest's exit code, 0 with a loud line where there is none."""
    if binaries() is None:
        print("\n*** NO POSTGRESQL: the tests of the store ran on SQLite only (apt-get install postgresql) ***\n")
        return 0
    with server() as url:
        command = [sys.executable, "-m", "pytest", "-m", "store", "-q", "-p", "no:cacheprovider", *store_tests()]
        environment = {**os.environ, "YIGONGTI_DATABASE": url}
        return subprocess.run([*command, *arguments], cwd=ROOT, env=environment, check=False).returncode


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*command: object) -> None:
    user = "postgres" if os.geteuid() == 0 else None
    done = subprocess.run(
        [str(part) for part in command], user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.decode()}")


if __name__ == "__main__":
    sys.exit(run_store_tests(*sys.argv[1:]))
