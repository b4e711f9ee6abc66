"""入组经过有中英两种说法: the same sentences, the same values in them, the same group."""

import re
from string import Formatter

import pytest

from yigongti.capabilities.payment.decisions.drg import explain
from yigongti.capabilities.payment.decisions.drg.phrases import PHRASES
from yigongti.capabilities.payment.services.drg import open_scheme

SCHEME = open_scheme("county-core")
CHINESE = re.compile(r"[一-鿿]")
CASES = [
    {"id": "1", "sex": "male", "age_years": 66, "dx": ["I63.900", "J96.000", "E11.900"], "procedures": ["88.7600"]},
    {"id": "2", "sex": "female", "age_years": 0, "age_days": 3, "dx": ["P07.100", "P28.500"], "procedures": []},
    {"id": "3", "sex": None, "age_years": None, "dx": ["S06.000", "S36.000"], "procedures": ["47.0100"]},
    {"id": "4", "sex": "male", "age_years": 40, "dx": ["N40.x00"], "procedures": []},
]


def values(pattern):
    return {(name, spec) for _, name, spec, _ in Formatter().parse(pattern) if name}


def test_every_sentence_stands_in_both_languages_with_the_same_values():
    assert PHRASES["zh"].keys() == PHRASES["en"].keys()
    for key, pattern in PHRASES["en"].items():
        assert values(pattern) == values(PHRASES["zh"][key]), key
        assert not CHINESE.search(pattern), key


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["dx"][0])
def test_a_trace_in_english_takes_the_same_way_and_holds_no_chinese_sentence(case):
    chinese, english = explain(case, SCHEME), explain(case, SCHEME, language="en")
    assert [(each.code, each.taken) for each in english.considered] == [
        (each.code, each.taken) for each in chinese.considered
    ]
    assert english.drg == chinese.drg
    told = [each.because for each in english.considered] + [each.text for each in english.complications]
    assert told
    assert not [text for text in told if CHINESE.search(text)]


def test_the_english_sentence_names_the_excluded_complication():
    case = {"id": "1", "sex": "male", "age_years": 66, "dx": ["J18.900", "J96.000"], "procedures": []}
    (complication,) = explain(case, SCHEME, language="en").complications
    assert re.search(r"J96\.000 is MCC", complication.text)
