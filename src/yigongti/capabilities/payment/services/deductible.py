"""`yigongti payment deductible FILE`: episodes in a JSON file, with the deductible of each stay and why.  No store."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from yigongti.capabilities.payment.decisions.deductible import Charge, LinkedStay, deductibles
from yigongti.capabilities.payment.services.json_rows import Row, read_rows
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.facts.county import LEVELS, SCHEMES
from yigongti.kernel.rules import RuleBook

_INSURED = tuple(scheme for scheme in SCHEMES if scheme != "none")
_SHAPE = '应为 [{"episode": …, "stays": [{"stay_id", "level", "admitted_on", "discharged_on", "linked"}]}]'


def deductible_file(path: Path, *, book: RuleBook) -> list[Row]:
    """The episodes of a file, each stay with `deductible_fen`, `reason` and the `rule` it rests on.

    A stay may say `insured_as` (resident where it does not), an episode `stays_before`, the person's earlier stays of
    the year.  Raises FileRefused, naming episode, stay and field, on anything that is missing or cannot be.
    """
    episodes = read_rows(path, of="住院过程", shape=_SHAPE)
    seen: set[str] = set()
    read = [
        (episode, _stays(episode, f"{path.name} 第 {number} 段", seen)) for number, episode in enumerate(episodes, 1)
    ]
    return [
        _answered(episode, deductibles(stays, book=book, stays_before=_before(episode, path)))
        for episode, stays in read
    ]


def _stays(episode: Row, where: str, seen: set[str]) -> list[LinkedStay]:
    if not isinstance(episode.get("episode"), str | int) or not isinstance(episode.get("stays"), list):
        raise FileRefused("缺 episode 或 stays", where, _SHAPE, "补上缺的字段")
    where = f"{where}({episode['episode']})"
    stays = [_stay(row, f"{where}第 {number} 次住院") for number, row in enumerate(episode["stays"], 1)]
    for stay in stays:
        if stay.stay_id in seen:
            raise FileRefused(
                f"stay_id“{stay.stay_id}”出现了两次", where, "一次住院只计一次起付线", "改正编号或删去重复"
            )
        seen.add(stay.stay_id)
    return stays


def _stay(row: object, where: str) -> LinkedStay:
    if not isinstance(row, Mapping):
        raise FileRefused("一次住院应是一个对象", where, _SHAPE, "改正文件")
    stay_id = row.get("stay_id")
    if not isinstance(stay_id, str | int) or isinstance(stay_id, bool) or stay_id == "":
        raise FileRefused("缺 stay_id", where, _SHAPE, "补上住院编号")
    admitted, discharged = _day(row, "admitted_on", where), _day(row, "discharged_on", where)
    if discharged < admitted:
        raise FileRefused(f"出院日期 {discharged} 早于入院日期 {admitted}", where, remedy="改正日期")
    if not isinstance(row.get("linked"), bool):
        raise FileRefused(f"linked 应为 true 或 false,写的是 {row.get('linked')!r}", where, remedy="写明是否经转诊而来")
    level = _choice(row.get("level"), "level", tuple(LEVELS), where)
    insured = _choice(row.get("insured_as", "resident"), "insured_as", _INSURED, where)
    return LinkedStay(str(stay_id), level, admitted, discharged, row["linked"], insured)


def _choice(value: object, name: str, choices: Sequence[str], where: str) -> str:
    if not isinstance(value, str) or value not in choices:
        raise FileRefused(f"不认识的 {name}“{value}”", where, "起付标准按级别和参保类型", f"用 {'、'.join(choices)}")
    return value


def _day(row: Mapping[str, Any], name: str, where: str) -> date:
    try:
        return date.fromisoformat(row.get(name, ""))
    except (TypeError, ValueError) as error:
        raise FileRefused(f"{name} 应为日期,写的是 {row.get(name)!r}", where, remedy="写成 2025-03-01") from error


def _before(episode: Row, path: Path) -> int:
    before = episode.get("stays_before", 0)
    if not isinstance(before, int) or isinstance(before, bool) or before < 0:
        raise FileRefused(f"stays_before 应为不小于 0 的整数,写的是 {before!r}", f"{path.name} {episode['episode']}")
    return before


def _answered(episode: Row, charges: Sequence[Charge]) -> Row:
    stays = [
        {**stay, "deductible_fen": charge.deductible_fen, "reason": charge.reason.text, "rule": charge.reason.rule_id}
        for stay, charge in zip(episode["stays"], charges, strict=True)
    ]
    return {**episode, "stays": stays}
