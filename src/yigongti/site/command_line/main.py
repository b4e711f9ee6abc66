"""Gathers the commands, and turns a refusal into a message and an exit code."""

import os
import sys

import typer

from yigongti.kernel.errors import Refusal
from yigongti.site.command_line import (
    care,
    conformance,
    data,
    dip,
    finance,
    fund,
    ledger,
    measure,
    payment,
    reproduce,
    security,
    settle,
    start,
    supervision,
)
from yigongti.site.command_line.policy import docs, policy

app = typer.Typer(name="yigongti", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (
    start.up, start.jobs, data.load, data.templates, data.demo, measure.measure, measure.indicators, measure.why,
    measure.evaluate, reproduce.reproduce, measure.refresh, settle.settle, docs,
):  # fmt: skip
    app.command()(command)
for name, group in {
    "audit": security.audit,
    "accounts": security.accounts,
    "conformance": conformance.conformance,
    "dip": dip.dip,
    "drg": payment.drg,
    "finance": finance.finance,
    "identities": security.identities,
    "ledger": ledger.ledger,
    "payment": fund.payment,
    "policy": policy,
    "quarantine": data.quarantine,
    "supervise": supervision.supervise,
}.items():
    app.add_typer(group, name=name)


fund.payment.command("long-term-care")(care.long_term_care)


@app.callback()
def root() -> None:
    """医共体:政策—服务—事实—指标—支付—改进,一个闭环。"""


@app.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
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
