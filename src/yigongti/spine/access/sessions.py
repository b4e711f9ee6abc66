"""Sessions in the record store, as Django keeps them (SESSION_ENGINE of the settings)."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from yigongti.kernel import clock
from yigongti.spine.statements import MOMENT, TEXT, kept


class SessionStore(db.SessionStore):
    """As Django's own; but a session is found by a statement that is written once."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where there is none, or it has ended."""
        found = kept("session", _living).rows({TEXT: self.session_key, MOMENT: clock.now()})
        if not found:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(found[0][0])
        return held


def _living() -> QuerySet:
    return Session.objects.filter(session_key=TEXT, expire_date__gt=MOMENT).values_list("session_data")
