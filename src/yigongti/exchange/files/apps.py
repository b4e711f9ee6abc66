"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.exchange.files"
    label = "files"
    verbose_name = "数据文件"
    default_auto_field = "django.db.models.BigAutoField"
