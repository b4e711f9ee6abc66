"""Lists of codes and tables by code, given code by code, by how codes begin, or both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class CodeList:
    """A set of codes: those named, and all that start with one of the prefixes (the category `I63` for its codes)."""

    codes: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()

    def __contains__(self, code: str) -> bool:
        return code in self.codes or code.startswith(self.prefixes)


@dataclass(frozen=True)
class CodeTable(Generic[T]):
    """A value by code: the code's own, else that of the longest prefix it starts with."""

    by_code: Mapping[str, T] = field(default_factory=dict)
    by_prefix: Mapping[str, T] = field(default_factory=dict)

    def get(self, code: str) -> T | None:
        """The value for a code, None where the table has none."""
        if code in self.by_code:
            return self.by_code[code]
        found = next((prefix for prefix in self._longest_first if code.startswith(prefix)), None)
        return None if found is None else self.by_prefix[found]

    @cached_property
    def _longest_first(self) -> list[str]:
        return sorted(self.by_prefix, key=len, reverse=True)
