"""REST of every declared workflow: declarations, lists, cases, opening, steps; OpenAPI at `/api/work/openapi.json`."""

from yigongti.pages.work.api.routes import api

__all__ = ["api"]
