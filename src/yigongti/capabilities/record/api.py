"""The record's door for other capabilities: a person's story in words, vitals, who looked, how the header reads.

open_person(user, resident_id="R1", purpose="record")    # access and audit first: they are the caller's matter
page = story("R1", Wanted(table="exam"))
"""

from yigongti.capabilities.record.selectors.lookers import Look, lookers
from yigongti.capabilities.record.selectors.person import Header, header
from yigongti.capabilities.record.selectors.story import Contents, Story, Wanted, contents, story
from yigongti.capabilities.record.selectors.vitals import Vital, vitals
from yigongti.capabilities.record.selectors.wording import Moment, Naming

__all__ = [
    "Contents", "Header", "Look", "Moment", "Naming", "Story", "Vital", "Wanted", "contents", "header", "lookers",
    "story", "vitals",
]  # fmt: skip
