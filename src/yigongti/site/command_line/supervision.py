"""`yigongti supervise`: sweep the facts for misuse of the fund; its detectors; the published rule base."""

import json
from datetime import date
from pathlib import Path

import typer

from yigongti.kernel.errors import Refusal
from yigongti.kernel.money import yuan
from yigongti.kernel.periods import Period
from yigongti.site.command_line.ready import django_ready, store_ready

supervise = typer.Typer(help="基金监管:筛查、筛查规则、规则库。", invoke_without_command=True)
rules = typer.Typer(help="规则库:导入、列出、停用。", no_args_is_help=True)
supervise.add_typer(rules, name="rules")


@supervise.callback()
def _supervise(
    context: typer.Context,
    first: str = typer.Option("", "--from", help="第一天,如 2025-01-01;默认从最早的数据起"),
    last: str = typer.Option("", "--to", help="最后一天"),
    detector: list[str] = typer.Option([], help="只用这些筛查规则(可重复)"),
    setting: list[str] = typer.Option([], "--set", help="假设 规则.参数=值(可重复),只看不存"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON"),
) -> None:
    """筛查全县数据,新发现的疑点立为线索;重复筛查不会重复立案。"""
    if context.invoked_subcommand is not None:
        return
    store_ready()
    from yigongti.capabilities.supervision import api
    from yigongti.kernel import clock

    period = _period(first, last, whole=api.period_of_facts)
    if setting:
        found = api.what_if(setting, period=period, detectors=detector)
        _print({"supposed": setting, "hits": dict(found)}, as_json=as_json)
        return
    swept = api.sweep(period=period, detectors=detector, at=clock.now())
    _print(api.as_dict(swept), as_json=as_json)


@supervise.command()
def detectors(as_json: bool = typer.Option(False, "--json", help="输出 JSON")) -> None:
    """列出筛查规则:定义、依据、参数与现行取值。"""
    django_ready()
    from yigongti.capabilities.supervision import api
    from yigongti.kernel import clock

    listed = api.described(on=clock.today())
    if as_json:
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for each in listed:
        typer.echo(f"{each['id']}  {each['label']}({each['severity']})  {each['source']}\n  {each['definition']}")
        for parameter in each["parameters"]:
            typer.echo(f"  {parameter['name']} = {parameter['value']}  [{parameter['rule']}]")


@rules.command("import")
def import_rules(files: list[Path] = typer.Argument(help="公布的知识点工作簿(.xlsx)")) -> None:
    """导入规则库工作簿;版式变了的整份拒绝,并指出工作表和列。"""
    store_ready()
    from yigongti.capabilities.supervision import api
    from yigongti.kernel import clock

    for done in api.import_rule_base(files, at=clock.now()):
        state = "已导入" if done.is_new else "与在用版本相同,未变"
        counts = "、".join(f"{api.LIMIT_KINDS[kind]} {count:,}" for kind, count in done.counts.items())
        typer.echo(f"{done.title} 第 {done.number} 版:{state},{done.lines:,} 条({counts})")


@rules.command("list")
def list_rules() -> None:
    """列出在用的规则库。"""
    store_ready()
    from yigongti.capabilities.supervision import api

    for edition in api.rule_editions():
        typer.echo(f"{edition.title}  第 {edition.number} 版  {edition.imported_on}  {edition.lines:,} 条")


@rules.command("retire")
def retire_rules(title: str = typer.Argument(help="规则库标题")) -> None:
    """停用一份规则库。"""
    store_ready()
    from yigongti.capabilities.supervision import api
    from yigongti.kernel import clock

    api.retire_rule_base(title, at=clock.now())
    typer.echo(f"已停用 {title}")


def _period(first: str, last: str, *, whole: object) -> Period | None:
    """None where neither end is given: everything there is."""
    if not first and not last:
        return None
    known: Period = whole()  # type: ignore[operator]  # asked only where an end is open
    return Period(_day(first) or known.start, _day(last) or known.end)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refusal(f"“{text}”不是日期", remedy="请写成 2025-01-01") from error


def _print(found: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for line in found["hits"].values():  # type: ignore[attr-defined]  # a mapping, as api.as_dict makes it
        if line["hits"]:
            typer.echo(f"{line['label']}  {line['hits']:,} 处  涉及基金 {yuan(line['amount_fen'])} 元")
    if "new_leads" in found:
        typer.echo(f"新疑点 {found['new_findings']:,},新线索 {found['new_leads']:,};费用明细 {found['lines']:,} 行,"
                   f"用时 {found['seconds']:.1f} 秒")  # fmt: skip
