"""A county of its own behind a real server, and a Chromium that reports everything that goes wrong.

The demonstration county is made once a run by the product's own command; the server is the one people use.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

BIN = Path(sys.executable).parent
RESIDENTS = 2000
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
PATIENCE = 120_000  # milliseconds for a page, a step or what is expected: a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE)
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
LEFT = "net::ERR_ABORTED"  # what the browser itself gives up when the page is left: a picture not yet there
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def county(made_once: Callable[..., Path]) -> Iterator["County"]:
    """A small demonstration county, measured, with one frozen monitoring, served."""
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM: the browser tests did not run; install it (apt-get install chromium)")
    folder = made_once("browser-county", _make)
    environment = _surroundings(folder)
    with Served(environment) as address:
        yield County(address, (folder / "password").read_text(encoding="utf-8"), environment)


def _make(folder: Path) -> None:
    environment = _surroundings(folder)
    _ran(str(BIN / "yigongti"), "up", "--no-serve", "--residents", str(RESIDENTS), environment=environment)
    prepared = _ran(sys.executable, "-c", PREPARE, environment=environment)
    (folder / "password").write_text(prepared.strip().splitlines()[-1], encoding="utf-8")


def _surroundings(folder: Path) -> dict[str, str]:
    """The environment of a process whose data directory is folder/home."""
    return {
        **os.environ,
        "YIGONGTI_HOME": str(folder / "home"),
        "DJANGO_SETTINGS_MODULE": "yigongti.site.settings",
    }


def _ran(*command: str, environment: dict[str, str]) -> str:
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


PREPARE = """
import django; django.setup()
from yigongti.capabilities.measure.services import freezing, runs
from yigongti.pages.storage import publish
from yigongti.spine.access.accounts import create_demo_accounts
from yigongti.spine.access.models import User
publish()
run = runs.evaluate("half_year", period="2026H1")
freezing.freeze(run.pk, by=User.objects.get(username="bureau"))
print(create_demo_accounts()[0].password)
"""


class County:
    """Where the county is served, the password of its demonstration accounts, and its command line."""

    def __init__(self, address: str, password: str, environment: dict[str, str]) -> None:
        self.address, self.password, self.environment = address, password, environment

    def run(self, *command: str) -> str:
        """What `yigongti <command>` prints for this county."""
        return _ran(str(BIN / "yigongti"), *command, environment=self.environment)


class Served:
    """The server as a context: starts on a free port, waits until it answers, ends with the block."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = environment

    def __enter__(self) -> str:
        arguments = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]
        command = [str(BIN / "granian"), *arguments, "yigongti.site.wsgi:application"]
        self.process = subprocess.Popen(command, env=self.environment)
        address = f"http://127.0.0.1:{self.port}"
        for _ in range(120):
            try:
                urlopen(f"{address}/login/").close()
            except (URLError, ConnectionError):
                time.sleep(0.5)
            else:
                return address
        raise TimeoutError("the server did not answer within a minute")

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="session")
def browser(county: County) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Visitor:
    """Somebody signed in, at a window of some size; whatever the page complains about is collected."""

    def __init__(self, browser: Browser, county: County, *, role: str, window: dict[str, int], language: str) -> None:
        self.county, self.complaints = county, list[str]()
        self.context = browser.new_context(viewport=window, locale="zh-CN", base_url=county.address)
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self._listen()
        if role:
            self._sign_in(role)
        if language != "zh-hans":
            self.page.click(f".languages button[value={language}]")

    def open(self, address: str) -> Page:
        """A page of the county, its scripts run and drawn."""
        self.page.goto(address)
        self.page.evaluate(DRAWN)
        return self.page

    def _sign_in(self, role: str) -> None:
        self.open("/login/")
        self.page.fill("[name=username]", role)
        self.page.fill("[name=password]", self.county.password)
        self.page.click("main button.btn-primary")
        self.page.wait_for_load_state("networkidle")
        assert "/login/" not in self.page.url, f"{role} could not sign in"

    def _listen(self) -> None:
        page, heard = self.page, self.complaints.append
        page.on("console", lambda told: heard(f"console: {told.text}") if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: heard(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", lambda got: heard(f"{got.status}: {got.url}") if got.status >= 400 else None)

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self.complaints.append(f"request: {request.url} {request.failure}")


@pytest.fixture
def visit(browser: Browser, county: County) -> Iterator[Any]:
    """visit("bureau", window=PHONE, language="en") → a Visitor; a complaint of the page fails the test at its end."""
    visitors: list[Visitor] = []

    def come(role: str, *, window: dict[str, int] = DESKTOP, language: str = "zh-hans") -> Visitor:
        visitors.append(Visitor(browser, county, role=role, window=window, language=language))
        return visitors[-1]

    yield come
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert not complaints


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


def without_query(address: str) -> str:
    return re.sub(r"[?#].*", "", address)
