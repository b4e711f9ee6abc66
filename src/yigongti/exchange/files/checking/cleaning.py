"""Text as typed by people: blanks around it, full-width digits; only columns that may need it are touched."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SUSPECT = np.zeros(256, dtype=bool)
SUSPECT[:0x21] = True  # blanks and control characters
SUSPECT[[0x7F, 0xC2, 0xE2, 0xE3, 0xEF]] = True  # where NBSP, wide blanks and full-width forms begin in UTF-8


def as_text(values: pa.Array) -> pa.Array:
    """Whatever the file gave, as text: whole numbers without “.0”, lists joined by “|”."""
    kind = values.type
    if pa.types.is_string(kind):
        return values
    if pa.types.is_dictionary(kind):
        return as_text(values.dictionary_decode())
    if pa.types.is_floating(kind):
        return pa.array([None if value is None else number_text(value) for value in values.to_pylist()], pa.string())
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pc.binary_join(values.cast(pa.list_(pa.string())), "|")
    return values.cast(pa.string())


def number_text(value: float) -> str:
    """1001.0 → "1001"; 12.34 → "12.34"."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)


def trimmed(values: pa.Array) -> pa.Array:
    """Text without blanks around it (full-width ones too); empty text is null."""
    if _may_need_care(values):
        values = pc.utf8_trim_whitespace(pc.replace_substring(values, "\ufeff", ""))
    empty = pc.equal(values, "")
    return pc.if_else(empty, pa.scalar(None, pa.string()), values) if pc.any(empty).as_py() else values


def half_width(values: pa.Array) -> pa.Array:
    """Full-width digits and signs as their usual forms: for numbers, days and codes, never for free text."""
    return pc.utf8_normalize(values, "NFKC") if _may_need_care(values) else values


def _may_need_care(values: pa.Array) -> bool:
    data = values.buffers()[2]
    if data is None or len(values) == 0:
        return False
    offsets = np.frombuffer(values.buffers()[1], dtype=np.int32)
    start, end = offsets[values.offset], offsets[values.offset + len(values)]
    return bool(SUSPECT[np.frombuffer(data, dtype=np.uint8)[start:end]].any())
