"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.spine.record"
    label = "record"
    verbose_name = "健康档案"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Who cares for a person, as their record shows, has a relationship with them."""
        from yigongti.spine.access.relationships import register
        from yigongti.spine.record.relationships import RECORDED

        for relationship in RECORDED:
            register(relationship)
