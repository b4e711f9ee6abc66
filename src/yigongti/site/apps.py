"""Django's name for the composition root, which gathers what the capabilities declare."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.conf import settings


class Config(AppConfig):
    name = "yigongti.site"
    label = "site_root"

    def ready(self) -> None:
        """Fill the registry: facts, and every switched-on capability's indicators and workflows."""
        from yigongti.kernel.facts import COUNTY
        from yigongti.kernel.registry import REGISTRY

        for name, table in COUNTY.items():
            REGISTRY.facts.add(name, table)
        for capability in settings.CAPABILITIES:
            room = f"yigongti.capabilities.{capability}"
            if find_spec(f"{room}.indicators"):
                for name, indicator in import_module(f"{room}.indicators").INDICATORS.items():
                    REGISTRY.indicators.add(name, indicator)
            if find_spec(f"{room}.workflow"):
                REGISTRY.collect(import_module(f"{room}.workflow"))
