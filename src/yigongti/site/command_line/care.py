"""`yigongti payment long-term-care`: what a month of long-term care comes to, and a year of it by its own budget."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import typer

from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import yuan
from yigongti.site.command_line.ready import store_ready


def long_term_care(
    file: Path = typer.Argument(help="每人每月护理的 JSON 文件"),
    year: int | None = typer.Option(None, help="按这一年的长护险基金清算:人头筹资、各机构应付、结余或超支"),
    insured: list[str] = typer.Option([], "--insured", help="参保人数 类型=人数(可重复);不写则取数据库里的参保居民"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON"),
) -> None:
    """长期护理保险:每人每月基金付多少、为什么;--year 再按该险自己的总额清算一年。"""
    from yigongti.capabilities.payment.services.care import care_file, care_year
    from yigongti.spine.county_rules import county_rules

    if insured and year is None:
        raise Refusal("写了参保人数,没有写年度", "--insured", remedy="加上 --year")
    book = county_rules()
    months = care_file(file, book=book)
    found = None if year is None else care_year(year, months, _heads(insured, year), book=book)
    if as_json:
        typer.echo(json.dumps(months if found is None else found, ensure_ascii=False, indent=2))
        return
    _print_months(months)
    if found is not None:
        _print_year(found)


def _heads(insured: Sequence[str], year: int) -> dict[str, int]:
    """People by kind of insurance: as written, or those living at the end of the year before, from the store."""
    if not insured:
        return _stored_heads(year)
    heads: dict[str, int] = {}
    for text in insured:
        kind, _equals, number = text.partition("=")
        if not number.isdecimal() or kind in heads:
            raise Refusal(f"“{text}”不是 类型=人数,或写了两次", "--insured", remedy="例如 --insured resident=12000")
        heads[kind] = int(number)
    return heads


def _stored_heads(year: int) -> dict[str, int]:
    store_ready()
    from yigongti.capabilities.payment.services.runs import inputs
    from yigongti.capabilities.payment.services.spending import insured_on

    heads: dict[str, int] = {}
    for each in insured_on(inputs.present()[0], date(year - 1, 12, 31)):
        heads[each.insured_as] = heads.get(each.insured_as, 0) + each.number
    return heads


def _print_months(months: Sequence[Mapping[str, Any]]) -> None:
    for row in months:
        typer.echo(f"{row['resident_id']}  基金 {yuan(row['fund_fen'])} 元,个人 {yuan(row['self_fen'])} 元")
        for reason in row["reasons"]:
            typer.echo(f"  {reason['text']}")


def _print_year(found: Mapping[str, Any]) -> None:
    for heads in found["composition"]:
        typer.echo(f"{heads['insured_as']} {heads['number']:,} 人 × {yuan(heads['per_head_fen'])} 元")
    for line in found["lines"]:
        typer.echo(f"{line['institution_id']}  {line['cases']} 人月,清算 {yuan(line['final_fen'])} 元")
    for name, label in _TOTALS.items():
        typer.echo(f"{label} {yuan(found['totals'][name])} 元")


_TOTALS = {
    "budget_fen": "长护险总额", "reserved_fen": "其中预留", "final_fen": "清算合计", "kept_by_fund_fen": "基金留存",
    "fund_share_of_overrun_fen": "基金承担超支",
}  # fmt: skip
