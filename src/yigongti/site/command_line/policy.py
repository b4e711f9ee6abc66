"""`yigongti policy …` and `yigongti docs`: the rules checked, the reference written."""

from pathlib import Path

import typer

from yigongti.kernel.errors import Refusal
from yigongti.spine.home import home

policy = typer.Typer(help="政策规则:检查与查询。", no_args_is_help=True)


@policy.callback()
def _policy() -> None:
    """政策规则:检查与查询。"""


@policy.command()
def check(
    root: Path | None = typer.Option(None, help="只检查这个政策目录;默认检查随附的政策包和本县的选择、自定规则"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON"),
) -> None:
    """检查全部规则、来源与政策包;有问题时逐条说明并以 2 退出。"""
    from yigongti.kernel.rules.linting import main

    asked = ["--json"] if as_json else []
    if root is not None:
        raise typer.Exit(main([*asked, "--root", str(root)]))
    county = home()
    raise typer.Exit(main(asked, packs=county.choices.packs, own=county.own_policy))


def docs(
    check: bool = typer.Option(False, "--check", help="只检查是否过期,不写文件"),
    folder: Path = typer.Option(Path("docs/reference"), help="写到哪里"),
) -> None:
    """生成参考文档:数据字典、规则、文件、指标、流程。"""
    from yigongti.site.command_line.ready import django_ready

    django_ready()
    from yigongti.site import reference

    if check:
        old = reference.stale(folder)
        if old:
            raise Refusal(
                f"参考文档已过期:{'、'.join(path.name for path in old)}", str(folder), remedy="请运行 make docs"
            )
        return
    for path in reference.write(folder):
        typer.echo(f"写入 {path}")
