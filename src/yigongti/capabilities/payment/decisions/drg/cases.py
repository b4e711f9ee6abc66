"""A batch of discharges as columns of numbers: what the conditions of a compiled scheme are evaluated on."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yigongti.capabilities.payment.decisions.drg.compiled import Compiled
from yigongti.capabilities.payment.decisions.drg.conditions import NUMBERS, TEXT_ROLES, Role
from yigongti.capabilities.payment.decisions.drg.view import CC, MCC, Column, View
from yigongti.capabilities.payment.decisions.drg.vocabulary import BitSets, Ids, Vocabulary
from yigongti.kernel.errors import Refusal

REQUIRED = ("id", "dx", "procedures")
OF_EVERY_PERSON = frozenset({"sex", "age_years"})
"""What every case has; the other columns a scheme may ask for can be missing, which is a case without that value."""
EMPTY = pa.RecordBatch.from_arrays([pa.nulls(0, pa.list_(pa.string()))], names=["dx"])


@dataclass(frozen=True)
class CodeLists:
    """A list column flattened: the number of every code, and where each case's codes begin and how many they are."""

    ids: Ids
    starts: Ids
    lengths: Ids

    @property
    def filled(self) -> Ids:
        """The cases that have any code."""
        return np.flatnonzero(self.lengths)

    def at(self, place: int, *, missing: int) -> Ids:
        """The number of each case's code at a place (0: the first), `missing` where it has fewer."""
        result = np.full(len(self.lengths), missing, np.intp)
        has = self.lengths > place
        result[has] = self.ids[self.starts[has] + place]
        return result

    def others(self, values: Column) -> Column:
        """The union (bitwise or) of the values of each case's codes but the first."""
        result = np.zeros(len(self.lengths), values.dtype)
        filled = self.filled
        if filled.size:
            values = values.copy()
            values[self.starts[filled]] = 0
            result[filled] = np.bitwise_or.reduceat(values, self.starts[filled])
        return result


def encode(batch: pa.RecordBatch, compiled: Compiled) -> tuple[View, CodeLists]:
    """The columns of a batch as numbers, and its procedures as lists (for trying the others).

    Raises Refusal when a column the scheme needs is missing or has another type.
    """
    dx = _code_lists(batch, "dx", compiled.dx.vocabulary)
    procedures = _code_lists(batch, "procedures", compiled.procedures.vocabulary)
    columns = {"principal_dx": dx.at(0, missing=compiled.dx.vocabulary.blank)}
    columns["has_principal"] = columns["principal_dx"] != compiled.dx.vocabulary.blank
    columns["complications"] = _complications(dx, columns["principal_dx"], compiled)
    columns |= _words("dx", dx, columns["principal_dx"], compiled.dx.bits)
    columns["main_procedure"] = procedures.at(0, missing=compiled.procedures.vocabulary.blank)
    columns |= _words("procedure", procedures, columns["main_procedure"], compiled.procedures.bits)
    columns |= {role: _text(batch, role, compiled) for role in TEXT_ROLES}
    columns |= {name: _number(batch, name, compiled) for name in NUMBERS}
    weight = columns["birth_weight_g"]
    columns["birth_weight_g"] = np.where(weight == 0, np.nan, weight)
    return View(columns), procedures


def only_procedure(view: View, rows: Ids, procedure: Ids, bits: BitSets) -> View:
    """The same cases as if they had this procedure alone."""
    columns: dict[str, Column] = {"main_procedure": procedure}
    for number, word in enumerate(bits.words):
        columns[f"any_procedure.{number}"] = word[procedure]
        columns[f"other_procedure.{number}"] = np.zeros(len(rows), np.uint64)
    return View(columns, parent=view, rows=rows)


def _code_lists(batch: pa.RecordBatch, name: str, vocabulary: Vocabulary) -> CodeLists:
    column = _column(batch, name)
    if not (pa.types.is_list(column.type) or pa.types.is_large_list(column.type)):
        raise Refusal(f"列 {name} 不是编码的列表", why=f"类型是 {column.type}", remedy="CSV 里用 | 分隔多个编码")
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False).astype(np.intp)
    starts = np.cumsum(lengths) - lengths
    return CodeLists(vocabulary.ids(column.flatten()), starts, lengths)


