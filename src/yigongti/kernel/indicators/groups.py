"""What numbers can be broken down by."""

from collections.abc import Mapping

MONTH = "month"
GROUPS: Mapping[str, tuple[str, str]] = {
    MONTH: ("月份", "Month"),
    "institution": ("机构", "Institution"),
    "level": ("机构级别", "Level"),
    "zone": ("片区", "Zone"),
    "consortium": ("医共体", "Consortium"),
    "town": ("乡镇街道", "Town"),
}
"""Group → Chinese and English label."""

EVERY = tuple(GROUPS)
"""For rows that belong to an institution, and so to its level, zone, consortium and town."""
AREAS = (MONTH, "zone", "consortium", "town")
"""For rows that belong to where people live (zone and consortium are those of the town's own centre), and for
numbers that say nothing about one institution alone."""
SEATS = tuple(group for group in GROUPS if group != MONTH)
"""The groups that say where, not when: for yearly requirements, which have no meaning month by month."""
YEARLY_AREAS = tuple(group for group in AREAS if group != MONTH)
"""The areas, for yearly requirements."""
