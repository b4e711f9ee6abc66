"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.contract"
    label = "contract"
    verbose_name = "家庭医生签约"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind the workflow to its model, guards and effects; a valid contract is a relationship."""
        from yigongti.capabilities.contract.services.binding import bind_workflow, register_relationship
        from yigongti.capabilities.contract.web.panels import show_panels

        bind_workflow()
        register_relationship()
        show_panels()
