"""As much of a name, number or phone as tells two people apart; and how old somebody is.  Pure."""

from datetime import date

STAR = "*"


def masked_name(name: str) -> str:
    """王小明 → 王*明, 王明 → 王*."""
    if len(name) < 2:
        return name
    return name[0] + STAR * max(len(name) - 2, 1) + (name[-1] if len(name) > 2 else "")


def surname_only(name: str) -> str:
    """王小明 → 王**, 王明 → 王*: for lists of people whom the reader does not care for."""
    return name[:1] + STAR * max(len(name) - 1, 1)


def masked_id_number(number: str) -> str:
    """Only the last four characters."""
    return STAR * max(len(number) - 4, 0) + number[-4:] if number else ""


def masked_phone(number: str) -> str:
    """13812345678 → 138****5678; a short one wholly."""
    if len(number) < 8:
        return STAR * len(number)
    return number[:3] + STAR * (len(number) - 7) + number[-4:]


def age_on(day: date, *, born: date, died: date | None = None) -> int:
    """Whole years on a day, or at death where that came first."""
    at = min(day, died) if died else day
    return at.year - born.year - ((at.month, at.day) < (born.month, born.day))
