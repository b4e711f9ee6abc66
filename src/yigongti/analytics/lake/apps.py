"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.analytics.lake"
    label = "lake"
    verbose_name = "数据湖"
    default_auto_field = "django.db.models.BigAutoField"
