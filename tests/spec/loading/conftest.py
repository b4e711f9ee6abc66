"""The county of the loading tests: two institutions, loaded from their file."""

from tests.files.conftest import county

__all__ = ["county"]
