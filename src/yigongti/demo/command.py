"""`yigongti demo`: generate with a progress bar and a summary on the screen."""

from pathlib import Path
from typing import cast, get_args

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from yigongti.demo.generate import DemoSummary, generate
from yigongti.demo.tables import Form
from yigongti.kernel.errors import Refusal


def demo(residents: int, months: int, seed: int, out: Path, form: str = "parquet") -> DemoSummary:
    """Make the demo county in `out` (see `generate`); `form` is parquet or csv.  Raises Refusal on bad options."""
    if form not in get_args(Form):
        raise Refusal(f"不认识的文件格式“{form}”", remedy="请写 parquet 或 csv")
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("生成演示县", total=None)

        def tell(what: str, done: int, of: int) -> None:
            bar.update(task, description=what, completed=done, total=of)

        summary = generate(residents=residents, months=months, seed=seed, out=out, form=cast(Form, form), progress=tell)
    console.print(
        f"虚构的云溪县:{summary.residents:,} 名居民,{summary.start} 至 {summary.end},"
        f"{summary.total_rows:,} 行,用时 {summary.seconds:.1f} 秒 → {summary.folder}"
    )
    return summary
