"""Fact tables: one dictionary shared by files, record store, lake, indicators and payment.

`columns` is the machinery (Column, FactTable), `county` the dictionary itself (the names are a contract).
"""

from yigongti.kernel.facts.columns import Column, FactTable, Kind, Product, Sum
from yigongti.kernel.facts.county import COUNTY

__all__ = ["COUNTY", "Column", "FactTable", "Kind", "Product", "Sum"]
