"""Several clients at once, on a real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from django.db import connection

from yigongti.kernel.errors import Refusal


def at_once(attempt: Callable[[int], Any], *, clients: int) -> list[Any]:
    """What the clients 0, 1, … get who all try at the same time; refusals are answers too.

    Each has a connection of its own, and the clock that is pinned where they are called.
    """

    def client(number: int) -> Any:
        try:
            return attempt(number)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as pool:
        begun = [pool.submit(copy_context().run, client, number) for number in range(clients)]
        return [each.result() for each in begun]
