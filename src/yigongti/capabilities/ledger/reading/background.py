"""Telling what is to be reached from what was: news, the starting point, comparisons, definitions."""

import re
from typing import Literal

from yigongti.capabilities.ledger.reading.deadlines import Deadline

Tense = Literal["planned", "told"]

_PAST = re.compile(
    r"当前|仅(?=\d)|只有|截[至止](?!到?20(?:2[6-9]|[34]))|(?<!由)(?<!从)目前(?!基础|水平)|(?<![合用托筹活挖化于在对足实体表呈])现有(?!基础|水平|服务|资源|条件)|现状|已经|已(?!签约|患|确诊|备案|登记|婚|纳入|取得|知|注册|退休|接种|投用|在|出台)|据统计|累计(?:已|完成了|建成了)|均已|达到了|建成了"
    r"|(?:增加|增长|提高|提升|下降|降低|减少|缩短|完成|新增|引进|培养|投入|获得|荣获|出台|印发|发布|制定)了|[与比]上一?年|去年|(?<![较比与同])(?<![较比与同]“)“?十[二三]五”?(?:期间|末|时期|以来)|以来|近年来|高达|攻坚期内|近[几三五\d]年|过去[一-鿿\d]年|[一二三四五六七八九十\d]+年来|上一?轮|^该|荣获|获评(?!不|至少)|位居全"
    r"|由[^,;。]{0,20}(?:提高|增加|下降|上升)到[^,;。]{0,12}了"
)
_AHEAD = re.compile(
    r"力争|争取|确保|计划|拟|规划(?:建设|设置|新增|到)|目标|不低于|不少于|至少|要(?!求|素|点|件|位)|应(?!用|急|对|届|诊)|必须|须|将(?!.{0,12}纳入)|每年|逐步|今年|年底前|年内|下一步"
)
_BACKGROUND_HEADING = re.compile(
    r"发展基础|发展现状|现状(?!调查)|主要成就|发展成就|工作成效|取得(?:的)?(?:主要)?成[效就绩]|回顾|面临(?:的)?|形势|机遇|挑战|存在(?:的)?(?:主要)?(?:问题|困难|不足)|问题(?:和|与)挑战|规划背景|编制背景"
    r"|背景|工作总结|总结(?!提升|提高|推广|验收|评估|阶段)|名词解释|术语|解读|起草说明|编制说明|编制依据|基本情况|主要问题|短板|工作基础|建设基础|困难和问题|成效与"
)
_KEEPS = re.compile(
    r"夯实|筑牢|打牢|巩固|补齐|补强|弥补|破解|解决|消除|攻坚|重点任务|主要任务|工作任务|目标|措施|保障|总结推广|总结经验|总结评估"
)


def is_background(heading: str) -> bool:
    """True for a heading whose part of the document tells how things stand (发展基础, 面临形势, 存在问题)."""
    return bool(_BACKGROUND_HEADING.search(heading)) and not _KEEPS.search(heading) and len(heading) <= 30


def is_past(text: str, at: int, deadlines: tuple[Deadline, ...], *, year: int | None, tense: Tense) -> bool:
    """True when the last time word before position `at` tells of what was reached already.

    year: the first year the document plans for; a year before it is past.  tense: how the part of the document speaks;
    what is told (a preamble) has to look ahead in words before its numbers are aims.
    """
    reset = text.rfind(";", 0, at) + 1
    past = max((match.start() for match in _PAST.finditer(text, reset, at)), default=-1)
    ahead = max((match.start() for match in _AHEAD.finditer(text, reset, at)), default=-1)
    for deadline in deadlines:
        if reset <= deadline.start < at and deadline.kind in ("deadline", "state"):
            if year is not None and deadline.year < year:
                past = max(past, deadline.start)
            elif deadline.kind == "deadline" or (year is not None and deadline.year > year):
                ahead = max(ahead, deadline.end)
    return past > ahead or (tense == "told" and ahead < 0)
