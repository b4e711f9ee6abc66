"""What every channel is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """One message as a channel gets it.  id: the same however often it is tried."""

    id: str
    to: str
    text: str
    kind: str
    at: datetime


class Undelivered(Exception):
    """The channel did not take a message; the text says why, in Chinese.  is_final: trying again is of no use."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


class Channel(Protocol):
    """Takes a message over, or raises Undelivered."""

    def send(self, letter: Letter) -> None: ...
