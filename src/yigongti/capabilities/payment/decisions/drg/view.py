"""Some cases as columns of numbers: what a compiled condition is evaluated on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]
MCC, CC = 1, 2
"""The bits of the column `complications`."""


class View:
    """Some rows of a batch; a column is fetched from the rows it was taken of when first asked for."""

    def __init__(
        self, columns: dict[str, Column], *, parent: "View | None" = None, rows: NDArray[np.intp] | None = None
    ) -> None:
        self._columns, self._parent, self._rows = columns, parent, rows
        self.size = len(next(iter(columns.values()))) if rows is None else len(rows)

    def __getitem__(self, name: str) -> Column:
        column = self._columns.get(name)
        if column is None:
            assert self._parent is not None, name
            column = self._columns[name] = self._parent[name][self._rows]
        return column

    def take(self, rows: NDArray[np.intp]) -> "View":
        """The same columns for some of the rows."""
        return View({}, parent=self, rows=rows)
