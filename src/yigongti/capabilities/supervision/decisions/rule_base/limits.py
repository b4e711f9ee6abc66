"""One limit of the rule base, and how the words of a workbook say it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from yigongti.capabilities.supervision.facts.tables import LIMIT_KINDS

SEXES = {"男": "male", "女": "female"}
AGE_GROUPS = ("儿童", "婴幼儿", "新生儿")
SCHEMES = ("工伤", "生育")
LEVELS = {"三级": "tertiary", "二级": "secondary", "一级": "primary"}
INPATIENT, URGENT = "inpatient", "emergency_or_inpatient"
BY_WORDS = {"限定性别对象": "sex", "限定年龄对象": "age", "限定保险类型": "scheme", "限定机构等级": "level",
            "限定就医方式": "setting", "限定支付疗程": "course", "限定主次操作": "operation"}  # fmt: skip
"""What stands in the column 限定类型 → the kind of limit."""
PAIRED_WITHIN = {"单日": "day", "单次就诊": "encounter", "6小时": "hours", "同一小时": "hours"}
PAIRED_HOURS = {"6小时": 6.0, "同一小时": 1.0}
"""What stands in the column 频度 → within what (of how many hours) two charges must not stand together."""
DAILY_UNITS = ("日", "天", "小时")
WORKING_AGE = "法定就业年龄"
_DAYS, _YEARS = re.compile(r"(?:不超过|支付)\s*(\d+)\s*天"), re.compile(r"不超过(一|\d+)年")
_COURSE = re.compile(r"^(\d+)\s*天$")


@dataclass(frozen=True)
class Limit:
    """One knowledge point: an item, and what limits it (columns of `fund_limit`)."""

    kind: str
    item_code: str
    item_name: str
    subject: str = ""
    quantity: float | None = None
    period_days: int | None = None
    other_code: str | None = None
    other_name: str | None = None
    within: str | None = None
    note: str = ""


def subject_of(kind: str, words: str, note: str) -> tuple[str, float | None]:
    """(subject, quantity) of a limit from its column 限定对象 and the description beside it.

    Raises ValueError, in Chinese, on words that are not known.
    """
    return _READERS[kind](words, note)


def _one_of(known: Mapping[str, str] | tuple[str, ...]) -> Callable[[str, str], tuple[str, float | None]]:
    def read(words: str, _note: str) -> tuple[str, float | None]:
        if words not in known:
            raise ValueError(f"不认识“{words}”,应为 {'、'.join(known)}")
        return (known[words] if isinstance(known, Mapping) else words), None

    return read


def _setting(words: str, note: str) -> tuple[str, float | None]:
    if words != "住院":
        raise ValueError(f"不认识就医方式“{words}”,应为 住院")
    return (URGENT if "急诊或住院" in note else INPATIENT), None


def _course(words: str, _note: str) -> tuple[str, float | None]:
    found = _COURSE.match(words)
    if found is None:
        raise ValueError(f"支付疗程“{words}”不是天数,应写成 14天")
    return "", float(found[1])


_READERS: Mapping[str, Callable[[str, str], tuple[str, float | None]]] = {
    "sex": _one_of(SEXES), "age": _one_of(AGE_GROUPS), "scheme": _one_of(SCHEMES), "level": _one_of(LEVELS),
    "setting": _setting, "course": _course, "operation": lambda words, _note: (words, None),
}  # fmt: skip
assert set(_READERS) | {"interval", "daily", "paired"} == set(LIMIT_KINDS)


def course_days(note: str) -> float:
    """The days of a course from a sentence such as 支付不超过30天.  Raises ValueError where none is said."""
    if found := _YEARS.search(note):
        return 365.0 * (1 if found[1] == "一" else int(found[1]))
    if found := _DAYS.search(note):
        return float(found[1])
    raise ValueError(f"备注“{note}”没有说支付多少天")
