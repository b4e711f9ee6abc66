"""The pages of signing in and of security are complete in English where the language is switched."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "yigongti"
IN_TEMPLATE = re.compile(r'{% translate "([^"]+)" %}|{% blocktranslate %}(.+?){% endblocktranslate %}')
IN_CODE = re.compile(r'\b_\("([^"]+)"')


def said(folder: Path, *, templates: Path) -> set[str]:
    """Every text that a page or a form of the folder says."""
    texts = {text for path in folder.rglob("*.py") for text in IN_CODE.findall(path.read_text(encoding="utf-8"))}
    for path in templates.glob("*.html"):
        for plain, block in IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            texts.add(plain or re.sub(r"{{ (\w+) }}", r"%(\1)s", block))
    return texts


@pytest.mark.parametrize(
    ("folder", "templates", "catalogue"),
    [
        ("spine/access", "spine/access/templates/access", "spine/access"),
        ("site/security", "site/templates/security", "site"),
    ],
)
def test_every_text_has_its_english(folder: str, templates: str, catalogue: str) -> None:
    texts = said(PACKAGE / folder, templates=PACKAGE / templates)
    with (PACKAGE / catalogue / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        english = {message.id for message in read_po(file) if message.string}
    assert len(texts) > 15
    assert texts - english == set()
