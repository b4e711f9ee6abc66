"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.measure"
    label = "measure"
    verbose_name = "监测评价"
    default_auto_field = "django.db.models.BigAutoField"
