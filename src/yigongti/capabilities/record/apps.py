"""Django's name for this app (the record's own models are the spine's)."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "yigongti.capabilities.record"
    label = "resident_record"
    verbose_name = "居民档案"
