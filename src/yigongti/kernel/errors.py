"""Errors people read: what happened, where, why it is refused (clause), what to do."""

from dataclasses import dataclass


@dataclass
class Refusal(Exception):
    """A request that cannot be done, told so that the reader can act on it.

    what: what is wrong, with the value; where: file, line, column, field or case;
    why: the rule or clause that refuses it; remedy: what to do next.  All in Chinese.
    exit_code: what a command exits with (2 unless a subclass says otherwise).
    """

    what: str
    where: str = ""
    why: str = ""
    remedy: str = ""
    exit_code: int = 2

    def __str__(self) -> str:
        parts = [self.what]
        parts += [f"{label}:{text}" for label, text in self._labelled() if text]
        return ";".join(parts)

    def _labelled(self) -> list[tuple[str, str]]:
        return [("位置", self.where), ("原因", self.why), ("处理", self.remedy)]

    def as_dict(self) -> dict[str, str]:
        """For `--json`: what, where, why, remedy."""
        return {"what": self.what, "where": self.where, "why": self.why, "remedy": self.remedy}


class PolicyError(Refusal):
    """A rule, pack or source that is missing, malformed or without its citation."""


class FileRefused(Refusal):
    """A whole file that cannot be read or does not have the shape of its table."""


class NotAllowed(Refusal):
    """The person, role, scope or state does not permit this."""
