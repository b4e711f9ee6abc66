"""Codes as small integers, so that a list is a bit and membership a look-up."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Mapping
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yigongti.capabilities.payment.decisions.drg.codes import CodeList, CodeTable

Ids = NDArray[np.intp]
Flags = NDArray[np.bool_]

NO_NUMBER = 0
_AFTER_ANY_CODE = "\U0010ffff"


class Vocabulary:
    """The codes a scheme knows, numbered from 0; then its prefixes; then `unknown`; then `blank` (no code at all).

    A code the scheme does not list stands for the longest prefix it starts with: it is in exactly the lists that
    prefix is in.
    """

    def __init__(self, codes: Iterable[str], prefixes: Iterable[str] = ()) -> None:
        self.codes = sorted(set(codes))
        self.prefixes = sorted(set(prefixes))
        self._position = {code: i for i, code in enumerate(self.codes)}
        self._arrow = pa.array(self.codes, pa.string())
        self.unknown = len(self.codes) + len(self.prefixes)
        self.blank = self.unknown + 1
        self.size = self.blank + 1

    def ids(self, values: pa.Array) -> Ids:
        """One number a value; null and "" are blank, a code not listed is its longest prefix or unknown."""
        encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
        numbers = self._number(encoded.dictionary.cast(pa.string()))
        indices = encoded.indices
        if indices.null_count:
            numbers = np.append(numbers, self.blank)
            indices = pc.fill_null(indices, len(numbers) - 1)
        ids: Ids = numbers[indices.to_numpy(zero_copy_only=False)]
        return ids

    def _number(self, distinct: pa.Array) -> Ids:
        found = pc.index_in(distinct, value_set=self._arrow)
        for length in sorted({len(prefix) for prefix in self.prefixes}, reverse=True):
            if found.null_count:
                found = pc.coalesce(found, self._by_prefix(distinct, length))
        by_default = pc.if_else(pc.equal(distinct, ""), self.blank, self.unknown)
        known = pc.coalesce(found, by_default).fill_null(self.blank)
        ids: Ids = known.to_numpy(zero_copy_only=False).astype(np.intp)
        return ids

    def _by_prefix(self, distinct: pa.Array, length: int) -> pa.Array:
        of_length = [i for i, prefix in enumerate(self.prefixes) if len(prefix) == length]
        starts = pc.utf8_slice_codeunits(distinct, 0, length)
        place = pc.index_in(starts, value_set=pa.array([self.prefixes[i] for i in of_length]))
        return pc.take(pa.array([len(self.codes) + i for i in of_length], pa.int32()), place)

    def members(self, listed: CodeList) -> Flags:
        """Which numbers are in a list."""
        flags = np.zeros(self.size, bool)
        flags[[self._position[code] for code in listed.codes]] = True
        for prefix in listed.prefixes:
            for covered in self._starting(prefix):
                flags[covered] = True
        return flags

    def numbers(self, table: CodeTable[Any], numbering: Mapping[Hashable, int]) -> NDArray[np.int32]:
        """A table's values by number, numbered; NO_NUMBER where it has none."""
        numbers = np.full(self.size, NO_NUMBER, np.int32)
        for prefix in sorted(table.by_prefix, key=len):
            for covered in self._starting(prefix):
                numbers[covered] = numbering[table.by_prefix[prefix]]
        own = [numbering[value] for value in table.by_code.values()]
        numbers[[self._position[code] for code in table.by_code]] = own
        return numbers

    def _starting(self, prefix: str) -> tuple[slice, slice]:
        """The numbers of the codes, and of the prefixes, that start with a prefix."""
        base, end = len(self.codes), prefix + _AFTER_ANY_CODE
        in_codes = slice(bisect_left(self.codes, prefix), bisect_left(self.codes, end))
        in_prefixes = bisect_left(self.prefixes, prefix), bisect_left(self.prefixes, end)
        return in_codes, slice(base + in_prefixes[0], base + in_prefixes[1])


BITS = 64


class BitSets:
    """For every number of a vocabulary, the lists it is in: one bit a list, 64 to a word.

    Bit 0 of word 0 says that there is a code at all, known or not.
    """

    def __init__(self, vocabulary: Vocabulary, lists: Mapping[object, Flags]) -> None:
        self.place = {key: divmod(i, BITS) for i, key in enumerate(lists, start=1)}
        columns = [np.arange(vocabulary.size) != vocabulary.blank, *lists.values()]
        self.words = [_pack(columns[start : start + BITS]) for start in range(0, len(columns), BITS)]

    def masks(self, keys: Iterable[object]) -> dict[int, np.uint64]:
        """Word → the bits of these lists in it."""
        masks: dict[int, int] = {}
        for word, bit in (self.place[key] for key in keys):
            masks[word] = masks.get(word, 0) | 1 << bit
        return {word: np.uint64(mask) for word, mask in masks.items()}


def _pack(columns: list[Flags]) -> NDArray[np.uint64]:
    shifted = (flags.astype(np.uint64) << np.uint64(bit) for bit, flags in enumerate(columns))
    return reduce(np.bitwise_or, shifted)
