"""Identity values at rest: SM4-GCM for secrecy, HMAC-SM3 blind indexes for exact lookup, keys that rotate.

A sealed value is `key id (1 byte) · nonce (12) · ciphertext · tag (16)`; the column's name is authenticated with
it, so that a phone cannot be moved into a name.  A blind index is `key id (1) · HMAC-SM3 of column and the
normalised value (16)`.  Keys live in the data directory's secrets, one file a key id, the highest is in use.
"""

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from yigongti.kernel.errors import Refusal
from yigongti.spine.home import Home, home

NONCE, TAG, INDEX, KEY = 12, 16, 16, 16
SEPARATORS = str.maketrans("", "", " -\u3000\t")


@dataclass(frozen=True)
class Keyring:
    """The keys by id (1…255): each 16 bytes for SM4 and 32 for the blind index.  `current` seals, all open."""

    keys: dict[int, bytes]

    @property
    def current(self) -> int:
        return max(self.keys)

    def cipher_key(self, key_id: int) -> bytes:
        """Raises Refusal where the key that sealed a value is no longer in the data directory."""
        if key_id not in self.keys:
            raise Refusal(
                f"身份信息由 {key_id} 号密钥加密,而密钥库中没有这把密钥",
                where="secrets/identity-*",
                remedy="请从备份恢复该密钥文件",
            )
        return self.keys[key_id][:KEY]

    def index_key(self, key_id: int) -> bytes:
        return self.keys[key_id][KEY:]


def keyring(at: Home | None = None) -> Keyring:
    """The keys of the data directory; the first is made when there is none."""
    place = at or home()
    try:
        changed = place.secrets.stat().st_mtime_ns
    except FileNotFoundError:
        changed = 0
    return _read(place, changed)


@lru_cache(maxsize=4)
def _read(place: Home, changed: int) -> Keyring:
    """Read once, and again when the folder of secrets has changed (a key was added)."""
    ids = sorted(int(path.name.removeprefix("identity-")) for path in place.secrets.glob("identity-???"))
    return Keyring({key_id: place.secret(_file(key_id), KEY + 32) for key_id in ids or [1]})


def add_key(at: Home | None = None) -> int:
    """Make the next key and put it in use; returns its id.  What older keys sealed stays readable."""
    place = at or home()
    key_id = keyring(place).current + 1
    if key_id > 255:
        raise Refusal("密钥编号已用完(255)", where="secrets/identity-*", remedy="请删除不再使用的旧密钥后重新编号")
    place.secret(_file(key_id), KEY + 32)
    return key_id


def _file(key_id: int) -> str:
    return f"identity-{key_id:03d}"


def encrypt_many(column: str, values: Sequence[str | None], *, keys: Keyring | None = None) -> list[bytes | None]:
    """Seal each value for `column` (None stays None); same order and length."""
    ring = keys or keyring()
    cipher, prefix, bound = algorithms.SM4(ring.cipher_key(ring.current)), bytes([ring.current]), column.encode()
    nonces = os.urandom(NONCE * len(values))
    found: list[bytes | None] = []
    for i, value in enumerate(values):
        nonce = nonces[NONCE * i : NONCE * (i + 1)]
        found.append(None if value is None else prefix + nonce + _seal(cipher, nonce, bound, value.encode()))
    return found


def _seal(cipher: algorithms.SM4, nonce: bytes, bound: bytes, plain: bytes) -> bytes:
    machine = Cipher(cipher, modes.GCM(nonce)).encryptor()
    machine.authenticate_additional_data(bound)
    return machine.update(plain) + machine.finalize() + machine.tag


def decrypt(column: str, sealed: bytes, *, keys: Keyring | None = None) -> str:
    """The value that was sealed for `column`.  Raises Refusal on a missing key or a value that was tampered with."""
    ring = keys or keyring()
    nonce, body, tag = sealed[1 : 1 + NONCE], sealed[1 + NONCE : -TAG], sealed[-TAG:]
    machine = Cipher(algorithms.SM4(ring.cipher_key(sealed[0])), modes.GCM(nonce, tag)).decryptor()
    machine.authenticate_additional_data(column.encode())
    try:
        return (machine.update(body) + machine.finalize()).decode()
    except InvalidTag as error:
        raise Refusal(
            f"身份信息 {column} 的密文校验不通过", why="数据被改动或密钥不符", remedy="请从备份恢复并检查审计"
        ) from error


def blind_many(column: str, values: Sequence[str | None], *, keys: Keyring | None = None) -> list[bytes | None]:
    """The blind index of each value under the key in use (None stays None)."""
    ring = keys or keyring()
    return _blind(column, values, ring, ring.current)


def blind_candidates(column: str, value: str, *, keys: Keyring | None = None) -> list[bytes]:
    """What to look a value up by: its blind index under every key (while a rotation is half done, both occur)."""
    ring = keys or keyring()
    return [index for key_id in ring.keys for index in _blind(column, [value], ring, key_id) if index is not None]


def _blind(column: str, values: Sequence[str | None], ring: Keyring, key_id: int) -> list[bytes | None]:
    machine, prefix = hmac.HMAC(ring.index_key(key_id), hashes.SM3()), bytes([key_id])
    machine.update(column.encode() + b"\0")
    return [None if value is None else prefix + _digest(machine, value) for value in values]


def _digest(machine: hmac.HMAC, value: str) -> bytes:
    one = machine.copy()
    one.update(normalised(value).encode())
    return one.finalize()[:INDEX]


def normalised(value: str) -> str:
    """What counts as the same name, ID number or phone: full and half width, case, spaces and hyphens aside."""
    if value.isascii():
        return value.translate(SEPARATORS).upper()
    return unicodedata.normalize("NFKC", value).translate(SEPARATORS).upper()
