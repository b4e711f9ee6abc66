"""The demonstration county's fund supervision: its own list of items for one sex, as a rule base, and a first sweep."""

from datetime import UTC, datetime
from pathlib import Path

from xlsxwriter import Workbook

from yigongti.capabilities.supervision import api
from yigongti.demo.catalogue import sheet
from yigongti.kernel import clock

HEADER = ("项目名称", "项目说明", "国标代码", "限定类型", "限定性别")
SEXES = {"female": "女", "male": "男"}


def write_rule_base(folder: Path) -> Path:
    """The county's items for one sex, in the layout of the published rule base; returns the workbook."""
    items = sheet("items")
    path = folder / "云溪县项目规则库(限定性别对象).xlsx"
    with Workbook(path) as book:
        book.set_properties({"created": datetime(2024, 1, 1, tzinfo=UTC)})
        page = book.add_worksheet("Sheet1")
        page.write_row(0, 0, HEADER)
        limited = [
            line for line in zip(items.text("name"), items.text("code"), items.text("sex"), strict=True) if line[2]
        ]
        for row, (name, code, sex) in enumerate(limited, start=1):
            page.write_row(row, 0, (name, "演示县自定", code, "限定性别对象", SEXES[sex]))
    return path


def supervise(folder: Path) -> api.Swept:
    """Import the county's rule base and sweep everything once, as the insurance office would."""
    api.import_rule_base([write_rule_base(folder)], at=clock.now())
    return api.sweep(at=clock.now())
