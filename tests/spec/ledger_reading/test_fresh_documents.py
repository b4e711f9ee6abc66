"""Documents of many kinds, written and annotated before the reader saw them (fresh/<batch>/*.txt)."""

from pathlib import Path

import pytest
from ledger_annotations import FRESH, Score, annotated_document

from yigongti.capabilities.ledger.reading import read

DOCUMENTS = sorted(FRESH.glob("*/*.txt"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_target_of_a_fresh_document_is_read_as_annotated(path: Path) -> None:
    text, expected = annotated_document(path)
    (document,) = read(text).documents
    score = Score()
    score.add(path.stem, expected, document.targets)
    assert not score.wrong, "\n".join(score.wrong)
    assert score.kinds == score.expected


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_quotes_of_a_fresh_document_stand_in_it(path: Path) -> None:
    text, _ = annotated_document(path)
    assert all(target.quote in text for document in read(text).documents for target in document.targets)
