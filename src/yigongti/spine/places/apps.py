"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.spine.places"
    label = "places"
    verbose_name = "地区与机构"
    default_auto_field = "django.db.models.BigAutoField"
