"""An offer for a file that is one table."""

from collections.abc import Callable
from pathlib import Path

from yigongti.exchange.files.reading.naming import stem, table_named
from yigongti.exchange.files.sources import Delivery, Offer
from yigongti.kernel.facts import COUNTY

ORDER = {name: place for place, name in enumerate(COUNTY)}


def one_table(path: Path, opening: Callable[[Path], Delivery]) -> Offer:
    """The file in the dictionary's order of loading; a file of unknown name last, to be refused when opened."""
    table = table_named(stem(path)) or table_named(path.parent.name)
    name = table.name if table else ""
    return Offer(str(path), ORDER.get(name, len(ORDER)), lambda: opening(path), name)
