"""Files sent by a browser: received into the data directory, loaded as from the command line, and removed again."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from yigongti.exchange.files.loading import load
from yigongti.exchange.files.report import LoadReport
from yigongti.exchange.web.confining import readers_for
from yigongti.kernel.ids import new_id
from yigongti.spine.audit import trail
from yigongti.spine.home import home

FOLDER = "uploads"


@dataclass(frozen=True)
class Received:
    """Files of one upload in a folder of their own."""

    folder: Path
    paths: tuple[Path, ...]


def load_uploaded(files: Iterable[UploadedFile], *, by: Any) -> LoadReport:
    """Receive and load files for the user `by`, within what they may load; the loading is audited.

    The files are removed afterwards: their rows are in the lake or in quarantine.  Raises Refusal where nothing can
    be loaded at all (another load is running).
    """
    received = _received(files)
    try:
        report = load(received.paths, by=by.username, readers=readers_for(by))
    finally:
        shutil.rmtree(received.folder, ignore_errors=True)
    trail.record("load_files", actor=by.username, detail={"files": [_told(file) for file in report.as_dict()["files"]]})
    return report


def _received(files: Iterable[UploadedFile]) -> Received:
    folder = home().path / FOLDER / new_id()
    folder.mkdir(parents=True, mode=0o700)
    return Received(folder, tuple(_written(file, folder) for file in files))


def _written(file: UploadedFile, folder: Path) -> Path:
    path = folder / Path(str(file.name)).name
    with path.open("wb") as sink:
        for chunk in file.chunks():
            sink.write(chunk)
    return path


def _told(file: dict[str, Any]) -> dict[str, Any]:
    """A file's report for the audit: counts and names, no folder of ours."""
    return {**file, "file": Path(file["file"]).name}
