"""A gateway that takes messages by HTTP: POST of {"id", "to", "text", "kind"} as JSON."""

import json
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import Request, urlopen

from yigongti.spine.notices.channels.channel import Letter, Undelivered

SECONDS = 10
_AGAIN = {408, 425, 429}


@dataclass(frozen=True)
class HttpGateway:
    """address: where to post; token: sent as a bearer token, "" for none."""

    address: str
    token: str = ""

    @classmethod
    def at(cls, named: str) -> "HttpGateway":
        """From "https://token@host/path"."""
        parts = urlsplit(named)
        token, at, place = parts.netloc.rpartition("@")
        return cls(urlunsplit(parts._replace(netloc=place)), unquote(token) if at else "")

    def send(self, letter: Letter) -> None:
        """Raises Undelivered unless the gateway answers 2xx; what it refuses for good (4xx) is final."""
        try:
            with urlopen(self._request(letter), timeout=SECONDS):
                return
        except HTTPError as error:
            final = 400 <= error.code < 500 and error.code not in _AGAIN
            raise Undelivered(f"网关答复 {error.code}", is_final=final) from error
        except (URLError, OSError) as error:
            raise Undelivered(f"网关连接不上:{getattr(error, 'reason', error)}") from error

    def _request(self, letter: Letter) -> Request:
        said = {"id": letter.id, "to": letter.to, "text": letter.text, "kind": letter.kind}
        headers = {"Content-Type": "application/json", "Idempotency-Key": letter.id}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return Request(self.address, json.dumps(said).encode(), headers, method="POST")
