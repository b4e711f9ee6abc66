"""The county's data directory (`YIGONGTI_HOME`) and its choices (`yigongti.toml` in it)."""

import os
import secrets
import tomllib
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path

from yigongti.kernel.errors import Refusal

DEFAULT_CHOICES = """\
# 本县的选择。The county's choices; every line may be left out.
county = "云溪县(虚构)"
packs = ["national", "banan-2024"]   # 规则包:全国 + 省市 + 本县,后者优先
database = ""                        # 空为内置 SQLite;或 postgresql://user:password@host:5432/name
engine = "duckdb"
outbound = ""                        # 短信等外发消息:空为写入 outbox 目录;或 smtp://…、https://…
languages = ["zh-hans", "en"]
demo = true                          # 演示数据:每页注明人物地点皆为虚构
"""


@dataclass(frozen=True)
class Choices:
    """What yigongti.toml says: county name, policy packs (nation first), database URL ("" is SQLite), engine,
    outbound (by what messages leave, `spine.notices.channels`; "" is files), languages (first is the default),
    demo (every page says that people and places are invented)."""

    county: str = "本县"
    packs: tuple[str, ...] = ("national",)
    database: str = ""
    outbound: str = ""
    engine: str = "duckdb"
    languages: tuple[str, ...] = ("zh-hans", "en")
    demo: bool = False


@dataclass(frozen=True)
class Home:
    """The data directory: record store, lake, quarantine, secrets, the county's own policy pack."""

    path: Path

    @property
    def toml(self) -> Path:
        return self.path / "yigongti.toml"

    @property
    def lake(self) -> Path:
        return self.path / "lake"

    @property
    def quarantine(self) -> Path:
        return self.path / "quarantine"

    @property
    def own_policy(self) -> Path:
        return self.path / "policy"

    @property
    def sqlite(self) -> Path:
        return self.path / "record.sqlite3"

    @cached_property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def choices(self) -> Choices:
        """Raises Refusal naming the line's key when yigongti.toml is not TOML, or has a key or value it cannot have."""
        if not self.toml.exists():
            return Choices()
        state = self.toml.stat()
        return _choices(self.toml, state.st_mtime_ns, state.st_size)

    def create(self) -> None:
        """Make the directory with its default yigongti.toml; leaves what exists untouched."""
        for folder in (self.path, self.lake, self.quarantine, self.own_policy):
            folder.mkdir(parents=True, exist_ok=True)
        if not self.toml.exists():
            self.toml.write_text(DEFAULT_CHOICES, encoding="utf-8")

    def secret(self, name: str, size: int = 32) -> bytes:
        """A random key of `size` bytes kept in secrets/<name>, made on first use, readable by the owner only."""
        path = self.secrets / name
        if not path.exists():
            _write_once(path, secrets.token_bytes(size))
        return path.read_bytes()


def home() -> Home:
    """The data directory named by YIGONGTI_HOME, or `var/yigongti` under the present directory."""
    named = os.environ.get("YIGONGTI_HOME") or "var/yigongti"
    return _resolved(named, "" if named.startswith(os.sep) else str(Path.cwd()))


@lru_cache(maxsize=8)
def _resolved(named: str, _here: str) -> Home:
    """Asked for at every value that is decrypted, so the links are followed once."""
    return Home(Path(named).resolve())


@lru_cache(maxsize=4)
def _choices(toml: Path, _changed: int, _size: int) -> Choices:
    """Read once, and again when the file has changed: rules ask for the county's packs at every step."""
    try:
        given = tomllib.loads(toml.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(f"配置文件不是有效的 TOML:{error}", str(toml), remedy="请改正该行") from error
    return _checked(given, toml)


def _checked(given: dict[str, object], where: Path) -> Choices:
    types = {field.name: type(field.default) for field in fields(Choices)}
    for key, value in given.items():
        if key not in types:
            raise Refusal(f"配置文件里有未知的键 {key}", str(where), remedy=f"可用的键:{'、'.join(types)}")
        wanted = list if types[key] is tuple else types[key]
        if not isinstance(value, wanted):
            raise Refusal(f"{key} 的值 {value!r} 类型不对", str(where), remedy=f"应为 {wanted.__name__}")
    return Choices(**{key: tuple(value) if isinstance(value, list) else value for key, value in given.items()})  # type: ignore[arg-type]  # the loop above checked each value's type


def _write_once(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{secrets.token_hex(8)}")  # its own for each process and thread
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    try:
        os.link(draft, path)  # fails where another process was first: its key stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()
