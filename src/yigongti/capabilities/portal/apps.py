"""Django's name for this app, and what its workflow needs."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.portal"
    label = "portal"
    verbose_name = "居民服务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind the workflow of complaints."""
        from yigongti.capabilities.portal.workflow import COMPLAINT
        from yigongti.spine.cases.bindings import Binding, bind

        bind(Binding(COMPLAINT))
