"""Django's name for the composition root, which gathers what the capabilities declare."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig
from django.conf import settings


class Config(AppConfig):
    name = "yigongti.site"
    label = "site_root"

    def ready(self) -> None:
        """Fill the registry: facts, indicators, and every switched-on capability's workflows."""
        from yigongti.capabilities.measure.indicators import INDICATORS
        from yigongti.kernel.facts import COUNTY
        from yigongti.kernel.registry import REGISTRY

        for name, table in COUNTY.items():
            REGISTRY.facts.add(name, table)
        for name, indicator in INDICATORS.items():
            REGISTRY.indicators.add(name, indicator)
        for capability in settings.CAPABILITIES:
            workflow = f"yigongti.capabilities.{capability}.workflow"
            if find_spec(workflow):
                REGISTRY.collect(import_module(workflow))
