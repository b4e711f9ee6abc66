"""What a process keeps in its memory because many ask for it: so much of it, and not more."""

from collections.abc import Hashable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """Things by what they depend on.  When there are `most`, all are let go, and made anew as they are asked for."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._things: dict[Hashable, Thing] = {}

    def get(self, key: Hashable) -> Thing | None:
        return self._things.get(key)

    def keep(self, key: Hashable, thing: Thing) -> Thing:
        """Keep it from now on; returns it."""
        if len(self._things) >= self._most:
            self._things.clear()
        self._things[key] = thing
        return thing

    def forget(self) -> None:
        """Make everything anew."""
        self._things.clear()
