"""`yigongti payment long-term-care`: what a month of long-term care comes to.  No store needed."""

import json
from pathlib import Path

import typer

from yigongti.kernel.money import yuan


def long_term_care(
    file: Path = typer.Argument(help="每人每月护理的 JSON 文件"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON"),
) -> None:
    """长期护理保险:每人每月基金付多少、为什么;住院的日子不重复付。"""
    from yigongti.capabilities.payment.services.care import care_file
    from yigongti.spine.county_rules import county_rules

    rows = care_file(file, book=county_rules())
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo(f"{row['resident_id']}  基金 {yuan(row['fund_fen'])} 元,个人 {yuan(row['self_fen'])} 元")
        for reason in row["reasons"]:
            typer.echo(f"  {reason['text']}")
