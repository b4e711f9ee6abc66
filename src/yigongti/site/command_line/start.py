"""`yigongti up`: from an empty folder to a running county: data, indicators, summary, server."""

import os
import shutil
import sys
import time
from pathlib import Path

import typer

from yigongti.site.command_line.ready import store_ready
from yigongti.site.spreading import PROCESSES, THREADS
from yigongti.spine.home import home

RESIDENTS, MONTHS, SEED = 50_000, 24, 1


def up(
    serve: bool = typer.Option(True, "--serve/--no-serve", help="只到摘要为止,不启动网页"),
    host: str = typer.Option("127.0.0.1", help="监听地址"),
    port: int = typer.Option(8000, help="端口"),
    residents: int = typer.Option(RESIDENTS, help="演示县的居民人数(仅首次)"),
) -> None:
    """启动:首次运行时建数据目录、生成并装载演示县、计算指标;然后打印摘要并启动网页。"""
    began = time.monotonic()
    store_ready()
    from yigongti.site import jobs

    if home().choices.demo and jobs.is_empty():
        _first_start(residents)
    jobs.refresh_if_stale(tell=typer.echo)
    from yigongti.site.summary import summary

    typer.echo(summary(address=f"http://{host}:{port}/", seconds=time.monotonic() - began))
    if serve:
        _serve(host, port)


def _first_start(residents: int) -> None:
    from yigongti.demo.booking import fill_booking
    from yigongti.demo.command import demo
    from yigongti.demo.contracts import fill_contracts
    from yigongti.demo.finance import fill_finance
    from yigongti.demo.fund import supervise
    from yigongti.demo.ledger import fill_ledger
    from yigongti.demo.naming import name_codes
    from yigongti.demo.payment import fill_payment
    from yigongti.demo.referrals import fill_referrals
    from yigongti.exchange.files.progress import progress_for
    from yigongti.exchange.intake import take_in
    from yigongti.kernel.roles import Role
    from yigongti.spine.access.accounts import create_demo_accounts
    from yigongti.spine.access.models import User

    folder = home().path / "demo"
    shutil.rmtree(folder, ignore_errors=True)  # a start that was cut off half-way begins again
    demo(residents, MONTHS, SEED, folder)
    typer.echo("装载演示县 …")
    with progress_for() as progress:
        take_in([folder], progress=progress)
    create_demo_accounts()
    name_codes()
    bureau = User.objects.get(username=Role.BUREAU.value)
    fill_ledger(bureau)
    fill_contracts(bureau, doctor=User.objects.get(username=Role.FAMILY_DOCTOR.value))
    fill_booking(User.objects.filter(username=Role.FAMILY_DOCTOR.value).first())
    fill_referrals()
    supervise(folder)
    fill_payment(User.objects.get(username=Role.INSURER.value))
    fill_finance(manager=User.objects.get(username=Role.MANAGER.value), bureau=bureau)


def _serve(host: str, port: int) -> None:
    """Hand this process over to the web server."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yigongti.site.settings")
    command = serving(host, port)
    os.execv(command[0], command)


def serving(host: str, port: int, *, application: str = "yigongti.site.wsgi:application") -> list[str]:
    """The command that serves the product: two processes, each with a few threads (more only wait for one another)."""
    granian = Path(sys.executable).with_name("granian")
    options = {
        "--interface": "wsgi", "--host": host, "--port": port, "--workers": PROCESSES, "--blocking-threads": THREADS,
        "--log-level": "warning",
    }  # fmt: skip
    return [str(granian), *(str(part) for pair in options.items() for part in pair), application]


def jobs() -> None:
    """做一遍到期的工作:标记超时、实时事实入湖、刷新指标;由系统定时器调用,重复运行无妨。"""
    store_ready()
    from yigongti.site.jobs import run_due

    run_due(tell=typer.echo)
