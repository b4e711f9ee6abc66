"""A statement on paper: PDF to sign and keep, XLSX to reckon with."""

from typing import Any

from django.utils.translation import gettext as _

from yigongti.capabilities.payment.selectors.statements import Statement, StatementLine
from yigongti.capabilities.payment.selectors.wording import budget_label
from yigongti.kernel.money import yuan
from yigongti.pages import exports
from yigongti.pages.paper import STATEMENT, typeset
from yigongti.spine.home import home

MONEY = ("recorded_fen", "payable_fen", "surplus_kept_fen", "overrun_borne_fen", "final_fen")


def pdf(statement: Statement) -> bytes:
    """The bytes of the PDF.  Raises Refusal where the machine has no Chinese font."""
    run = statement.run
    return typeset(
        STATEMENT,
        {
            "heading": _("%(year)s 年度医保基金结算对账单") % {"year": run.year},
            "county": home().choices.county,
            "institution": f"{statement.institution}({statement.institution_id})",
            "standing": _("已清算 %(day)s") % {"day": f"{statement.cleared_on:%Y-%m-%d}"}
            if statement.cleared_on
            else _("试算,未清算"),
            "columns": [*headings()],
            "rows": [[*map(str, row[:3]), *(yuan(amount) for amount in row[3:])] for row in rows(statement)],
            "totals": [_("合计"), "", "", *(yuan(amount) for amount in _totals(statement))],
            "foot": _("批次 %(run)s · 分组方案 %(scheme)s · 金额单位:元") % {"run": run.pk[:16], "scheme": run.scheme},
            "signed": [_("医保经办机构(章)"), _("医疗机构(章)"), _("日期")],
        },
    )


def xlsx(statement: Statement) -> bytes:
    """The bytes of the XLSX: numbers in yuan stay numbers."""
    listed: list[list[Any]] = [[*row[:3], *(amount / 100 for amount in row[3:])] for row in rows(statement)]
    totals: list[Any] = [_("合计"), "", "", *(amount / 100 for amount in _totals(statement))]
    return exports.xlsx([*headings()], [*listed, totals])


def headings() -> tuple[str, ...]:
    """The headings of a statement's columns; money from the fourth on."""
    return (
        _("预算"), _("例数/人次"), _("点数"), _("基金记账"), _("应付"), _("留用结余"), _("自担超支"), _("清算"),
        _("年内已结"), _("应补(退)"),
    )  # fmt: skip


def rows(statement: Statement) -> list[tuple[Any, ...]]:
    """Its rows: text, cases, points, then money in fen."""
    return [_row(each) for each in statement.lines]


def _row(each: StatementLine) -> tuple[Any, ...]:
    line, pool = each.line, each.line.pool
    label = f"{each.consortium} {budget_label(pool)}"
    amounts = [getattr(line, name) for name in MONEY]
    return (label, line.stays + line.visits, line.points_e4 / 10_000, *amounts, each.paid_fen, each.balance_fen)


def _totals(statement: Statement) -> list[int]:
    sums = [sum(getattr(each.line, name) for each in statement.lines) for name in MONEY]
    return [*sums, statement.paid_fen, statement.balance_fen]
