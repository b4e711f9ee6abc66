"""What is written for each case: the outcome, whether it can be relied on, and why not."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yigongti.capabilities.payment.decisions.drg.conditions import NUMBERS
from yigongti.capabilities.payment.decisions.drg.view import View

if TYPE_CHECKING:
    from yigongti.capabilities.payment.decisions.drg.compiled import Compiled

SCHEMA = pa.schema([(name, pa.string()) for name in ("mdc", "adrg", "drg", "status", "reason")])
INVALID = "invalid"


class Fault(NamedTuple):
    """Something a case lacks: whether the result is void for it, and the sentence."""

    voids: bool
    text: str


NO_PRINCIPAL = Fault(True, "缺主要诊断")
NO_SEX = Fault(True, "缺性别,或性别不是 male、female;性别条件按不成立处理")
NO_AGE = Fault(True, "缺年龄(age_years);年龄条件按不成立处理")
NEGATIVE = Fault(True, "年龄、体重或住院天数为负数")
NO_WEIGHT = Fault(False, "缺新生儿出生体重(birth_weight_g);体重条件按不成立处理")
FAULTS = (NO_PRINCIPAL, NO_SEX, NO_AGE, NEGATIVE, NO_WEIGHT)

AMBIGUOUS = "主要手术与主要诊断不在同一 MDC,按歧义组处理"


def result(
    batch: pa.RecordBatch, view: View, outcome: NDArray[np.int32], entered: NDArray[np.int32], compiled: "Compiled"
) -> pa.RecordBatch:
    """The result rows of a batch: its ids, what each outcome number stands for, and the reasons."""
    faults = _faults(view, entered, compiled)
    numbers = pa.array(outcome)
    mdc, adrg, drg, status = (pc.take(written, numbers) for written in compiled.written)
    void = sum(1 << bit for bit, fault in enumerate(FAULTS) if fault.voids)
    status = pc.if_else(pa.array((faults & void) != 0), INVALID, status)
    reason = _reasons(batch, view, status, faults, entered, compiled)
    schema = SCHEMA.insert(0, batch.schema.field("id"))
    return pa.RecordBatch.from_arrays([batch.column("id"), mdc, adrg, drg, status, reason], schema=schema)


def _faults(view: View, entered: NDArray[np.int32], compiled: "Compiled") -> NDArray[np.uint8]:
    """Per case, one bit for each of FAULTS."""
    weighs = np.array([False, *(mdc.weighs for mdc in compiled.mdcs)])
    sexes = compiled.text["sex"]
    found = {
        NO_PRINCIPAL: ~view["has_principal"],
        NO_SEX: ("sex" in compiled.needs) & (view["sex"] >= sexes.unknown),
        NO_AGE: ("age_years" in compiled.needs) & np.isnan(view["age_years"]),
        NEGATIVE: np.logical_or.reduce([view[name] < 0 for name in NUMBERS]),
        NO_WEIGHT: weighs[entered] & np.isnan(view["birth_weight_g"]),
    }
    bits = np.zeros(view.size, np.uint8)
    for bit, fault in enumerate(FAULTS):
        bits |= found[fault].astype(np.uint8) << np.uint8(bit)
    return bits


def _reasons(
    batch: pa.RecordBatch, view: View, status: pa.Array, faults: NDArray[np.uint8], entered: NDArray[np.int32],
    compiled: "Compiled",
) -> pa.Array:  # fmt: skip
    """The sentence of every case that needs one: what it lacks, and why it has no group or an ambiguous one."""
    told = np.flatnonzero((faults != 0) | pc.not_equal(status, "grouped").to_numpy(zero_copy_only=False))
    place = np.full(view.size, -1, np.int64)
    place[told] = np.arange(len(told))
    rows = pa.array(told)
    no_group = _why_no_group(batch, view, pc.take(status, rows), told, entered[told], compiled)
    sentences = joined(_lacks(faults[told]), no_group)
    return pc.take(sentences, pa.array(place, mask=place < 0))


def _lacks(faults: NDArray[np.uint8]) -> pa.Array:
    distinct, which = np.unique(faults, return_inverse=True)
    texts = [";".join(fault.text for bit, fault in enumerate(FAULTS) if bits & (1 << bit)) for bits in distinct]
    return pc.take(pa.array([text or None for text in texts], pa.string()), pa.array(which))


def _why_no_group(
    batch: pa.RecordBatch, view: View, status: pa.Array, told: NDArray[np.intp], entered: NDArray[np.int32],
    compiled: "Compiled",
) -> pa.Array:  # fmt: skip
    """`主要诊断 X` and what became of it; or that the group is ambiguous; null for a case that is grouped."""
    codes = pc.list_element(pc.take(_non_empty(batch.column("dx")), pa.array(told)), 0).cast(pa.string())
    unmet = [f" 进入 {mdc.code} 后没有一组的条件成立" for mdc in compiled.mdcs]
    ends = pa.array([" 不满足任何 MDC 的进入条件", *unmet, " 不在本方案的任何诊断列表中"])
    is_unknown = view["principal_dx"][told] == compiled.dx.vocabulary.unknown
    end = pc.take(ends, pa.array(np.where(is_unknown, len(ends) - 1, entered)))
    ungrouped = pc.binary_join_element_wise("主要诊断 ", codes, end, "")
    return pc.case_when(
        pc.make_struct(pc.equal(status, "ungrouped"), pc.equal(status, "ambiguous")), ungrouped, AMBIGUOUS
    )


def _non_empty(lists: pa.Array) -> pa.Array:
    """The lists with null in the place of those without a first element."""
    return pc.if_else(pc.greater(pc.list_value_length(lists), 0), lists, pa.array([None], lists.type)[0])


def joined(first: pa.Array, second: pa.Array) -> pa.Array:
    """Two columns of sentences as one: both where there are both, else the one there is, else null."""
    return pc.coalesce(pc.binary_join_element_wise(first, second, ";"), first, second)
