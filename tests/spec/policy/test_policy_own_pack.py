"""县里自己的规则:程序写出的文件与人手写的一样。 The county's own pack: what the program writes, a person could have."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from yigongti.kernel.rules import Clause, Document, PolicyError, RuleBook
from yigongti.kernel.rules.linting import main
from yigongti.kernel.rules.writing import Draft, end_value, write_document, write_value

NOTICE = Document(
    "county-2026-1", "关于下达2026年签约目标的通知", "某卫发〔2026〕1号", "某县卫生健康局", date(2026, 1, 5),
    "county", "某县", {"二": Clause("二", "签约目标")},
)  # fmt: skip
DRAFT = Draft(
    "contract.target", "重点人群签约覆盖率目标", "ratio", "ratio", "83%", date(2026, 1, 5), date(2026, 1, 6),
    "county-2026-1", "二", comparator=">=", due=date(2026, 12, 31),
)  # fmt: skip


@pytest.fixture
def own(tmp_path) -> Path:
    write_document(tmp_path / "own", NOTICE)
    return tmp_path / "own"


def load(folder: Path, own: Path) -> RuleBook:
    return RuleBook.load(folder, ["national", "county-a"], own=own)


def test_a_confirmed_target_becomes_a_dated_cited_rule_of_the_county(folder, own):
    write_value(own, DRAFT, root=folder, book=load(folder, own))
    version = load(folder, own).find("contract.target", on=date(2026, 6, 1))
    assert (version.text, version.due, version.pack) == ("≥83%", date(2026, 12, 31), "own")
    assert version.source.text == "《关于下达2026年签约目标的通知》(某卫发〔2026〕1号)二 签约目标"


def test_a_second_value_is_added_below_and_what_a_person_wrote_stays(folder, own):
    path = write_value(own, DRAFT, root=folder, book=load(folder, own))
    by_hand = path.read_text(encoding="utf-8") + "    # 经区政府常务会议审议\n"
    path.write_text(by_hand, encoding="utf-8")
    later = replace(DRAFT, value="84%", effective_from=date(2027, 1, 1), due=None)
    write_value(own, later, root=folder, book=load(folder, own))
    assert path.read_text(encoding="utf-8").startswith(by_hand)
    book = load(folder, own)
    assert [book.find("contract.target", on=date(year, 6, 1)).text for year in (2025, 2026, 2027)] == [
        "80%",
        "≥83%",
        "≥84%",
    ]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"value": "83"}, "比例 83 过大"),
        ({"clause": "九"}, "没有登记条款“九”"),
        ({"doc": "rumour"}, "引用的文件“rumour”"),
        ({"kind": "number", "unit": "person", "value": "83"}, "种类和单位是 ratio/ratio,不能写成 number/person"),
        ({"due": date(2025, 1, 1)}, "早于生效日"),
    ],
)
def test_what_a_reader_would_refuse_is_not_written(folder, own, wrong, what):
    with pytest.raises(PolicyError, match=what):
        write_value(own, replace(DRAFT, **wrong), root=folder, book=load(folder, own))
    assert [path for path in own.rglob("*") if path.is_file()] == [own / "sources/county-2026-1.yaml"]


def test_a_refusal_names_the_file_that_would_have_been_written(folder, own):
    with pytest.raises(PolicyError) as refused:
        write_value(own, replace(DRAFT, value="83"), root=folder, book=load(folder, own))
    assert refused.value.where.startswith(str(own / "rules/contract/target.yaml"))


def test_the_same_day_cannot_be_written_twice(folder, own):
    path = write_value(own, DRAFT, root=folder, book=load(folder, own))
    before = path.read_bytes()
    with pytest.raises(PolicyError, match="生效日同为 2026-01-05"):
        write_value(own, DRAFT, root=folder, book=load(folder, own))
    assert path.read_bytes() == before


def test_a_file_whose_versions_are_not_last_is_left_to_a_person(folder, own):
    path = write_value(own, DRAFT, root=folder, book=load(folder, own))
    text = path.read_text(encoding="utf-8").replace("label: 重点人群签约覆盖率目标\n", "") + "label: 目标\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match="无法在文件末尾添加取值") as refused:
        write_value(own, replace(DRAFT, effective_from=date(2026, 6, 1)), root=folder, book=load(folder, own))
    assert refused.value.remedy == "请把 versions 放在文件的最后,再试"


def ended(own: Path, folder: Path, *, on: date, known: date) -> Path | None:
    return end_value(
        own, "contract.target", ends_on=on, recorded_on=known, note="文件废止", root=folder, book=load(folder, own)
    )


def test_an_ended_value_holds_to_its_last_day_and_then_the_packs_below_count_again(folder, own):
    path = write_value(own, DRAFT, root=folder, book=load(folder, own))
    before = path.read_text(encoding="utf-8")
    assert ended(own, folder, on=date(2026, 9, 1), known=date(2026, 9, 1)) == path
    book = load(folder, own)
    assert [book.find("contract.target", on=day).text for day in (date(2026, 9, 1), date(2026, 9, 2))] == [
        "≥83%",
        "80%",
    ]
    assert path.read_text(encoding="utf-8").startswith(before)


def test_who_looks_back_from_before_the_end_was_known_sees_it_unended(folder, own):
    write_value(own, DRAFT, root=folder, book=load(folder, own))
    ended(own, folder, on=date(2026, 9, 1), known=date(2026, 9, 1))
    then = load(folder, own).rules["contract.target"].in_force(on=date(2026, 12, 1), known_on=date(2026, 8, 1))
    assert then is not None
    assert then.text == "≥83%"


def test_a_value_written_and_ended_on_one_day_stands_once_in_the_file(folder, own):
    path = write_value(own, DRAFT, root=folder, book=load(folder, own))
    ended(own, folder, on=date(2026, 3, 1), known=DRAFT.recorded_on)
    assert path.read_text(encoding="utf-8").count("effective_from") == 1
    assert load(folder, own).find("contract.target", on=date(2026, 3, 2)).text == "80%"


def test_what_has_ended_or_not_begun_is_not_ended_again(folder, own):
    write_value(own, DRAFT, root=folder, book=load(folder, own))
    assert ended(own, folder, on=date(2025, 12, 31), known=date(2026, 2, 1)) is None
    ended(own, folder, on=date(2026, 9, 1), known=date(2026, 9, 1))
    assert ended(own, folder, on=date(2026, 10, 1), known=date(2026, 10, 1)) is None


def test_the_check_tells_what_is_wrong_with_the_county_s_own_rules_and_choices(folder, own, capsys):
    write_value(own, DRAFT, root=folder, book=load(folder, own))
    chosen = ["--root", str(folder)]
    assert main(chosen, packs=("national", "county-a"), own=own) == 0
    path = own / "rules" / "contract" / "target.yaml"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("source:", "note_of:"), encoding="utf-8")
    assert main(chosen, packs=("national", "county-a"), own=own) == 2
    assert "note_of" in capsys.readouterr().out
    path.write_text(whole, encoding="utf-8")
    assert main(chosen, packs=("national", "nowhere"), own=own) == 2
    assert "没有名为“nowhere”的政策包" in capsys.readouterr().out
