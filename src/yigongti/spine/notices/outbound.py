"""Messages that leave the house: to a phone or a mailbox, by the channel that yigongti.toml names (`outbound`).

    post(phone, text="您的验证码是 482913", kind="code", at=now, expires_at=in_five_minutes)   # waits for the job
    post_now(phone, text=…, kind="code", at=now)             # and is tried once when the transaction has committed
    deliver(at=now)                                          # the job: sends what waits; returns what became of it

A message is part of its poster's transaction.  Each is sent once: whoever sends holds its row's claim, and its id goes
along, so that a gateway that got it and could not say so knows it again.  What fails is tried again, later each time.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from yigongti.kernel import clock
from yigongti.kernel.ids import new_id
from yigongti.spine.notices.channels import Channel, Letter, Undelivered, channel_of
from yigongti.spine.notices.models import OutboundMessage

CLAIM = timedelta(minutes=2)
"""How long a sender has for one message before another may take it up."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
"""After the first failure, the second …; then it is given up."""
_log = logging.getLogger(__name__)

WAITING = Q(sent_at__isnull=True, given_up_at__isnull=True)


@dataclass(frozen=True)
class Delivery:
    """What a round of sending did."""

    sent: int = 0
    failed: int = 0
    expired: int = 0


def post(to: str, *, text: str, kind: str, at: datetime, expires_at: datetime | None = None) -> OutboundMessage:
    """Let a message wait for the next round.  to: phone number or mail address; kind: what it is, such as "code";
    expires_at: after which nobody needs it.  Raises ValueError on an empty address or text."""
    if not to.strip() or not text.strip():
        raise ValueError("a message needs an address and a text")
    message: OutboundMessage = OutboundMessage.objects.create(
        id=new_id(), to=to.strip(), text=text, kind=kind, at=at, next_at=at, expires_at=expires_at
    )
    return message


def post_now(to: str, *, text: str, kind: str, at: datetime, expires_at: datetime | None = None) -> OutboundMessage:
    """As `post`, and try it at once when the transaction commits: for what somebody stands waiting for."""
    message = post(to, text=text, kind=kind, at=at, expires_at=expires_at)
    transaction.on_commit(partial(_try_now, message.pk), robust=True)
    return message


def deliver(*, at: datetime, through: Channel | None = None) -> Delivery:
    """Send everything that is due; one message failing does not hold up the others."""
    channel, expired = through or channel_of(), _expire(at)
    claimed = (_claim(message_id, at=at) for message_id in list(_due(at).values_list("pk", flat=True)))
    outcomes = [_send(message, channel, at=at) for message in claimed if message]
    return Delivery(outcomes.count(True), outcomes.count(False), expired)


def troubled() -> QuerySet:
    """The messages that have failed and are not sent: those still tried, and those given up; latest first."""
    return OutboundMessage.objects.filter(sent_at__isnull=True, attempts__gt=0).exclude(failure="").order_by("-at")


def retry(message_id: str, *, at: datetime) -> bool:
    """Let a message that was given up wait again; whether there was one."""
    failed = OutboundMessage.objects.filter(pk=message_id, sent_at__isnull=True)
    return bool(failed.update(given_up_at=None, next_at=at, expires_at=None, attempts=0, claimed_until=None))


def _due(at: datetime) -> QuerySet:
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=at)
    return OutboundMessage.objects.filter(WAITING, free, next_at__lte=at).order_by("next_at", "pk")


def _expire(at: datetime) -> int:
    late = OutboundMessage.objects.filter(WAITING, expires_at__lte=at)
    count: int = late.update(given_up_at=at, failure="过了有效时间,不再发送", attempts=F("attempts") + 1)
    return count


@transaction.atomic
def _claim(message_id: str, *, at: datetime) -> OutboundMessage | None:
    """Hold a message for CLAIM; None where another sender has it."""
    skipping = connection.features.has_select_for_update_skip_locked
    message: OutboundMessage | None = _due(at).select_for_update(skip_locked=skipping).filter(pk=message_id).first()
    if message is not None:
        message.claimed_until, message.attempts = at + CLAIM, message.attempts + 1
        message.save(update_fields=["claimed_until", "attempts"])
    return message


def _send(message: OutboundMessage, channel: Channel, *, at: datetime) -> bool:
    try:
        channel.send(Letter(message.pk, message.to, message.text, message.kind, message.at))
    except Undelivered as failure:
        _postpone(message, failure, at=at)
        return False
    OutboundMessage.objects.filter(pk=message.pk).update(sent_at=at, failure="", claimed_until=None)
    return True


def _postpone(message: OutboundMessage, failure: Undelivered, *, at: datetime) -> None:
    _log.warning("message %s (%s) was not sent: %s", message.pk, message.kind, failure)
    over = failure.is_final or message.attempts > len(PAUSES)
    OutboundMessage.objects.filter(pk=message.pk).update(
        failure=str(failure)[:300], claimed_until=None, given_up_at=at if over else None,
        next_at=at if over else at + PAUSES[message.attempts - 1],
    )  # fmt: skip


def _try_now(message_id: str) -> None:
    now = clock.now()
    if message := _claim(message_id, at=now):
        _send(message, channel_of(), at=now)
