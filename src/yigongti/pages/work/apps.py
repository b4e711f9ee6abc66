"""Django's name for the derived pages."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.pages.work"
    label = "work"
    verbose_name = "工作"
