"""A year cleared from facts and rules: `settle(year, book=…, sources=…).as_dict()` is the JSON of `yigongti settle`."""

from yigongti.capabilities.payment.services.settle.books import book_of, supposed
from yigongti.capabilities.payment.services.settle.facts import READS
from yigongti.capabilities.payment.services.settle.run import Settlement, settle

__all__ = ["READS", "Settlement", "book_of", "settle", "supposed"]
