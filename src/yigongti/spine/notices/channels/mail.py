"""Mail; phone numbers go to the provider's mail-to-message address."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from yigongti.kernel.errors import Refusal
from yigongti.spine.notices.channels.channel import Letter, Undelivered

SECONDS = 10
_REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused)


@dataclass(frozen=True)
class Smtp:
    """host, port, user, password: the server; sender: whom mail is from; domain: what is put behind a phone number;
    is_tls: encrypted from the first byte (smtps), otherwise as soon as the server offers it."""

    host: str
    sender: str
    port: int = 25
    user: str = ""
    password: str = ""
    domain: str = ""
    is_tls: bool = False

    @classmethod
    def at(cls, named: str) -> "Smtp":
        """From "smtp://user:password@host:587?from=…&domain=…".  Raises Refusal without host or sender."""
        parts = urlsplit(named)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if not parts.hostname or "from" not in asked:
            raise Refusal(
                "邮件通道缺少服务器或发件人",
                where="yigongti.toml 的 outbound",
                remedy="写成 smtp://主机:端口?from=发件地址",
            )
        is_tls = parts.scheme == "smtps"
        return cls(
            parts.hostname, asked["from"], parts.port or (465 if is_tls else 25), unquote(parts.username or ""),
            unquote(parts.password or ""), asked.get("domain", ""), is_tls,
        )  # fmt: skip

    def send(self, letter: Letter) -> None:
        """Raises Undelivered where the server cannot be reached or refuses the address (then it is final)."""
        mail = self._mail(letter)
        try:
            with self._connected() as server:
                server.send_message(mail)
        except _REFUSED as error:
            raise Undelivered("邮件服务器拒绝了地址", is_final=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(f"邮件服务器:{error}") from error

    def _connected(self) -> smtplib.SMTP:
        server = (smtplib.SMTP_SSL if self.is_tls else smtplib.SMTP)(self.host, self.port, timeout=SECONDS)
        if not self.is_tls and server.has_extn("starttls"):
            server.starttls()
        if self.user:
            server.login(self.user, self.password)
        return server

    def _mail(self, letter: Letter) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = self.sender, self._address(letter.to)
        mail["Subject"], mail["Message-ID"] = letter.text.splitlines()[0][:60], f"<{letter.id}@{self.host}>"
        mail.set_content(letter.text)
        return mail

    def _address(self, to: str) -> str:
        if "@" in to:
            return to
        if not self.domain:
            raise Undelivered("没有配置手机号对应的邮件域名", is_final=True)
        return f"{to}@{self.domain}"
