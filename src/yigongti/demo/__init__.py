"""The synthetic county: fact files of an invented county, 云溪县, with planted truths for tests to find."""

from yigongti.demo.command import demo
from yigongti.demo.generate import DemoSummary, generate

__all__ = ["DemoSummary", "demo", "generate"]
