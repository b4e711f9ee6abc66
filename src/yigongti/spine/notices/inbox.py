"""Sending notices and reading one's inbox."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from yigongti.spine.notices.models import Notice
from yigongti.spine.statements import NUMBER, kept


def notify(user_ids: Iterable[int], *, kind: str, text: str, at: datetime, subject: str = "") -> int:
    """Put the same notice into each inbox, once a person; returns how many.  Part of the caller's transaction."""
    notices = [
        Notice(user_id=user_id, kind=kind, text=text[:500], subject=subject, at=at) for user_id in sorted(set(user_ids))
    ]
    Notice.objects.bulk_create(notices)
    return len(notices)


def inbox(user_id: int) -> QuerySet:
    """Somebody's notices, latest first."""
    return Notice.objects.filter(user_id=user_id).order_by("-at", "-pk")


def unread_count(user_id: int) -> int:
    """How many notices somebody has not read."""
    count: int = _unread(user_id).count()
    return count


def unread_at_most(most: int, user_id: int) -> int:
    """How many notices somebody has not read, counted no further than `most`: what every page asks.

    In the order of the index of unread ones: without an order PostgreSQL would rather look through everybody's.
    """
    statement = kept(("unread", most), lambda: _unread(NUMBER).order_by("-at").values_list("user_id")[:most])
    return len(statement.rows({NUMBER: user_id}))


def _unread(user_id: int) -> QuerySet:
    return Notice.objects.filter(user_id=user_id, read_at__isnull=True)


def mark_read(user_id: int, *, at: datetime, notice_id: int | None = None) -> int:
    """Mark one notice, or all, as read; returns how many were unread.  Nobody can mark another's."""
    unread = _unread(user_id)
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    changed: int = unread.update(read_at=at)
    return changed
