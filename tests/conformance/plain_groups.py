"""The plain DRG engine of tests/drg, which shares no code with the product."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location(
    "plain_engine_of_the_suite", Path(__file__).resolve().parents[1] / "drg" / "plain_engine.py"
)
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
PlainEngine = _module.PlainEngine
