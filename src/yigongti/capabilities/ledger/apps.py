"""Django's name for this app, and what its workflows need."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.ledger"
    label = "ledger"
    verbose_name = "政策台账"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind the workflows to their models, guards and effects."""
        from yigongti.capabilities.ledger.services.binding import bind_workflows

        bind_workflows()
