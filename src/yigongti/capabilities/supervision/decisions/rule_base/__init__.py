"""The published rule base read from its workbooks: sheets of a known layout to limits; a changed layout is refused."""

from yigongti.capabilities.supervision.decisions.rule_base.limits import Limit
from yigongti.capabilities.supervision.decisions.rule_base.reading import Sheet, read

__all__ = ["Limit", "Sheet", "read"]
