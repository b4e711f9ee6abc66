"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.spine.record"
    label = "record"
    verbose_name = "健康档案"
    default_auto_field = "django.db.models.BigAutoField"
