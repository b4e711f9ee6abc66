"""Django's name for this app, and what its workflows need."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.ledger"
    label = "ledger"
    verbose_name = "政策台账"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind the workflows to their models, guards and effects; documents and tasks come from an import."""
        from yigongti.capabilities.ledger.services.binding import bind_workflows
        from yigongti.pages.work.panels import new_case_page

        bind_workflows()
        for workflow_id in ("policy_document", "policy_task"):
            new_case_page(workflow_id, "policy_import")
