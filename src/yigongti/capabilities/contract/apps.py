"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.contract"
    label = "contract"
    verbose_name = "家庭医生签约"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind the workflows to their models, guards and effects; a valid contract is a relationship."""
        from yigongti.capabilities.contract.services.binding import bind_workflow, register_relationships
        from yigongti.capabilities.contract.services.saying import bind_disputes
        from yigongti.capabilities.contract.web.panels import show_panels

        bind_workflow()
        bind_disputes()
        register_relationships()
        show_panels()
