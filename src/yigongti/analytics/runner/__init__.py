"""The runner: all indicators over one kind of rows in one scan, on whatever engine.

run(INDICATORS.values(), tables=paths, period=parse("2025"), rules=book, by=("month", "institution"))
"""

from yigongti.analytics.runner.outcome import schema
from yigongti.analytics.runner.rulings import Book
from yigongti.analytics.runner.run import run

__all__ = ["Book", "run", "schema"]
