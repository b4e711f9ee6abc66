"""Columns of money as the pages of payment show them: yuan in sight, yuan in files."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from yigongti.kernel.money import yuan
from yigongti.pages.tables import Column


def money(name: str, label: str, *, order: str | None = "") -> Column:
    """A column of fen, shown as yuan with two decimals, exported as a number of yuan."""
    heading = _("%(label)s(元)") % {"label": label}
    return Column(name, heading, value=lambda row: _in_yuan(_fen(row, name)), unit="",
                  show=lambda row: _shown(_fen(row, name)), order=order)  # fmt: skip


def moneys(*named: tuple[str, str, str | None]) -> Iterable[Column]:
    """Several columns of fen: name, label, field to sort by (None: cannot be sorted)."""
    return (money(name, label, order=order) for name, label, order in named)


def share(line: Any) -> float | None:
    """What was recorded ÷ what is due; None where nothing is due."""
    return line.recorded_fen / line.payable_fen if line.payable_fen else None


def _fen(row: Any, name: str) -> int | None:
    return row.get(name) if isinstance(row, dict) else getattr(row, name)


def _in_yuan(fen: int | None) -> float | None:
    return None if fen is None else fen / 100


def _shown(fen: int | None) -> str:
    return "—" if fen is None else yuan(fen)
