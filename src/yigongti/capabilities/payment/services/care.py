"""`yigongti payment long-term-care FILE`: months of long-term care in a JSON file, with what the fund pays and why; and
a whole year of them cleared by the insurance's own budget."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from yigongti.capabilities.payment.decisions.long_term_care import CareMonth, Mode, care_payment
from yigongti.capabilities.payment.decisions.long_term_care_year import CareYear, cleared_care, heads_of
from yigongti.capabilities.payment.services.json_rows import Row, read_rows
from yigongti.kernel.errors import FileRefused
from yigongti.kernel.rules import RuleBook

_SHAPE = (
    '应为 [{"resident_id", "mode": "institution|home", "grade": 0–5, "assessed_on", "dates": [日期], "charged_fen", '
    '"hospital": [{"admitted_on", "discharged_on"}]}]'
)
_MODES: Mapping[str, Mode] = {"institution": "institution", "home": "home"}
_GRADES = range(6)


def care_file(path: Path, *, book: RuleBook) -> list[Row]:
    """The months of a file, each with `outcome, units, covered_fen, fund_fen, self_fen, reasons`.

    Judged by the rules of each month's last day of care.  Raises FileRefused, naming row and field, on anything that
    is missing or cannot be, and on a person's month of one kind that stands twice.
    """
    rows = read_rows(path, of="护理记录", shape=_SHAPE)
    months = [_month(row, f"{path.name} 第 {number} 行") for number, row in enumerate(rows, 1)]
    _none_twice(months, path.name)
    return [_answered(row, month, hospital, book=book) for row, (month, hospital) in zip(rows, months, strict=True)]


Hospital = tuple[tuple[date, date], ...]


def _month(row: Row, where: str) -> tuple[CareMonth, Hospital]:
    mode, grade, charged = _MODES.get(str(row.get("mode"))), row.get("grade"), row.get("charged_fen")
    if not isinstance(row.get("resident_id"), str) or mode is None or not isinstance(row.get("dates"), list):
        raise FileRefused("缺 resident_id、mode 或 dates", where, _SHAPE, "补上或改正")
    if isinstance(grade, bool) or not isinstance(grade, int) or grade not in _GRADES:
        raise FileRefused(f"失能等级应为 0 至 5,写的是 {grade!r}", where, remedy="改正 grade")
    if isinstance(charged, bool) or not isinstance(charged, int) or charged < 0:
        raise FileRefused(f"charged_fen 应为不小于 0 的整数分,写的是 {charged!r}", where, remedy="改正金额")
    dates = tuple(sorted(_day(day, where) for day in row["dates"]))
    if not dates or (dates[0].year, dates[0].month) != (dates[-1].year, dates[-1].month):
        raise FileRefused("dates 应是同一个月的日期,至少一个", where, "按月支付", "一月一行")
    spans = tuple(_span(stay, where) for stay in row.get("hospital") or ())
    return CareMonth(row["resident_id"], mode, grade, _day(row.get("assessed_on"), where), dates, charged), spans


def _span(stay: Any, where: str) -> tuple[date, date]:
    if not isinstance(stay, Mapping):
        raise FileRefused("hospital 里应是住院的起止", where, _SHAPE)
    admitted, discharged = (_day(stay.get(name), where) for name in ("admitted_on", "discharged_on"))
    if discharged < admitted:
        raise FileRefused(f"出院日期 {discharged} 早于入院日期 {admitted}", where, remedy="改正日期")
    return admitted, discharged


def _day(value: Any, where: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise FileRefused(f"应为日期,写的是 {value!r}", where, remedy="写成 2025-03-01") from error


def _none_twice(months: list[tuple[CareMonth, Hospital]], where: str) -> None:
    """A month of one kind of care is paid once."""
    seen: set[tuple[str, str, int, int]] = set()
    for month, _ in months:
        key = (month.resident_id, month.mode, month.dates[0].year, month.dates[0].month)
        if key in seen:
            raise FileRefused(f"{key[0]} 的 {key[2]}-{key[3]:02} 出现了两次", where, "每人每月每种护理只付一次", "合并")
        seen.add(key)


def _answered(row: Row, month: CareMonth, hospital: Hospital, *, book: RuleBook) -> Row:
    paid = care_payment(month, hospital=hospital, rules=book.on(max(month.dates)))
    reasons = [
        {"rule": reason.rule_id, "version": reason.version, "text": reason.text} for reason in paid.decision.reasons
    ]
    return {
        **row, "outcome": paid.decision.outcome, "units": paid.units, "covered_fen": paid.covered_fen,
        "fund_fen": paid.fund_fen, "self_fen": paid.self_fen, "reasons": reasons,
    }  # fmt: skip


def care_year(year: int, months: Sequence[Row], insured: Mapping[str, int], *, book: RuleBook) -> Row:
    """A year of care cleared: `year, composition, months, lines, totals`, by the rules of its last day.

    months: as `care_file` gives them, each with its `institution_id`; insured: kind of insurance → people.
    Raises Refusal on a month without institution or of another year, and on heads that cannot be.
    """
    rules = book.on(date(year, 12, 31))
    paid: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(months, 1):
        name = _institution_of(row, year, f"第 {number} 行")
        count, amount = paid.get(name, (0, 0))
        paid[name] = (count + 1, amount + row["fund_fen"])
    return _told(year, months, cleared_care(heads_of(insured, rules=rules), paid, rules=rules))


def _institution_of(row: Row, year: int, where: str) -> str:
    name = row.get("institution_id")
    if not isinstance(name, str) or not name:
        raise FileRefused("缺 institution_id", where, "年度结算按护理机构汇总", "补上护理机构")
    if _day(row["dates"][0], where).year != year:
        raise FileRefused(f"护理月份不在 {year} 年", where, remedy="一年一个文件,或改正 --year")
    return name


def _told(year: int, months: Sequence[Row], found: CareYear) -> Row:
    composition = [
        {"insured_as": each.insured_as, "number": each.number, "per_head_fen": each.per_head_fen,
         "amount_fen": each.amount_fen}
        for each in found.heads
    ]  # fmt: skip
    lines = [
        {"institution_id": line.institution_id, "scheme": "long_term_care", "cases": line.months,
         "recorded_fen": line.recorded_fen, "overrun_borne_fen": line.overrun_borne_fen, "final_fen": line.final_fen}
        for line in found.lines
    ]  # fmt: skip
    totals = {
        "budget_fen": found.budget_fen, "reserved_fen": found.reserved_fen, "final_fen": found.final_fen,
        "kept_by_fund_fen": found.kept_by_fund_fen, "fund_share_of_overrun_fen": found.fund_share_fen,
    }  # fmt: skip
    return {"year": year, "composition": composition, "lines": lines, "totals": totals, "months": list(months)}
