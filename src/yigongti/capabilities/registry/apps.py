"""Django's name for this app (its models, institutions and people, are the spine's)."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.registry"
    label = "registry"
    verbose_name = "机构与人员"
