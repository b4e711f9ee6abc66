"""Policy reading: targets found, right and invented against the annotations, and the time for 20,000 characters.

    python bench/ledger_reading.py [--rounds 7]

Prints one JSON line for the annotated sentences, one for each policy document that is there (../shared/seeds), one for
the fresh documents as they are read now and one for each of their batches as it was read at first sight (annotated
before the reader saw it), and one for the time.  The timed text is put together from the annotated sentences as
numbered clauses: every sentence has a number in it, more than any real document.  Time is from the text to its
Reading, everything imported.
"""

import argparse
import csv
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from yigongti.capabilities.ledger.reading import read, read_file
from yigongti.capabilities.ledger.reading.grammar import Setting, read_targets
from yigongti.capabilities.ledger.reading.passage import Passage

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "spec" / "ledger_reading"))
spec: Any = import_module("ledger_annotations")  # stands beside the annotations, which no package holds

CHARACTERS = 20_000
LIMIT_MS = 300


def main() -> None:
    """Print the scores and the time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(json.dumps(shown("sentences", sentences_score()), ensure_ascii=False))
    for name, score in seed_scores():
        print(json.dumps(shown(name, score), ensure_ascii=False))
    print(json.dumps(shown("fresh documents, now", fresh_score()), ensure_ascii=False))
    for batch in first_sights():
        print(json.dumps(batch, ensure_ascii=False))
    print(json.dumps(timed(rounds), ensure_ascii=False))


def sentences_score() -> Any:
    """All annotated sentences, those without a target among them."""
    score = spec.Score()
    for path in sorted(spec.SENTENCES.glob("*.txt")):
        year = 2024 if path.stem == "nothing" else None
        for sentence, expected in spec.annotated_sentences(path):
            score.add(sentence, expected, read_targets(Passage.of(sentence, [(0, len(sentence))]), Setting(year)))
    return score


def seed_scores() -> list[tuple[str, Any]]:
    """The policy documents that are there, matched with their annotations by title."""
    folder = ROOT.parent / "shared" / "seeds"
    if not folder.is_dir():
        print(f"no policy documents at {folder}: only the sentences are scored", file=sys.stderr)
        return []
    annotated = {path.stem: spec.annotated_seed(path) for path in sorted(spec.SEEDS.glob("*.txt"))}
    scores = []
    for path in sorted(folder.glob("*.txt")):
        for document in read_file(path).documents:
            for name, (title, expected) in annotated.items():
                if document.title.endswith(title):
                    score = spec.Score()
                    score.add(name, expected, document.targets)
                    scores.append((name, score))
    return scores


def fresh_score() -> Any:
    """All fresh documents as the reader takes them now."""
    score = spec.Score()
    for path in sorted(spec.FRESH.glob("*/*.txt")):
        text, expected = spec.annotated_document(path)
        score.add(path.stem, expected, [target for document in read(text).documents for target in document.targets])
    return score


def first_sights() -> list[dict[str, object]]:
    """What each fresh batch scored before the grammar was mended by it, in the order they were written."""
    rows = csv.DictReader(spec.FIRST_SIGHT.read_text(encoding="utf-8").splitlines())
    return [_first_sight(row["batch"], {name: int(row[name]) for name in row if name != "batch"}) for row in rows]


def _first_sight(batch: str, count: dict[str, int]) -> dict[str, object]:
    return {
        "read": f"fresh documents, {batch} batch at first sight",
        "documents": count["documents"],
        "expected": count["expected"],
        "found_share": round(count["found"] / count["expected"], 4),
        "right_share": round(count["right"] / count["read"], 4),
        "right_with_kind_share": round(count["right_with_kind"] / count["read"], 4),
    }


def shown(name: str, score: Any) -> dict[str, object]:
    """The counts of a score as the benchmark prints them."""
    return {
        "read": name,
        "expected": score.expected,
        "found": score.found,
        "right": score.right,
        "invented": score.invented,
        "found_share": round(score.found / score.expected, 4),
        "right_share": round(score.right / max(1, score.read), 4),
    }


def timed(rounds: int) -> dict[str, object]:
    """Milliseconds to read 20,000 characters, the quickest and the median round, and of processor time."""
    text = dense_document()
    times, processor = [], []
    for _ in range(rounds):
        started, used = time.perf_counter(), time.process_time()
        reading = read(text)
        times.append((time.perf_counter() - started) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return {
        "time": "read",
        "characters": len(text),
        "targets": len(reading.documents[0].targets),
        "ms_min": round(min(times), 1),
        "ms_median": round(median(times), 1),
        "processor_ms_min": round(min(processor), 1),
        "limit_ms": LIMIT_MS,
        "rounds": rounds,
    }


def dense_document() -> str:
    """20,000 characters of numbered clauses made of the annotated sentences, over and over."""
    sentences = [
        sentence for path in sorted(spec.SENTENCES.glob("*.txt")) for sentence, _ in spec.annotated_sentences(path)
    ]
    lines = ["某县卫生健康发展实施方案", "一、主要任务"]
    while sum(map(len, lines)) + len(lines) < CHARACTERS:
        lines.append(
            f"{len(lines) % 90 + 1}.任务要求。{sentences[len(lines) % len(sentences)]}(责任单位:县卫健局、县医保局)"
        )
    return "\n".join(lines)[:CHARACTERS]


if __name__ == "__main__":
    main()
