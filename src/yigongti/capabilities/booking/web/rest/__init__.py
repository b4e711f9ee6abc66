"""REST of booking, for other systems: what is free, book it, move it, give it up, check in, wait, close a day.

OpenAPI at `/api/booking/openapi.json`.
"""

from yigongti.capabilities.booking.web.rest.routes import api

__all__ = ["api"]
