"""Nobody is in two places at once: two bookings of a person that are still to come do not overlap, beds apart (one lies
in a ward and goes to an exam).

The columns that would say so stand in two tables, so that neither a unique index nor an exclusion constraint can hold
it; a trigger can, where those who book for the same person take turns.
"""

from django.db import migrations

from yigongti.spine.triggers import Trigger, refuse_changes

OVERLAPS = """
NEW.state IN ('booked', 'checked_in') AND EXISTS (
    SELECT 1
    FROM booking_slot mine JOIN booking_resource here ON here.resource_id = mine.resource_id,
         booking_booking other JOIN booking_slot taken ON taken.id = other.slot_id
                               JOIN booking_resource there ON there.resource_id = taken.resource_id
    WHERE mine.id = NEW.slot_id AND other.resident_id = NEW.resident_id AND other.booking_id <> NEW.booking_id
      AND other.state IN ('booked', 'checked_in') AND here.kind <> 'bed' AND there.kind <> 'bed'
      AND taken.begins < mine.ends AND mine.begins < taken.ends
)
"""
EVENTS = ("insert", "update OF state, slot_id, resident_id")
TRIGGERS = [
    Trigger("booking_booking", event, OVERLAPS, about="one_place", turns="NEW.resident_id") for event in EVENTS
]


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial")]
    operations = [refuse_changes("one person in two places at once", TRIGGERS)]
