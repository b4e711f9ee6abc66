"""Columns of money as the pages of payment show them: yuan in sight, yuan in files."""

from collections.abc import Iterable
from typing import Any

from yigongti.pages.tables import Column


def money(name: str, label: str, *, order: str | None = "") -> Column:
    """A column of fen, shown as yuan with two decimals, exported as a number of yuan."""
    return Column(name, label, unit="fen", order=order)


def moneys(*named: tuple[str, str, str | None]) -> Iterable[Column]:
    """Several columns of fen: name, label, field to sort by (None: cannot be sorted)."""
    return (money(name, label, order=order) for name, label, order in named)


def share(line: Any) -> float | None:
    """What was recorded ÷ what is due; None where nothing is due."""
    return line.recorded_fen / line.payable_fen if line.payable_fen else None
