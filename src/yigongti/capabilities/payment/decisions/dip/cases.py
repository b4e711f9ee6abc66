"""Stays as DIP sees them: each with its key (diagnosis subcategory × procedures × surgery level), cost, days, year.

Everything that depends on codes alone is judged once a distinct key, everything else on whole columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yigongti.capabilities.payment.decisions.exact import Ints
from yigongti.kernel.rules import RuleVersion

Rules = Mapping[str, RuleVersion]

REQUIRED = ("stay_id", "dx", "procedures", "total_fen", "discharged_on")
SUBCATEGORY = 5
"""Characters of a subcategory: I21.9 in ICD-10, 36.06 in ICD-9-CM-3."""

SURGERY_LEVELS = "payment.dip.surgery_levels"
PROCEDURE_KINDS = "payment.dip.procedure_kinds"
TREATMENTS = ("conservative", "diagnostic", "therapeutic", "surgery")
"""Kinds of treatment in their order: the highest of a stay's procedures is the stay's."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Key:
    """What a stay's group follows from: diagnosis subcategory, procedure subcategories (main first), surgery class."""

    diagnosis: str
    procedures: tuple[str, ...]
    surgery: str


@dataclass(frozen=True)
class Cases:
    """Stays with `keys`, the distinct keys in a fixed order, and `key`, each stay's place among them."""

    table: pa.Table
    keys: tuple[Key, ...]
    key: Ints

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def has(self, *names: str) -> bool:
        """Whether the facts give these columns."""
        return set(names) <= set(self.table.column_names)

    @cached_property
    def cost(self) -> Ints:
        """Total cost in fen; 0 where it is not given."""
        return self.integers("total_fen")

    @cached_property
    def year(self) -> Ints:
        """The year of discharge."""
        return np.asarray(pc.year(self.table["discharged_on"]).to_numpy(zero_copy_only=False), np.int64)

    @cached_property
    def days(self) -> Ints:
        """Days in hospital, a stay within one day counting as one; 0 where the day of admission is not given."""
        if not self.has("admitted_on"):
            return np.zeros(len(self), np.int64)
        first, last = (_day_numbers(self.table[name]) for name in ("admitted_on", "discharged_on"))
        return np.asarray(np.maximum(last - first, 1), np.int64)

    @cached_property
    def died(self) -> Flags:
        """Whether the stay ended in death; never where the way of discharge is not given."""
        return self.equals("discharge_way", "5")

    @cached_property
    def is_codable(self) -> Flags:
        """Whether the stay has a principal diagnosis and a cost."""
        has_diagnosis = np.array([bool(key.diagnosis) for key in self.keys], bool)
        return has_diagnosis[self.key] & (self.cost > 0)

    def integers(self, name: str) -> Ints:
        """A column of integers; 0 where it is null or not given."""
        if not self.has(name):
            return np.zeros(len(self), np.int64)
        return np.asarray(pc.fill_null(self.table[name].cast(pa.int64()), 0).to_numpy(zero_copy_only=False), np.int64)

    def equals(self, name: str, value: str | bool) -> Flags:
        """Where a column has a value; nowhere where it is not given."""
        if not self.has(name):
            return np.zeros(len(self), bool)
        return np.asarray(pc.fill_null(pc.equal(self.table[name], value), False).to_numpy(zero_copy_only=False), bool)

    def places(self, name: str) -> tuple[Sequence[str], Ints]:
        """The distinct values of a text column in order, and each stay's place among them."""
        column = pc.fill_null(self.table[name], "")
        values = sorted(pc.unique(column).to_pylist())
        found = pc.index_in(column, value_set=pa.array(values, pa.string()))
        return values, np.asarray(found.to_numpy(zero_copy_only=False), np.int64)


def cases_of(stays: pa.Table, *, rules: Rules) -> Cases:
    """Stays with their keys.  stays: the REQUIRED columns of the fact table, and whichever others it has."""
    parts = [_principal(stays["dx"]), _procedures(stays["procedures"]), _surgery(stays, rules)]
    written = pc.binary_join_element_wise(*parts, "|").dictionary_encode()
    texts = written.dictionary.to_pylist()
    order = sorted(range(len(texts)), key=texts.__getitem__)
    rank = np.empty(len(texts), np.int64)
    rank[order] = np.arange(len(texts))
    keys = tuple(_key(texts[index]) for index in order)
    return Cases(stays, keys, rank[written.indices.to_numpy()] if keys else np.zeros(0, np.int64))


