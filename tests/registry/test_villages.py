"""The map and the list of blank spots show what the indicator counts, and say what to do."""

from hand_drawn import table
from measure_web.county import bring
from registry.conftest import BLANK
from yigongti.capabilities.measure.api import latest
from yigongti.capabilities.registry.decisions.coverage import Remedy, Service
from yigongti.capabilities.registry.selectors.villages import coverage


def services() -> dict[str, Service]:
    return {village.name: village.service for village in coverage().villages}


def test_every_village_is_told_by_how_it_is_served(measured):
    assert services() == {
        "有人村": Service.OWN,
        "派驻村": Service.POSTED,
        "无人村": Service.UNSTAFFED,
        "巡诊村": Service.CIRCUIT,
        "邻村村": Service.NEIGHBOUR,
        "小空村": Service.BLANK,
        "大空村": Service.BLANK,
    }


def test_there_are_as_many_blank_spots_as_the_indicator_counts(measured):
    assert latest(BLANK).value == 3
    assert coverage().blanks == 3


def test_blank_spots_come_first_the_most_populous_before_the_others_and_then_empty_rooms(measured):
    assert [(village.name, village.remedy) for village in coverage().to_do] == [
        ("大空村", Remedy.SET_UP_ROOM),
        ("小空村", Remedy.SEND_ROUNDS),
        ("无人村", Remedy.SEND_PEOPLE),
    ]


def test_a_blank_spot_knows_who_is_near_unless_nobody_knows_where_it_is(measured):
    large, small, empty = coverage().to_do
    assert (large.room, large.centre) == (None, None)
    assert (small.room.name, round(small.room.km, 1), small.centre.name) == ("无人村卫生室", 3.0, "东坪镇卫生院")
    assert empty.room.name == "派驻村卫生室"


def test_a_village_that_gets_a_room_is_no_blank_spot_any_more_once_measured_again(measured):
    room = """
        机构编号 | 名称 | 机构类别 | 级别 | 地区编号 | 医共体编号 | 片区编号 | is_lead | in_county
        R7 | 大空村卫生室 | 村卫生室 | 未定级 | V7 | 甲 | 东 | 否 | 是
    """
    bring(institution=table("institution", room).to_pylist())
    assert services()["大空村"] is Service.UNSTAFFED


def test_before_the_first_results_there_is_no_coverage_to_show(town):
    assert coverage() is None
