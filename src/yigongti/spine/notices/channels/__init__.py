"""By what a message leaves: files in a folder, mail, or a gateway's address.  yigongti.toml says which:

outbound = ""                                              # files under outbox/ of the data directory
outbound = "smtp://user:password@mail.example:587?from=county@mail.example&domain=sms.mail.example"
outbound = "https://token@gateway.example/messages"
"""

from urllib.parse import urlsplit

from yigongti.kernel.errors import Refusal
from yigongti.spine.home import home
from yigongti.spine.notices.channels.channel import Channel, Letter, Undelivered
from yigongti.spine.notices.channels.files import FileOutbox
from yigongti.spine.notices.channels.gateway import HttpGateway
from yigongti.spine.notices.channels.mail import Smtp

__all__ = ["Channel", "FileOutbox", "HttpGateway", "Letter", "Smtp", "Undelivered", "channel_of"]


def channel_of(address: str | None = None) -> Channel:
    """The channel that an address names (by default the county's own).  Raises Refusal on one that names none."""
    named = home().choices.outbound if address is None else address
    scheme = urlsplit(named).scheme
    if not named:
        return FileOutbox(home().path / "outbox")
    if scheme in ("smtp", "smtps"):
        return Smtp.at(named)
    if scheme in ("http", "https"):
        return HttpGateway.at(named)
    raise Refusal(
        f"不能由“{scheme or named}”发送消息",
        where="yigongti.toml 的 outbound",
        remedy="可用:空(写文件)、smtp://、https://",
    )
