"""What is booked for a referral now: the booking made with its acceptance, or the one it was moved to since."""

from yigongti.capabilities.booking import api as booking
from yigongti.capabilities.referral.models import Referral


def standing(case_id: str) -> list[booking.Booked]:
    """The bookings of a referral for which the patient is still to come, first to last."""
    return [each for each in booking.of_case(case_id) if each.state == "booked"]


def appointment_of(case: Referral) -> "booking.Booked | None":
    """For what the patient is awaited; None where nothing was booked, or it was given up since."""
    return next(iter(standing(case.pk)), None) if case.booking_id else None
