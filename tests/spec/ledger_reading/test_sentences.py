"""What the reader makes of single sentences, written as an officer would annotate them (sentences/*.txt)."""

import pytest
from ledger_annotations import SENTENCES, Score, annotated_sentences

from yigongti.capabilities.ledger.reading import Target
from yigongti.capabilities.ledger.reading.grammar import Setting, read_targets
from yigongti.capabilities.ledger.reading.passage import Passage

WITH_TARGETS = sorted(path.stem for path in SENTENCES.glob("*.txt") if path.stem != "nothing")
PLAN_YEAR = 2024


def targets_of(sentence: str, *, year: int | None = None) -> list[Target]:
    return read_targets(Passage.of(sentence, [(0, len(sentence))]), Setting(year=year))


def score_of(name: str) -> Score:
    score = Score()
    for sentence, expected in annotated_sentences(SENTENCES / f"{name}.txt"):
        score.add(sentence, expected, targets_of(sentence))
    return score


@pytest.mark.parametrize("name", WITH_TARGETS)
def test_each_target_of_the_sentences_is_found_and_read_as_annotated(name: str) -> None:
    score = score_of(name)
    assert not score.wrong, "\n".join(score.wrong)


@pytest.mark.parametrize("name", WITH_TARGETS)
def test_targets_are_told_from_standing_rules(name: str) -> None:
    score = score_of(name)
    assert score.kinds == score.expected


@pytest.mark.parametrize("sentence", [sentence for sentence, _ in annotated_sentences(SENTENCES / "nothing.txt")])
def test_numbers_that_measure_nothing_give_no_target(sentence: str) -> None:
    assert targets_of(sentence, year=PLAN_YEAR) == []


def test_every_quote_stands_in_its_sentence_and_is_short() -> None:
    for name in WITH_TARGETS:
        for sentence, _ in annotated_sentences(SENTENCES / f"{name}.txt"):
            for target in targets_of(sentence):
                assert target.quote in sentence
                assert 0 < len(target.quote) <= 60


def test_there_are_enough_sentences_to_mean_something() -> None:
    targets = sum(
        len(expected) for name in WITH_TARGETS for _, expected in annotated_sentences(SENTENCES / f"{name}.txt")
    )
    assert targets >= 300
    assert len(list(annotated_sentences(SENTENCES / "nothing.txt"))) >= 80
