"""The lists of the work page."""

from enum import StrEnum


class WorkList(StrEnum):
    """TO_DO: I may take a next step; MINE: I opened it; OPEN: at my institutions; DUE: in time, soonest first;
    OVERDUE: past its deadline; ALL: closed ones too."""

    TO_DO = "to_do"
    MINE = "mine"
    OPEN = "open"
    DUE = "due"
    OVERDUE = "overdue"
    ALL = "all"
