"""Whose turn it is to be booked: on PostgreSQL the trigger of migration 0002 lets those who book for one person take
turns (on SQLite one transaction writes at a time anyway).

Two transactions that book for several would wait for each other for ever where they met the same people in another
order.  So who must have all of them takes them in one order, and who gives out seats passes over whom somebody else is
booking at this very moment, as over a seat that somebody else is taking.  A seat or a person is taken before the audit
chain, and a person's chain before the system's.
"""

from collections.abc import Iterable

from django.db import connection

_TURN = "hashtextextended('booking_booking_one_place' || %s, 0)"


def take_turns(resident_ids: Iterable[str]) -> None:
    """Nobody else books for these people until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for resident_id in sorted(set(resident_ids)):
                cursor.execute(f"SELECT pg_advisory_xact_lock({_TURN})", [resident_id])


def has_turn(resident_id: str) -> bool:
    """Take the person's turn if nobody else has it; whether it is ours until the transaction ends."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({_TURN})", [resident_id])
        return bool(cursor.fetchone()[0])
