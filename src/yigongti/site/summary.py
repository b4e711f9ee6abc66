"""The page that `yigongti up` prints: what county this is, what is in it, what to look at, and how to sign in."""

from collections import Counter
from io import StringIO

from rich.console import Console
from rich.table import Table

from yigongti.analytics.lake import row_counts
from yigongti.capabilities.measure.models import Level
from yigongti.capabilities.measure.selectors.figures import latest_run
from yigongti.kernel.errors import Refusal
from yigongti.kernel.facts import COUNTY
from yigongti.spine.access.accounts import Login, create_demo_accounts
from yigongti.spine.county_rules import county_rules
from yigongti.spine.home import home

WIDTH = 100


def summary(*, address: str, seconds: float) -> str:
    """One page of text for the terminal."""
    page = StringIO()
    console = Console(file=page, width=WIDTH, force_terminal=False, highlight=False)
    choices = home().choices
    console.rule(f"医共体 Yigongti · {choices.county}")
    if choices.demo:
        console.print("演示数据:人物、地点皆为虚构。Demonstration data: people and places are invented.")
    console.print("政策包:" + " → ".join(pack.label for pack in county_rules().packs.values()))
    console.print("数据:" + _rows())
    console.print("指标:" + _indicators())
    logins = _logins()
    if logins:
        console.print(_login_table(logins))
    else:
        console.print("建立首个管理员:yigongti accounts admin 登录名")
    console.print(f"数据目录:{home().path}")
    console.print(f"打开 {address}(准备用时 {seconds:.1f} 秒)")
    return page.getvalue()


def _rows() -> str:
    counts = row_counts()
    shown = [f"{COUNTY[name].label} {count:,}" for name, count in counts.items() if name in _TOLD and count]
    return "、".join(shown) or "还没有;用 yigongti load 装载"


_TOLD = ("resident", "institution", "visit", "stay", "charge", "contract")


def _indicators() -> str:
    run = latest_run()
    if run is None:
        return "还没有计算"
    values = run.values.filter(level=Level.COUNTY).values_list("value", "met")
    counts = Counter(_verdict(value, met) for value, met in values)
    told = "、".join(f"{verdict} {count}" for verdict, count in counts.most_common())
    return f"{run.period_start} 至 {run.period_end},{sum(counts.values())} 项:{told};预警 {run.warnings.count()} 条"


def _verdict(value: float | None, met: bool | None) -> str:
    if value is None:
        return "无数值"
    return {True: "达标", False: "未达标", None: "无目标"}[met]


def _logins() -> list[Login]:
    try:
        return create_demo_accounts()
    except Refusal:  # a real county has no demonstration accounts
        return []


def _login_table(logins: list[Login]) -> Table:
    table = Table("角色", "登录名", "密码", "范围", title="每个角色一个演示账号", title_justify="left")
    for login in logins:
        table.add_row(login.role, login.username, login.password, login.place)
    return table
