"""Whole documents of three kinds (若干措施, 工作要点, 规划) beside their annotations (documents/*.txt, *.targets)."""

from pathlib import Path

import pytest
from ledger_annotations import HERE, Score, annotated_seed

from yigongti.capabilities.ledger.reading import read_file

DOCUMENTS = sorted((HERE / "documents").glob("*.txt"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_target_of_a_document_is_read_as_annotated(path: Path) -> None:
    (document,) = read_file(path).documents
    title, expected = annotated_seed(path.with_suffix(".targets"))
    score = Score()
    score.add(path.stem, expected, document.targets)
    assert document.title == title
    assert not score.wrong, "\n".join(score.wrong)
    assert score.kinds == score.expected


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_the_quotes_stand_in_their_clauses(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    (document,) = read_file(path).documents
    for clause in document.clauses:
        for target in clause.targets:
            assert target.quote in clause.text
            assert target.quote in source
