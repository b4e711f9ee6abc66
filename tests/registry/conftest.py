"""A town whose villages are served in every way there is, measured at the end of 2025."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from yigongti.kernel import clock

BLANK = "villages_without_service"
DRAWN = {
    "place": """
        地区编号 | 名称 | 类别 | 上级地区编号 | 常住人口 | 经度 | 纬度
        T  | 东坪镇 | 乡镇   |   |      | 108.00 | 27.00
        V1 | 有人村 | 行政村 | T | 1200 | 108.01 | 27.00
        V2 | 派驻村 | 行政村 | T | 900  | 108.02 | 27.00
        V3 | 无人村 | 行政村 | T | 700  | 108.03 | 27.00
        V4 | 巡诊村 | 行政村 | T | 300  | 108.04 | 27.00
        V5 | 邻村村 | 行政村 | T | 200  | 108.05 | 27.00
        V6 | 小空村 | 行政村 | T | 100  | 108.06 | 27.00
        V7 | 大空村 | 行政村 | T | 2000 |        |
    """,
    "institution": """
        机构编号 | 名称 | 机构类别 | 级别 | 地区编号 | 医共体编号 | 片区编号 | 经度 | 纬度 | is_lead | in_county
        C  | 东坪镇卫生院 | 乡镇卫生院 | 一级   | T  | 甲 | 东 | 108.00 | 27.00 | 否 | 是
        R1 | 有人村卫生室 | 村卫生室   | 未定级 | V1 | 甲 | 东 | 108.01 | 27.00 | 否 | 是
        R2 | 派驻村卫生室 | 村卫生室   | 未定级 | V2 | 甲 | 东 | 108.02 | 27.00 | 否 | 是
        R3 | 无人村卫生室 | 村卫生室   | 未定级 | V3 | 甲 | 东 | 108.03 | 27.00 | 否 | 是
    """,
    "staff": """
        人员编号 | 机构编号 | 专业类别 | 职称 | 离职日期
        S1 | R1 | 乡村医生 | 初级 |
        S2 | C  | 执业医师 | 中级 |
        S3 | R3 | 乡村医生 | 初级 | 2025-06-30
    """,
    "posting": """
        派驻编号 | 人员编号 | 派出机构编号 | 派驻机构编号 | 派驻方式 | 开始日期 | 结束日期
        P1 | S2 | C | R2 | 长期派驻 | 2025-03-01 |
        P2 | S2 | C | R3 | 短期支援 | 2025-03-01 | 2025-03-31
    """,
    "resident": """
        居民编号 | 地区编号 | 出生日期
        张三 | V4 | 1960-01-01
        李四 | V5 | 1970-01-01
        王五 | V7 | 1980-01-01
    """,
    "visit": """
        居民编号 | 机构编号 | 就诊方式 | 就诊日期
        张三 | C  | 巡诊 | 2025-05-10
        李四 | R1 | 巡诊 | 2025-05-10
        李四 | R1 | 巡诊 | 2025-06-10
        李四 | C  | 巡诊 | 2025-07-10
        王五 | C  | 巡诊 | 2025-05-10
    """,
}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.at(date(2026, 1, 15)):
        yield


@pytest.fixture
def town(db: Any) -> None:
    """The facts in store and lake."""
    from hand_drawn import table
    from measure_web.county import bring

    for name, text in DRAWN.items():
        bring(**{name: table(name, text).to_pylist()})


@pytest.fixture
def measured(town: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The everyday results of the indicator of blank spots."""
    from yigongti.capabilities.measure.services import runs
    from yigongti.kernel.registry import REGISTRY

    monkeypatch.setattr(runs, "REGISTRY", replace(REGISTRY, indicators={BLANK: REGISTRY.indicators[BLANK]}))
    return runs.refresh()
