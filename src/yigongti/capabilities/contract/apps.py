"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.contract"
    label = "contract"
    verbose_name = "家庭医生签约"
