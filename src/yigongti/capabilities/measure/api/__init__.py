"""The one door of measuring for other capabilities and the site: measured numbers, and the picture of a seat.

latest("contract_coverage", level="consortium", group="A").value
"""

from yigongti.capabilities.measure.api.courses import Course, courses, run_of
from yigongti.capabilities.measure.api.numbers import Number, at_level, latest
from yigongti.capabilities.measure.api.picture import Comparison, Figure, Level, Picture, Seat, Warned, picture
from yigongti.capabilities.measure.api.villages import Village, Villages, villages
from yigongti.capabilities.measure.selectors.seats import names

__all__ = [
    "Comparison",
    "Course",
    "Figure",
    "Level",
    "Number",
    "Picture",
    "Seat",
    "Village",
    "Villages",
    "Warned",
    "at_level",
    "courses",
    "latest",
    "names",
    "picture",
    "run_of",
    "villages",
]
