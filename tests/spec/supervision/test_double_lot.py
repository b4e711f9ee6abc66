"""双随机抽查:机构和检查人员都由种子抽出,任何人凭种子可以重现。"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yigongti.capabilities.supervision.decisions.sampling import draw
from yigongti.kernel.errors import Refusal

PLACES = [f"H{number}" for number in range(12)]
PEOPLE = ["甲", "乙", "丙", "丁"]


def test_the_same_seed_and_names_give_the_same_lot_in_whatever_order_they_come():
    once = draw(PLACES, PEOPLE, count=4, each=2, seed="2026")
    assert once == draw(PLACES[::-1], PEOPLE[::-1], count=4, each=2, seed="2026")
    assert once != draw(PLACES, PEOPLE, count=4, each=2, seed="2027")


@given(st.text(max_size=12), st.integers(1, 12))
def test_nobody_is_drawn_twice_and_the_work_is_shared(seed, count):
    drawn = draw(PLACES, PEOPLE, count=count, each=2, seed=seed)
    assert len({each.institution_id for each in drawn}) == count
    burden = [sum(name in each.inspectors for each in drawn) for name in PEOPLE]
    assert all(len(set(each.inspectors)) == 2 for each in drawn)
    assert max(burden) - min(burden) <= 1


def test_over_many_seeds_every_institution_is_drawn_about_as_often():
    counts = dict.fromkeys(PLACES, 0)
    for seed in range(1_200):
        counts[draw(PLACES, PEOPLE, count=1, each=2, seed=str(seed))[0].institution_id] += 1
    assert min(counts.values()) >= 60
    assert max(counts.values()) <= 145


def test_nobody_inspects_their_own_institution():
    drawn = draw(["H1"], PEOPLE, count=1, each=2, seed="x", barred={"甲": ["H1"], "乙": ["H1"]})
    assert set(drawn[0].inspectors) == {"丙", "丁"}


@pytest.mark.parametrize(("count", "people"), [(13, PEOPLE), (0, PEOPLE), (1, ["甲"])])
def test_too_few_to_draw_from_is_refused(count, people):
    with pytest.raises(Refusal):
        draw(PLACES, people, count=count, each=2, seed="x")