def _key(text: str) -> Key:
    diagnosis, procedures, surgery = text.split("|")
    return Key(diagnosis, tuple(dict.fromkeys(each for each in procedures.split("+") if each)), surgery)


def normal(codes: pa.Array | pa.ChunkedArray, *, pattern: str) -> pa.Array:
    """Codes in capitals, trimmed, with the dot that some systems leave out; pattern: what stands around the dot."""
    upper = pc.utf8_upper(pc.utf8_trim_whitespace(codes))
    return pc.replace_substring_regex(upper, pattern, r"\1.\2")


ICD10_WITHOUT_DOT = r"^([A-Z][0-9]{2})([0-9X])"
ICD9_WITHOUT_DOT = r"^([0-9]{2})([0-9])"


def _principal(dx: pa.ChunkedArray) -> pa.Array:
    """The subcategory of each principal diagnosis; "" where there is none."""
    column = code_lists(dx)
    has_any = pc.greater(pc.fill_null(pc.list_value_length(column), 0), 0)
    first = pc.list_element(pc.if_else(has_any, column, pa.scalar([""], column.type)), 0)
    code = normal(pc.fill_null(first, ""), pattern=ICD10_WITHOUT_DOT)
    return pc.replace_substring(pc.utf8_slice_codeunits(code, 0, SUBCATEGORY), "|", "")


def _procedures(procedures: pa.ChunkedArray) -> pa.Array:
    """The subcategories of each stay's procedures, joined by `+`."""
    column = code_lists(procedures)
    codes = normal(pc.fill_null(column.flatten(), ""), pattern=ICD9_WITHOUT_DOT)
    short = pc.replace_substring_regex(pc.utf8_slice_codeunits(codes, 0, SUBCATEGORY), r"[|+]", "")
    lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
    offsets = pa.array(np.append(0, lengths.cumsum()), pa.int32())
    return pc.binary_join(pa.ListArray.from_arrays(offsets, short), "+")


def _surgery(stays: pa.Table, rules: Rules) -> pa.Array:
    """The class of surgery that each stay's operation level means for composite groups."""
    classes = rules[SURGERY_LEVELS].table
    if "operation_level" not in stays.column_names:
        return pa.array([str(classes["0"])] * len(stays), pa.string())
    level = pc.fill_null(stays["operation_level"].cast(pa.int64()), 0).cast(pa.string())
    place = pc.index_in(level, value_set=pa.array(list(classes)))
    return _combined(pc.take(pa.array([str(name) for name in classes.values()]), pc.fill_null(place, 0)))


def _combined(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def code_lists(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column of lists of codes, in one piece; a column that is empty throughout may come without a type."""
    return _combined(column.cast(pa.list_(pa.string())))


def _day_numbers(days: pa.ChunkedArray) -> Ints:
    return np.asarray(days.cast(pa.date32()).cast(pa.int32()).to_numpy(zero_copy_only=False), np.int64)


def treatments(keys: Sequence[Key], *, rules: Rules) -> list[str]:
    """How each key was treated: the highest kind among its procedures, surgery with its class."""
    kinds = {code: kind_of(code, rules=rules) for key in keys for code in key.procedures}
    return [_treatment(key, kinds) for key in keys]


def kind_of(procedure: str, *, rules: Rules) -> str:
    """diagnostic, therapeutic or surgery."""
    return rules[PROCEDURE_KINDS].codes.group_of(procedure) or "surgery"


def treatment_of(procedures: Sequence[str], *, rules: Rules) -> str:
    """How a core group treats: the highest kind among its procedures, surgery of whatever level."""
    return max((kind_of(code, rules=rules) for code in procedures), key=TREATMENTS.index, default=TREATMENTS[0])


def _treatment(key: Key, kinds: Mapping[str, str]) -> str:
    highest = max((kinds[code] for code in key.procedures), key=TREATMENTS.index, default="conservative")
    return key.surgery if highest == "surgery" else highest
