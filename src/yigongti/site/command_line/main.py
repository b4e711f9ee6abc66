"""Gathers the commands, sets Django up on demand, and turns a refusal into a message and an exit code."""

import os
import sys

import typer

from yigongti.kernel.errors import Refusal
from yigongti.site.command_line.policy import docs, policy

app = typer.Typer(name="yigongti", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(policy, name="policy")
app.command()(docs)


def django_ready() -> None:
    """Commands that use the record store call this first; the others start without Django."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yigongti.site.settings")
    django.setup()


@app.callback()
def root() -> None:
    """医共体:政策—服务—事实—指标—支付—改进,一个闭环。"""


@app.command()
def manage(arguments: list[str]) -> None:
    """Django's own commands, such as `yigongti manage migrate`."""
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yigongti.site.settings")
    execute_from_command_line(["yigongti", *arguments])


def main() -> None:
    """The entry point: exit 0 done, or what the refusal says (2 unless it says otherwise)."""
    try:
        app()
    except Refusal as refusal:
        typer.secho(str(refusal), fg=typer.colors.RED, err=True)
        sys.exit(refusal.exit_code)
