"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.finance"
    label = "finance"
    verbose_name = "医共体财务"
    default_auto_field = "django.db.models.BigAutoField"
