"""The portal's door for the timer: complaints whose answer nobody objected to end."""

from yigongti.capabilities.portal.services.complaining import close_unobjected

__all__ = ["close_unobjected"]