def _words(kind: str, lists: CodeLists, first: Ids, bits: BitSets) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for number, word in enumerate(bits.words):
        others = lists.others(word[lists.ids])
        columns[f"other_{kind}.{number}"] = others
        columns[f"any_{kind}.{number}"] = others | word[first]
    return columns


def complications(cases: pa.Table, compiled: Compiled) -> dict[str, pa.ListArray]:
    """Per case, the other diagnoses that count as complications: `mcc` and `cc`, lists of codes.

    cases: as for grouping.  A complication that the principal diagnosis excludes does not count.
    """
    batch = cases.select(["dx"]).combine_chunks().to_batches()[0] if len(cases) else EMPTY
    dx = _code_lists(batch, "dx", compiled.dx.vocabulary)
    counting = _counting(dx, dx.at(0, missing=compiled.dx.vocabulary.blank), compiled)
    counting[dx.starts[dx.filled]] = 0
    codes, owner = batch.column("dx").flatten(), np.repeat(np.arange(len(batch)), dx.lengths)
    return {name: _lists(codes, owner, (counting & bit) > 0, len(batch)) for name, bit in (("mcc", MCC), ("cc", CC))}


def _lists(codes: pa.Array, owner: Column, kept: Column, count: int) -> pa.ListArray:
    ends = np.cumsum(np.bincount(owner[kept], minlength=count))
    return pa.ListArray.from_arrays(np.concatenate([[0], ends]).astype(np.int32), codes.filter(pa.array(kept)))


def _complications(dx: CodeLists, principal: Ids, compiled: Compiled) -> Column:
    """Per case, MCC and CC bits of the other diagnoses that are not excluded by the principal one."""
    return dx.others(_counting(dx, principal, compiled))


def _counting(dx: CodeLists, principal: Ids, compiled: Compiled) -> Column:
    """Per diagnosis, MCC and CC bits where the principal diagnosis of its case does not exclude it."""
    tables = compiled.complications
    voided = np.repeat(tables.principals[principal], dx.lengths)
    found = np.zeros(len(dx.ids), np.uint8)
    for bit, table in ((MCC, tables.mcc), (CC, tables.cc)):
        found |= (~tables.voids[table[dx.ids], voided]).astype(np.uint8) * np.uint8(bit)
    return found


def _text(batch: pa.RecordBatch, name: Role, compiled: Compiled) -> Ids:
    vocabulary = compiled.text[name]
    if name not in batch.schema.names:
        _refuse_if_needed(name, compiled)
        return np.full(batch.num_rows, vocabulary.blank, np.intp)
    column = batch.column(name)
    return vocabulary.ids(column if pa.types.is_dictionary(column.type) else column.cast(pa.string()))


def _number(batch: pa.RecordBatch, name: str, compiled: Compiled) -> Column:
    if name not in batch.schema.names:
        _refuse_if_needed(name, compiled)
        return np.full(batch.num_rows, np.nan)
    column = batch.column(name)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        raise Refusal(f"列 {name} 是文字", why="分组要用它的数值", remedy="改为数值列")
    values: Column = pc.fill_null(column.cast(pa.float64()), np.nan).to_numpy(zero_copy_only=False)
    return values


def _column(batch: pa.RecordBatch, name: str) -> pa.Array:
    if name not in batch.schema.names:
        raise _missing(name)
    return batch.column(name)


def _refuse_if_needed(name: str, compiled: Compiled) -> None:
    if name in compiled.needs & OF_EVERY_PERSON:
        raise _missing(name)


def _missing(name: str) -> Refusal:
    return Refusal(f"病例缺列 {name}", why="分组方案的条件要用到这一列", remedy="补上这一列;没有值的病例可留空")


def columns_needed(compiled: Compiled) -> tuple[str, ...]:
    """The columns a table must have to be grouped by this scheme."""
    return REQUIRED + tuple(sorted(compiled.needs & OF_EVERY_PERSON))
