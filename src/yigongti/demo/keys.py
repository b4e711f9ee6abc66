"""Readable ids made by the million: a prefix and a number with leading zeros."""

import numpy as np
import pyarrow as pa


def numbered(prefix: str, numbers: np.ndarray, width: int) -> pa.StringArray:
    """ "R", [12], 8 → ["R00000012"].  Raises ValueError when a number does not fit the width."""
    if len(numbers) and int(numbers.max()) >= 10**width:
        raise ValueError(f"{int(numbers.max())} does not fit {width} digits after {prefix}")
    letters = np.frombuffer(prefix.encode("ascii"), dtype=np.uint8)
    text = np.empty((len(numbers), len(letters) + width), dtype=np.uint8)
    text[:, : len(letters)] = letters
    rest = numbers.astype(np.int64)
    for column in range(text.shape[1] - 1, len(letters) - 1, -1):
        rest, digit = np.divmod(rest, 10)
        text[:, column] = digit + ord("0")
    return fixed_width(text)


def fixed_width(text: np.ndarray) -> pa.StringArray:
    """Rows of ASCII bytes (count × width) to an array of strings, without copying a string at a time."""
    count, width = text.shape
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(text.tobytes()))
