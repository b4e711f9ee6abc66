"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.consortium"
    label = "consortium"
    verbose_name = "医共体财务"
