"""Django's name for the page kit (its templates and static files)."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.pages"
    label = "pages"
