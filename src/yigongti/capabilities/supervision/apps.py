"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.supervision"
    label = "supervision"
    verbose_name = "基金监管"
