"""Every detector reads in English where a page names it."""

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext

from yigongti.capabilities.supervision.decisions.detectors import DETECTORS
from yigongti.pages.assets import PACKAGE, compile_translations

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module", autouse=True)
def _compiled():
    compile_translations(PACKAGE)


def test_every_detector_has_an_english_name_and_definition():
    with translation.override("en"):
        words = [gettext(text) for each in DETECTORS.values() for text in (each.label, each.definition)]
    assert [text for text in words if CHINESE.search(text)] == []
