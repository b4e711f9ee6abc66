"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.portal"
    label = "portal"
    verbose_name = "居民服务"
