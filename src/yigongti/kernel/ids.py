"""Opaque ids: time-ordered, unguessable enough for a URL, stable once given."""

import secrets

from yigongti.kernel import clock

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def _base32(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def new_id() -> str:
    """26 characters: 10 of millisecond time, 16 random (the ULID layout, lower case)."""
    milliseconds = int(clock.now().timestamp() * 1000)
    return _base32(milliseconds, 10) + _base32(secrets.randbits(80), 16)
