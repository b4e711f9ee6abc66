"""English is complete: every text that a page can show has its translation."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext

from yigongti.pages.assets import PACKAGE, compile_translations

CHINESE = re.compile(r"[\u4e00-\u9fff]")
IN_TEMPLATE = re.compile(r"""{%\s*translate\s+(["'])(?P<text>.+?)\1(?:\s+context\s+"(?P<context>\w+)")?""")
IN_BLOCK = re.compile(r"{%\s*blocktranslate[^%]*%}(?P<text>.*?){%\s*endblocktranslate", re.DOTALL)
IN_CODE = re.compile(r"""\b(?:_|gettext|gettext_lazy|gettext_noop)\(\s*"(?P<text>[^"]+)\"""")


def texts() -> Iterator[tuple[str, str, str]]:
    """File, context and text of everything marked for translation."""
    for path in sorted([*PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("*.py")]):
        source = path.read_text(encoding="utf-8")
        patterns = (IN_TEMPLATE, IN_BLOCK) if path.suffix == ".html" else (IN_CODE,)
        for pattern in patterns:
            for found in pattern.finditer(source):
                text = re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", found["text"])
                yield str(path.relative_to(PACKAGE)), found.groupdict().get("context") or "", text


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    compile_translations(PACKAGE)


def test_every_text_has_an_english_translation():
    with translation.override("en"):
        lacking = [
            f"{file}: {text}"
            for file, context, text in texts()
            if CHINESE.search(text) and (pgettext(context, text) if context else gettext(text)) == text
        ]
    assert not lacking


def test_an_english_text_keeps_every_placeholder_of_the_chinese_one():
    with translation.override("en"):
        lost = [
            text
            for _file, context, text in texts()
            if set(re.findall(r"%\(\w+\)s", text))
            != set(re.findall(r"%\(\w+\)s", pgettext(context, text) if context else gettext(text)))
        ]
    assert not lost


def test_translations_are_where_the_program_looks_for_them():
    assert all(Path(path).with_suffix(".mo").exists() for path in PACKAGE.rglob("locale/en/LC_MESSAGES/django.po"))
