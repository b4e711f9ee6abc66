"""The optional second factor: a time-based code from an authenticator app."""

import base64
import io
from typing import Any

import qrcode
import qrcode.image.svg
from django.db import transaction
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from yigongti.spine.access.scope import has_second_factor
from yigongti.spine.audit import trail


def is_pending(user: Any) -> bool:
    """Whether the account has a second factor and this session has not passed it yet."""
    return not user.is_verified() and has_second_factor(user)


def new_device(user: Any) -> TOTPDevice:
    """The device being enrolled: one unconfirmed device an account, made anew only when there is none."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "authenticator"})
    return device


def qr_code(device: TOTPDevice) -> str:
    """The device's secret as an SVG image in a data URL, to be scanned by an authenticator app."""
    drawing = io.BytesIO()
    qrcode.make(device.config_url, image_factory=qrcode.image.svg.SvgPathImage, box_size=12).save(drawing)
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.getvalue()).decode()


def secret_text(device: TOTPDevice) -> str:
    """The secret for typing, in groups of four."""
    text = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def confirm(request: Any, *, code: str) -> bool:
    """Finish enrolling with a first code; the session then counts as verified.  False where the code is wrong."""
    device = new_device(request.user)
    if not _accepts(device, code):
        return False
    with transaction.atomic():
        TOTPDevice.objects.filter(user=request.user, confirmed=True).delete()
        device.confirmed = True
        device.save()
        trail.record("enrol_second_factor", actor=request.user.username)
    otp_login(request, device)
    return True


def verify(request: Any, *, code: str) -> bool:
    """Pass the second factor in this session.  False where the code is wrong, reused, or comes too fast."""
    for device in TOTPDevice.objects.filter(user=request.user, confirmed=True):
        if _accepts(device, code):
            otp_login(request, device)
            return True
    return False


def _accepts(device: TOTPDevice, code: str) -> bool:
    """The device's own throttle slows guessing down; a code counts once."""
    allowed, _ = device.verify_is_allowed()
    return bool(allowed and device.verify_token(code))
