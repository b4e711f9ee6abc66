"""The five policy documents this project serves, read and compared with the annotations in seeds/*.txt."""

from pathlib import Path

import pytest
from ledger_annotations import SEEDS, Score, annotated_seed

from yigongti.capabilities.ledger.reading import Document, read_file

FOLDER = Path(__file__).parents[4] / "shared" / "seeds"
FILES = {
    "banan-2024": "000_0fc10b6ea138e3ac.txt",
    "qingyuan-145": "001_8367434ad873e87d.txt",
    "yunnan-2024": "002_adcb1981eaefc67a.txt",
    "jiading-2020": "003_f8fdda3a08071751.txt",
    "changzhou-2023": "004_f3b080aade65f6f0.txt",
}
FRONT = {
    "banan-2024": ("巴南府办〔2024〕5号", "重庆市巴南区人民政府办公室", "2024-03-26"),
    "qingyuan-145": (None, None, None),
    "yunnan-2024": (None, "云南省卫生健康委员会", "2024-10-26"),
    "jiading-2020": ("嘉医改办〔2020〕1号", "上海市嘉定区深化医药卫生体制改革领导小组办公室", "2020-05-07"),
    "changzhou-2023": (None, "常州市人民政府", "2023-05-29"),
}
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the five policy documents are not at {FOLDER}")


def document_of(pack: str) -> Document:
    (document,) = read_file(FOLDER / FILES[pack]).documents
    return document


@pytest.mark.parametrize("pack", FILES)
def test_title_number_issuer_and_date(pack: str) -> None:
    document = document_of(pack)
    assert document.title.replace("(浙江省)", "") == annotated_seed(SEEDS / f"{pack}.txt")[0]
    assert (document.number, document.issuer, document.issued_on) == FRONT[pack]


@pytest.mark.parametrize("pack", FILES)
def test_every_target_is_found_named_right_and_none_is_invented(pack: str) -> None:
    score = Score()
    score.add(pack, annotated_seed(SEEDS / f"{pack}.txt")[1], document_of(pack).targets)
    assert not score.wrong, "\n".join(score.wrong)
    assert score.kinds == score.expected


@pytest.mark.parametrize("pack", FILES)
def test_targets_stand_in_their_clauses_with_an_exact_quote(pack: str) -> None:
    source = (FOLDER / FILES[pack]).read_text(encoding="utf-8")
    document = document_of(pack)
    expected = {(item.clause, item.quote) for item in annotated_seed(SEEDS / f"{pack}.txt")[1]}
    read = {(clause.id, target.quote) for clause in document.clauses for target in clause.targets}
    assert all(any(clause == at and quote in text for at, text in read) for clause, quote in expected)
    assert all(quote in source and len(quote) <= 60 for _, quote in read)


@pytest.mark.parametrize(("pack", "clauses"), [("banan-2024", 20), ("jiading-2020", 18), ("changzhou-2023", 18)])
def test_every_numbered_task_has_its_units(pack: str, clauses: int) -> None:
    numbered = [clause for clause in document_of(pack).clauses if clause.id[-1].isdigit()]
    assert len(numbered) == clauses
    assert all(clause.units for clause in numbered)


def test_lead_and_cooperating_units_are_told_apart_where_the_text_does() -> None:
    first = next(clause for clause in document_of("changzhou-2023").clauses if clause.id == "一1")
    assert first.units.lead == ("市卫健委",)
    assert "各辖市、区政府" in first.units.support
    banan = next(clause for clause in document_of("banan-2024").clauses if clause.id == "二(一)1")
    assert banan.units.responsible == ("区卫生健康委", "区发展改革委")
    assert not banan.units.lead
