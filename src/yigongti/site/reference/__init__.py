"""The generated reference: facts, rules, documents, coverage, indicators, workflows, commands, as Markdown."""

from yigongti.site.reference.writing import stale, write

__all__ = ["stale", "write"]
