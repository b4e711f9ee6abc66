"""Amounts in tables: shown to the fen, given to files in yuan."""

from collections.abc import Callable
from typing import Any

from yigongti.pages.numbers import yuan
from yigongti.pages.tables import Column

FEN = 100


def amount(name: str, label: str, fen_of: Callable[[Any], int | None], *, export_only: bool = False) -> Column:
    """A column of money; fen_of: row → fen, or None."""

    def in_yuan(row: Any) -> float | None:
        fen = fen_of(row)
        return None if fen is None else fen / FEN

    return Column(name, label, value=in_yuan, unit="yuan", show=lambda row: yuan(fen_of(row)), export_only=export_only)
