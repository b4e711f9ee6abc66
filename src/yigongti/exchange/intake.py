"""Everything that comes in as a file, through one door: fact files of every form, and FHIR."""

from collections.abc import Sequence
from pathlib import Path

from yigongti.exchange.fhir.reader import FhirReader
from yigongti.exchange.files.loading import load
from yigongti.exchange.files.progress import Progress
from yigongti.exchange.files.reading.readers import READERS
from yigongti.exchange.files.report import LoadReport

ALL_READERS = (FhirReader(), *READERS)


def take_in(paths: Sequence[Path], *, progress: Progress | None = None) -> LoadReport:
    """Load files and folders of any known form; see `files.loading.load`."""
    return load(paths, progress=progress, readers=ALL_READERS)
