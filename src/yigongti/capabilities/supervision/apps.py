"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.supervision"
    label = "supervision"
    verbose_name = "基金监管"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind the workflow to its model, guards and effects."""
        from yigongti.capabilities.supervision.services.binding import bind_workflows

        bind_workflows()
        from yigongti.capabilities.supervision.web.panels import add_panels

        add_panels()
