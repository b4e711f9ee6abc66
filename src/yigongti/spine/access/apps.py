"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.spine.access"
    label = "access"
    verbose_name = "访问控制"
    default_auto_field = "django.db.models.BigAutoField"
