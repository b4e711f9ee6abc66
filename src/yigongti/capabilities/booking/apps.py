"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.booking"
    label = "booking"
    verbose_name = "预约"
    default_auto_field = "django.db.models.BigAutoField"
