"""Strict reading of the policy files: every value knows its file and line, nothing unknown is passed over.

Scalars stay the text that was typed (so `1:80`, `010` or `yes` mean what a person wrote, not what YAML makes of
them); each field is then read as what it has to be.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

import yaml

from yigongti.kernel.errors import PolicyError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"

Plain = str | None | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True)
class Entry:
    """One mapping in a policy file, with the place it stands at."""

    path: Path
    line: int
    fields: Mapping[str, tuple[int, Plain]]

    def refuse(self, what: str, *, field: str = "", why: str = "", remedy: str = "") -> NoReturn:
        """Raise a PolicyError that points at this entry, or at one of its fields."""
        line = self.fields[field][0] if field in self.fields else self.line
        raise PolicyError(what, where=f"{self.path}:{line}", why=why, remedy=remedy)

    def only(self, *allowed: str) -> None:
        """Refuse every field that is not in the list, and every field left empty."""
        for name, (_, value) in self.fields.items():
            if name not in allowed:
                self.refuse(f"不认识的字段“{name}”", field=name, remedy=f"这里可以写:{'、'.join(allowed)}")
            if value is None:
                self.refuse(f"字段“{name}”是空的", field=name, remedy="请填写,或删去这一行(~ 等符号要加引号)")

    def has(self, name: str) -> bool:
        return name in self.fields and self.fields[name][1] is not None

    def raw(self, name: str, *, why: str = "") -> Plain:
        """A field as typed; refused when absent or empty."""
        if not self.has(name):
            self.refuse(f"缺少字段“{name}”", why=why, remedy=f"请补写 {name}")
        return self.fields[name][1]

    def text(self, name: str, *, why: str = "") -> str:
        """A field of one text."""
        value = self.raw(name, why=why)
        if not isinstance(value, str) or not value.strip():
            self.refuse(f"“{name}”应为一段文字", field=name, remedy=f"请写成 {name}: 文字")
        return value.strip()

    def optional(self, name: str) -> str:
        return self.text(name) if self.has(name) else ""

    def day(self, name: str) -> date:
        """A field of one day, written 2024-03-26."""
        text = self.text(name)
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.refuse(f"“{name}”的日期“{text}”无法识别", field=name, remedy="请写成 2024-03-26 的样子")

    def optional_day(self, name: str) -> date | None:
        return self.day(name) if self.has(name) else None

    def choice(self, name: str, allowed: Iterable[str], *, why: str = "") -> str:
        """A field with one of a closed list of words."""
        text, words = self.text(name, why=why), list(allowed)
        if text not in words:
            self.refuse(f"“{name}”的值“{text}”不在许可范围内", field=name, why=why, remedy=f"可用:{'、'.join(words)}")
        return text

    def texts(self, name: str) -> tuple[str, ...]:
        """A field of a list of texts; () where it is absent."""
        if not self.has(name):
            return ()
        value = self.raw(name)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.refuse(f"“{name}”应为列表", field=name, remedy=f"请写成 {name}: [甲, 乙]")
        return tuple(str(each) for each in value)

    def entry(self, name: str, *, why: str = "") -> "Entry":
        """A field that is itself a mapping."""
        return self._nested(name, self.raw(name, why=why))

    def entries(self, name: str) -> Iterator["Entry"]:
        """A field that is a list of mappings."""
        value = self.raw(name)
        if not isinstance(value, list) or not value:
            self.refuse(f"“{name}”应为非空列表", field=name, remedy="请至少写一项,每项以 - 开头")
        for each in value:
            yield self._nested(name, each)

    def _nested(self, name: str, value: Plain) -> "Entry":
        line = self.fields[name][0]
        if not isinstance(value, Located):
            self.refuse(f"“{name}”应写成若干行“名称: 值”", field=name, remedy="请参照 policy/README.md 的样例")
        return Entry(self.path, value.line or line, {key: (value.lines[key], value[key]) for key in value})


class Located(dict[str, Plain]):
    """A mapping that remembers the line of itself and of each key."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


def read_entry(path: Path) -> Entry:
    """The one mapping that a policy file holds.  Raises PolicyError on unreadable text or another shape."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise PolicyError(f"文件读不出来:{error.strerror}", where=str(path), remedy="请检查文件和权限") from error
    except UnicodeDecodeError as error:
        raise PolicyError(f"文件不是 UTF-8 编码:{error.reason}", where=str(path), remedy="请另存为 UTF-8") from error
    except yaml.YAMLError as error:
        raise _unreadable(path, error) from error
    value = None if root is None else _plain(root, path)
    if not isinstance(value, Located):
        raise PolicyError("文件应由若干行“字段: 值”组成", where=f"{path}:1", remedy="请参照 policy/README.md 的样例")
    return Entry(path, 1, {key: (value.lines[key], value[key]) for key in value})


def _unreadable(path: Path, error: yaml.YAMLError) -> PolicyError:
    mark = getattr(error, "problem_mark", None)
    where = f"{path}:{mark.line + 1}" if mark else str(path)
    problem = getattr(error, "problem", None) or str(error)
    return PolicyError(f"YAML 格式错误:{problem}", where=where, remedy="请检查缩进、冒号后的空格和引号")


def _plain(node: yaml.Node, path: Path) -> Plain:
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == _NULL else str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, path) for each in node.value]
    found = Located(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        line, key = key_node.start_mark.line + 1, str(key_node.value)
        if key in found:
            raise PolicyError(f"字段“{key}”写了两次", where=f"{path}:{line}", remedy="请只留一个")
        found[key], found.lines[key] = _plain(value_node, path), line
    return found
