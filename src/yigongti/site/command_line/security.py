"""`yigongti audit …`, `yigongti accounts …`, `yigongti identities …`: the trail proved, the first account, the keys."""

import json
from dataclasses import asdict

import typer

from yigongti.site.command_line.ready import store_ready

audit = typer.Typer(help="审计:校验记录链。", no_args_is_help=True)
accounts = typer.Typer(help="账号:首个管理员。", no_args_is_help=True)
identities = typer.Typer(help="身份信息:更换加密密钥。", no_args_is_help=True)

UNSOUND = 1
"""What `audit verify` exits with where the trail does not hold."""


@audit.callback()
def _audit() -> None:
    """审计:校验记录链。"""


@audit.command("verify")
def verify(as_json: bool = typer.Option(False, "--json", help="输出 JSON")) -> None:
    """逐条校验审计链与表外锚点;有改动、缺失、截断或锚点不符时逐处列出并以 1 退出。"""
    store_ready()
    from yigongti.spine.audit import trail

    report = trail.verify()
    if as_json:
        typer.echo(json.dumps({**asdict(report), "sound": report.sound}, ensure_ascii=False))
    else:
        for found in report.breaks:
            typer.secho(f"分片 {found.shard} 第 {found.sequence} 条:{found.text}({found.kind})", fg=typer.colors.RED)
        verdict = "完整" if report.sound else f"不完整,共 {len(report.breaks)} 处"
        typer.echo(f"审计记录 {report.records} 条,{report.shards} 个分片:{verdict}")
    raise typer.Exit(0 if report.sound else UNSOUND)


@accounts.callback()
def _accounts() -> None:
    """账号:首个管理员。"""


@accounts.command("admin")
def admin(
    username: str = typer.Argument(help="登录名"),
    password: str = typer.Option(..., prompt="密码", hide_input=True, confirmation_prompt=True),
) -> None:
    """建立全县的系统管理员账号。"""
    store_ready()
    from yigongti.spine.access.administration import create_admin

    create_admin(username, password=password)
    typer.echo(f"已建立管理员 {username};请登录后启用第二重验证")


@identities.callback()
def _identities() -> None:
    """身份信息:更换加密密钥。"""


@identities.command("rotate")
def rotate(
    resume: bool = typer.Option(False, "--resume", help="不换新密钥,只把上次中断后剩下的重新加密"),
) -> None:
    """换一把新密钥,把姓名、证件号、电话全部重新加密;期间照常可查。"""
    store_ready()
    from yigongti.spine.people.identities import reseal_identities, rotate_identity_key

    done = reseal_identities() if resume else rotate_identity_key()
    typer.echo(f"已用 {done.key_id} 号密钥重新加密 {done.resealed} 人;旧密钥文件请保留到备份也不再需要它时")
