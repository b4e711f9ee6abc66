"""The one door of measuring for other capabilities and the site: measured numbers, and the picture of a seat.

latest("contract_coverage", level="consortium", group="A").value
"""

from yigongti.capabilities.measure.api.numbers import Number, at_level, latest
from yigongti.capabilities.measure.api.picture import Comparison, Figure, Level, Picture, Seat, Warned, picture

__all__ = [
    "Comparison",
    "Figure",
    "Level",
    "Number",
    "Picture",
    "Seat",
    "Warned",
    "at_level",
    "latest",
    "picture",
]
