"""Running heads, page numbers and columns of a PDF's pages."""

from yigongti.capabilities.ledger.reading.sources.page_order import Block, Sheet, ordered

WIDTH, HEIGHT = 600.0, 800.0


def block(text: str, *, left: float, top: float, width: float = 480.0, height: float = 40.0) -> Block:
    return Block((left, top - height, left + width, top), f"{text}\n")


def sheet(*blocks: Block) -> Sheet:
    return Sheet(WIDTH, HEIGHT, blocks)


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [
        sheet(
            block("甲县人民政府公报", left=60, top=790, height=20),
            block(f"第{page}段正文", left=60, top=600),
            block(f"— {page} —", left=280, top=40, width=40, height=15),
        )
        for page in (1, 2, 3)
    ]
    assert ordered(pages) == ["第1段正文\n", "第2段正文\n", "第3段正文\n"]


def test_a_title_at_the_top_of_the_first_page_stays() -> None:
    first = sheet(block("甲县医共体实施方案", left=60, top=780, height=20), block("一、目标", left=60, top=600))
    assert ordered([first, sheet(block("二、任务", left=60, top=600))])[0] == "甲县医共体实施方案\n一、目标\n"


def test_two_columns_are_read_one_after_the_other_under_the_title_across_them() -> None:
    page = sheet(
        block("标题", left=60, top=700),
        block("左上", left=50, top=600, width=230),
        block("右上", left=320, top=605, width=230),
        block("左下", left=50, top=500, width=230),
        block("右下", left=320, top=500, width=230),
        block("通栏", left=60, top=300),
    )
    assert ordered([page]) == ["标题\n左上\n左下\n右上\n右下\n通栏\n"]


def test_short_labels_side_by_side_are_no_columns() -> None:
    page = sheet(
        block("责任单位:", left=50, top=600, width=80),
        block("县卫健局", left=400, top=600, width=80),
        block("完成时限:", left=50, top=500, width=80),
        block("2025年", left=400, top=500, width=80),
    )
    assert ordered([page]) == ["责任单位:\n县卫健局\n完成时限:\n2025年\n"]
