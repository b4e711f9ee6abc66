"""Static files: compressed and named by content once published, so that a browser keeps them for good."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

_STAMP = ".published"


class Storage(CompressedManifestStaticFilesStorage):
    """Names by content where the files have been published; plain names before (tests, a checkout just made)."""

    def url(self, name: str | None, force: bool = False) -> str:
        return _published(self, name, force) if self.hashed_files else StaticFilesStorage.url(self, name)


@cache
def _published(storage: Storage, name: str | None, force: bool) -> str:
    """What was published is what this process serves, and every page names a dozen files."""
    return str(CompressedManifestStaticFilesStorage.url(storage, name, force))


def publish() -> bool:
    """Put the static files of all apps, compressed, under STATIC_ROOT; False where nothing has changed."""
    stamp, wanted = Path(settings.STATIC_ROOT) / _STAMP, _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)
    return True


def _fingerprint() -> str:
    found = sorted(
        (name, storage.size(name), storage.get_modified_time(name).isoformat())
        for finder in get_finders()
        for name, storage in finder.list(None)
    )
    return hashlib.sha256(repr(found).encode()).hexdigest()
