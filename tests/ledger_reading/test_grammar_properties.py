"""What holds for any figure, unit, deadline and any rubbish."""

import contextlib
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yigongti.capabilities.ledger.reading import read
from yigongti.capabilities.ledger.reading.grammar import Setting, read_targets
from yigongti.capabilities.ledger.reading.numerals import number_of
from yigongti.capabilities.ledger.reading.passage import Passage, fold
from yigongti.capabilities.ledger.reading.responsibility import split_units
from yigongti.kernel.errors import FileRefused

SUBJECTS = st.sampled_from(["县域内就诊率", "家庭医生签约服务覆盖率", "每千人口执业(助理)医师数", "居民健康素养水平"])
WORDS = st.sampled_from(
    [("不低于", "", ">="), ("达到", "以上", ">="), ("控制在", "以内", "<="), ("超过", "", ">"), ("达到", "左右", "~")]
)
VALUES = st.decimals(min_value=1, max_value=99, places=1)
RUBBISH = st.text(
    alphabet="一二两三百分之十%0123456789.,,。;:()()至到-—、年月个家以上不低于达每千人口建成率“”《》\n\t ", max_size=80
)


def read_text(text: str, *, year: int | None = None):
    return read_targets(Passage.of(text, [(0, len(text))]), Setting(year))


@given(SUBJECTS, WORDS, VALUES, st.integers(2025, 2045))
def test_any_share_with_any_bound_and_year_is_read_as_written(subject, words, value, year):
    before, after, sign = words
    (target,) = read_text(f"到{year}年,全县{subject}{before}{value}%{after}。")
    assert (target.comparator, target.value, target.unit, target.due) == (sign, float(value), "%", str(year))
    assert target.indicator == subject


@given(SUBJECTS, WORDS, VALUES)
def test_full_width_digits_and_spaces_change_nothing_but_the_quote(subject, words, value):
    before, after, _ = words
    plain = read_text(f"{subject}{before}{value}%{after}")[0]
    wide = str(value).translate(str.maketrans("0123456789.", "0123456789."))
    spaced = read_text(f"{subject}{before} {wide} %{after}")[0]
    assert (plain.indicator, plain.comparator, plain.value) == (spaced.indicator, spaced.comparator, spaced.value)


@settings(max_examples=300)
@given(RUBBISH, st.none() | st.integers(2015, 2030))
def test_rubbish_never_breaks_the_reader_and_every_quote_is_in_it(text, year):
    for target in read_text(text, year=year):
        assert target.quote in text
        assert len(target.quote) <= 60
        assert "\n" not in target.quote


@given(st.text(max_size=60))
def test_folding_keeps_every_character_in_its_place(text):
    assert len(fold(text)) == len(text)


@given(st.integers(1, 9999))
def test_chinese_numerals_mean_what_they_say(number):
    import cn2an

    assert number_of(cn2an.an2cn(number)) == number


@given(
    st.lists(
        st.sampled_from(["市卫生健康委", "市财政局", "市发展和改革委员会", "各县(市、区)人民政府", "某某公司"]),
        min_size=1,
        unique=True,
    )
)
def test_a_list_of_units_comes_apart_as_it_was_put_together(names):
    for joint in ("、", ",", ";"):
        assert split_units(joint.join(names) + "等") == tuple(names)


@pytest.mark.parametrize(
    "piece", ["分别达到1%、", "到2025年", "20%的", "一二三", "(", "责任单位:甲局、", "百分之", "建成3个中心、"]
)
def test_text_without_end_is_read_in_time_that_grows_with_its_length(piece):
    text = f"某县医共体实施方案\n一、任务\n{piece * (20_000 // len(piece))}\n二、保障\n加强领导。"
    started = time.process_time()
    with contextlib.suppress(FileRefused):
        read(text)
    assert time.process_time() - started < 5


def test_each_number_is_read_once():
    sentence = "到2025年,建成国家级专科5个、省级专科30个,就诊率达到90%,床位500张,医护比达到1:1.25,下降到12/10万。"
    quantities = [target.value for target in read_text(sentence)]
    assert sorted(quantities) == [1.25, 5, 12, 30, 90, 500]
    assert len(re.findall(r"2025", sentence)) == 1
