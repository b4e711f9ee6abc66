"""Numbers as policy texts write them: digits, Chinese numerals, 成, 半, fractions."""

import re

import cn2an

ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
SPELLED = r"[零一二两三四五六七八九十百千]{1,12}(?:点[零一二三四五六七八九]{1,4})?"
NUMBER = rf"(?:{ARABIC}|{SPELLED})"
MAGNITUDE = r"(?:百万|千万|十万|万亿|万|亿|百|千)"

_ALONE = {"百": 100.0, "千": 1000.0, "十": 10.0, "半": 0.5, "两": 2.0}
_ADJACENT = re.compile(r"[一二两三四五六七八九]{2}")


def is_spelled(written: str) -> bool:
    """True for a Chinese numeral."""
    return not written[:1].isdigit()


def number_of(written: str) -> float | None:
    """The number a piece of text stands for; null when it is not one (两三 is a range, see `adjacent_range`)."""
    if written[:1].isdigit():
        return float(written.replace(",", ""))
    if written in _ALONE:
        return _ALONE[written]
    if _ADJACENT.fullmatch(written):
        return None
    try:
        return float(cn2an.cn2an(written.replace("两", "二"), "smart"))
    except ValueError:
        return None


def adjacent_range(written: str) -> tuple[float, float] | None:
    """两三 → (2, 3): two neighbouring digits said in one breath."""
    if not _ADJACENT.fullmatch(written):
        return None
    low, high = (number_of(digit) for digit in written)
    return (low, high) if low is not None and high is not None and high == low + 1 else None
