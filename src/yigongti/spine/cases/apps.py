"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.spine.cases"
    label = "cases"
    verbose_name = "事项"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Who works on an open case of a person has a relationship with the person."""
        from yigongti.spine.access.relationships import Relationship, register
        from yigongti.spine.cases.models import OPEN, Case

        parties = ("institution_id", "counterpart_id")
        register(Relationship("open_case", "在办事项", lambda: Case.objects.filter(OPEN), parties))
