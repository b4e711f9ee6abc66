"""Groups a table, a batch or a stream of batches of discharges by one scheme."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yigongti.capabilities.payment.decisions.drg.cases import CodeLists, encode, only_procedure
from yigongti.capabilities.payment.decisions.drg.compiled import NO_OUTCOME, Compiled, CompiledMdc, Step, compiled
from yigongti.capabilities.payment.decisions.drg.results import result
from yigongti.capabilities.payment.decisions.drg.scheme import Scheme
from yigongti.capabilities.payment.decisions.drg.view import View

Numbers = NDArray[np.int32]
BATCH_ROWS = 1 << 17
STREAM_ROWS = 1 << 16


class Search(NamedTuple):
    """Per case: the number of its outcome, and of the last MDC it entered (0: none)."""

    outcome: Numbers
    entered: Numbers


def group(cases: pa.Table, scheme: Scheme) -> pa.Table:
    """The group of every case: `id, mdc, adrg, drg, status, reason`, in the order given.

    cases: id, dx (list, principal first), procedures (list, main first), sex and age_years where the scheme asks for
    them; age_days, birth_weight_g, department, days_in_hospital, discharge_way count as without value when missing.
    status: grouped; ambiguous (`xQY`); ungrouped (`0000`); invalid: the case lacks something no case may lack, and the
    group is what the scheme gives without it.  Raises Refusal when a column is missing or of the wrong type.
    """
    ready = compiled(scheme)
    starts = range(0, max(cases.num_rows, 1), BATCH_ROWS)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        grouped = list(pool.map(lambda start: _group(_whole(cases.slice(start, BATCH_ROWS)), ready), starts))
    return pa.Table.from_batches(grouped)


def group_batches(batches: Iterable[pa.RecordBatch], scheme: Scheme) -> Iterator[pa.RecordBatch]:
    """The same for a stream, as Spark's `mapInArrow` calls it; small batches are put together on the way."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(each.num_rows for each in waiting) >= STREAM_ROWS:
            yield _group(_whole(pa.Table.from_batches(waiting)), compiled(scheme))
            waiting = []
    if waiting:
        yield _group(_whole(pa.Table.from_batches(waiting)), compiled(scheme))


def _whole(table: pa.Table) -> pa.RecordBatch:
    """A table in one piece: every piece costs a pass through all conditions."""
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], table.schema)


def _group(batch: pa.RecordBatch, ready: Compiled) -> pa.RecordBatch:
    view, procedures = encode(batch, ready)
    search = _search(ready.mdcs, view)
    if ready.retry_other_procedures:
        _retry(search, view, procedures, ready)
    return result(batch, view, search.outcome, search.entered, ready)


def _search(mdcs: Iterable[CompiledMdc], view: View) -> Search:
    search = Search(np.full(view.size, NO_OUTCOME, np.int32), np.zeros(view.size, np.int32))
    is_open = view["has_principal"].copy()
    for number, mdc in enumerate(mdcs, start=1):
        rows = np.flatnonzero(is_open & mdc.when(view))
        if rows.size:
            search.entered[rows] = number
            search.outcome[rows] = found = _steps(mdc.steps, view.take(rows))
            is_open[rows] = found == NO_OUTCOME
    return search


def _steps(steps: Iterable[Step], view: View) -> Numbers:
    outcome = np.full(view.size, NO_OUTCOME, np.int32)
    is_open = np.full(view.size, True)
    for step in steps:
        rows = np.flatnonzero(is_open & step.when(view))
        if rows.size:
            outcome[rows] = found = _choose(step, view.take(rows))
            is_open[rows] = found == NO_OUTCOME
    return outcome


def _choose(step: Step, view: View) -> Numbers:
    """The outcome of the first choice that holds, read from the last choice to the first."""
    outcome = np.full(view.size, NO_OUTCOME, np.int32)
    for choice in reversed(step.choices):
        outcome[choice.when(view)] = choice.outcome
    return outcome


def _retry(search: Search, view: View, procedures: CodeLists, ready: Compiled) -> None:
    """Cases without a group try each other procedure as their only one, in order."""
    vocabulary, bits = ready.procedures.vocabulary, ready.procedures.bits
    for place in range(1, int(procedures.lengths.max(initial=0))):
        candidate = procedures.at(place, missing=vocabulary.blank)
        rows = np.flatnonzero((search.outcome == NO_OUTCOME) & (candidate != vocabulary.blank))
        if rows.size:
            again = _search(ready.mdcs, only_procedure(view, rows, candidate[rows], bits))
            search.outcome[rows] = again.outcome
