"""One value of one row, with SQL's third truth value: what touches a null is null, except where it cannot matter."""

import operator


class Cell:
    def __init__(self, value):
        self.value = value

    def _with(self, other, act):
        other = other.value if isinstance(other, Cell) else other
        return Cell(None if self.value is None or other is None else act(self.value, other))

    def __eq__(self, other):
        return self._with(other, operator.eq)

    def __ne__(self, other):
        return self._with(other, operator.ne)

    __hash__ = None

    def __lt__(self, other):
        return self._with(other, operator.lt)

    def __le__(self, other):
        return self._with(other, operator.le)

    def __gt__(self, other):
        return self._with(other, operator.gt)

    def __ge__(self, other):
        return self._with(other, operator.ge)

    def __and__(self, other):
        both = (self.value, other.value)
        return Cell(False if False in both else None if None in both else True)

    def __or__(self, other):
        both = (self.value, other.value)
        return Cell(True if True in both else None if None in both else False)

    def __invert__(self):
        return Cell(None if self.value is None else not self.value)

    def isin(self, choices):
        return Cell(None if self.value is None else self.value in choices)

    def startswith(self, prefix):
        return Cell(None if self.value is None else self.value.startswith(prefix))

    def notnull(self):
        return Cell(self.value is not None)

    def isnull(self):
        return Cell(self.value is None)


class Row:
    """A dict whose entries are read as attributes."""

    def __init__(self, values):
        self._values = values

    def __getattr__(self, name):
        return Cell(self._values[name])
