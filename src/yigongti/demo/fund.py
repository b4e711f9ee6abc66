"""The demonstration county's fund supervision: its own rule base, and a first sweep."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from xlsxwriter import Workbook

from yigongti.capabilities.supervision import api
from yigongti.demo.catalogue import sheet
from yigongti.demo.plants.charges import FOR_INPATIENTS, FOR_NEWBORN, PART, WITH_PART
from yigongti.kernel import clock

HEADER = ("项目名称", "项目说明", "国标代码", "限定类型", "限定对象")
PAIRS = ("序号", "频度", "主项名称", "主项编码", "从项名称", "从项编码", "备注")
SEXES = {"female": "女", "male": "男"}
_OWN = "演示县自定"


def write_rule_base(folder: Path) -> Path:
    """The county's own limits of items, in the layouts of the published rule base; returns the workbook."""
    items = sheet("items")
    names = dict(zip(items.text("code"), items.text("name"), strict=True))
    limits = [
        (name, code, "限定性别对象", SEXES[sex])
        for name, code, sex in zip(items.text("name"), items.text("code"), items.text("sex"), strict=True) if sex
    ]  # fmt: skip
    limits.append((names[FOR_NEWBORN], FOR_NEWBORN, "限定年龄对象", "新生儿"))
    limits.append((names[FOR_INPATIENTS], FOR_INPATIENTS, "限定就医方式", "住院"))
    path = folder / "云溪县项目规则库.xlsx"
    with Workbook(path) as book:
        book.set_properties({"created": datetime(2024, 1, 1, tzinfo=UTC)})
        _write(book, "限定对象", HEADER, [(name, _OWN, *rest) for name, *rest in limits])
        pair = ("1", "单日", names[WITH_PART], WITH_PART, names[PART], PART, f"含{names[PART]}")
        _write(book, "重复收费", PAIRS, [pair])
    return path


def _write(book: Workbook, name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    page = book.add_worksheet(name)
    for number, row in enumerate([header, *rows]):
        page.write_row(number, 0, row)


def supervise(folder: Path) -> api.Swept:
    """Import the county's rule base and sweep everything once, as the insurance office would."""
    api.import_rule_base([write_rule_base(folder)], at=clock.now())
    return api.sweep(at=clock.now())
