"""What a load says at the end: counts by file and table, notes, refusals, and the exit code."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

LOADED, UNREADABLE, QUARANTINED = 0, 2, 3


@dataclass(frozen=True)
class FileReport:
    """One table of one file; rows = loaded + replaced + unchanged + quarantined.  error: why the file was refused
    (what, where, why, remedy), {} where it loaded."""

    file: str
    table: str
    rows: int = 0
    loaded: int = 0
    replaced: int = 0
    unchanged: int = 0
    quarantined: int = 0
    notes: tuple[str, ...] = ()
    error: dict[str, str] = field(default_factory=dict)

    def noting(self, *notes: str) -> "FileReport":
        return replace(self, notes=(*self.notes, *notes))

    def as_dict(self) -> dict[str, Any]:
        """For `--json`; notes and error only where there are any."""
        whole = asdict(self)
        return {name: value for name, value in whole.items() if name not in ("notes", "error") or value}


@dataclass(frozen=True)
class LoadReport:
    """ignored: files of a folder that are no fact files."""

    files: tuple[FileReport, ...]
    ignored: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """2 a file was refused, 3 a row was quarantined, else 0."""
        if any(file.error for file in self.files):
            return UNREADABLE
        return QUARANTINED if any(file.quarantined for file in self.files) else LOADED

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        told: dict[str, Any] = {"files": [file.as_dict() for file in self.files]}
        return {**told, "ignored": list(self.ignored)} if self.ignored else told
