"""The portal's door for the timer: complaints whose answer nobody objected to end, unattended ones reach the county."""

from yigongti.capabilities.portal.services.complaining import close_unobjected, raise_unattended

__all__ = ["close_unobjected", "raise_unattended"]
