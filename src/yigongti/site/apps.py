"""Django's name for the composition root."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.site"
    label = "site_root"
