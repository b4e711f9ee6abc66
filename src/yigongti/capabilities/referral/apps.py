"""Django's name for this app, and what its workflows need."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.referral"
    label = "referral"
    verbose_name = "双向转诊"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind the workflows to their model, guards and effects; the case pages get their panels."""
        from yigongti.capabilities.referral.services.binding import bind_workflows
        from yigongti.capabilities.referral.web.panels import add_panels

        bind_workflows()
        add_panels()
