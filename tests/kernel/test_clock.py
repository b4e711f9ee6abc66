"""One clock for everybody, which a test or a replay can pin."""

from datetime import UTC, date, datetime

import pytest

from yigongti.kernel import clock
from yigongti.kernel.errors import Refusal
from yigongti.kernel.ids import new_id


def test_a_pinned_clock_tells_the_pinned_day_and_then_goes_on():
    with clock.at(date(2025, 3, 1)):
        assert clock.today() == date(2025, 3, 1)
    assert clock.today() > date(2025, 3, 1)


def test_the_county_day_begins_at_beijing_midnight():
    with clock.at(datetime(2025, 2, 28, 16, 30, tzinfo=UTC)):
        assert clock.today() == date(2025, 3, 1)


def test_an_instant_is_told_by_the_countys_day_and_minute():
    evening = datetime(2025, 2, 28, 16, 30, tzinfo=UTC)
    assert clock.day_of(evening) == date(2025, 3, 1)
    assert clock.minute_of(evening) == "2025-03-01 00:30"


def test_an_instant_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2025, 1, 1)):  # noqa: DTZ001  # the point
        pass


def test_later_ids_sort_later_and_never_repeat():
    with clock.at(date(2025, 1, 1)):
        early = {new_id() for _ in range(1000)}
    assert len(early) == 1000
    assert max(early) < new_id()


def test_a_refusal_says_what_where_why_and_what_to_do():
    refusal = Refusal("金额 -3 为负", where="visit.csv 第 4 行", why="费用不得为负", remedy="请改正后重新装载")
    assert str(refusal) == "金额 -3 为负;位置:visit.csv 第 4 行;原因:费用不得为负;处理:请改正后重新装载"
    assert refusal.as_dict()["remedy"] == "请改正后重新装载"
