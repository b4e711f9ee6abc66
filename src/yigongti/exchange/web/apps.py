"""Django's name for this app (its templates and translations; the models are those of `exchange.files`)."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.exchange.web"
    label = "exchange_web"
    verbose_name = "数据接入"
