"""How an account is known from its password and from its session (named in settings)."""

from django.contrib.auth.backends import ModelBackend

from yigongti.spine.access.models import User
from yigongti.spine.access.scope import account


class Accounts(ModelBackend):
    """As Django's own; but an account comes with its assignments, which every page asks for."""

    def get_user(self, user_id: int) -> User | None:
        user = account(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
