"""The runner: all indicators over one kind of rows in one scan, on whatever engine.

run(INDICATORS.values(), tables=paths, period=parse("2025"), rules=book, by=("month", "institution"))
"""

from yigongti.analytics.runner.outcome import schema
from yigongti.analytics.runner.rulings import Book
from yigongti.analytics.runner.run import run, run_apart
from yigongti.analytics.runner.together import run_together
from yigongti.analytics.runner.why import Explanation, clause_of, explain, rows_behind

__all__ = ["Book", "Explanation", "clause_of", "explain", "rows_behind", "run", "run_apart", "run_together", "schema"]
