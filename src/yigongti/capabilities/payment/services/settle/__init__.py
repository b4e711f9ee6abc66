"""A year cleared from facts and rules: `settle(year, book=…, sources=…).as_dict()` is the JSON of `yigongti settle`."""

from yigongti.capabilities.payment.services.settle.adjusting import PutForward
from yigongti.capabilities.payment.services.settle.books import book_of, pack_of, supposed
from yigongti.capabilities.payment.services.settle.facts import READS
from yigongti.capabilities.payment.services.settle.run import Given, Settlement, settle

__all__ = ["READS", "Given", "PutForward", "Settlement", "book_of", "pack_of", "settle", "supposed"]
