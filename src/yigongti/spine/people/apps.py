"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.spine.people"
    label = "people"
    verbose_name = "人员与居民"
    default_auto_field = "django.db.models.BigAutoField"
