"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.payment"
    label = "payment"
    verbose_name = "医保支付"
    default_auto_field = "django.db.models.BigAutoField"
