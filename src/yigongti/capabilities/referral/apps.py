"""Django's name for this app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.referral"
    label = "referral"
    verbose_name = "双向转诊"
