"""Messages that leave the house: each once, tried again when it fails, given up in the end, never lost in silence."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from tests.racing import at_once

from yigongti.kernel.clock import COUNTY_TIME
from yigongti.kernel.errors import Refusal
from yigongti.spine.home import home
from yigongti.spine.notices import outbound
from yigongti.spine.notices.channels import FileOutbox, HttpGateway, Letter, Smtp, Undelivered, channel_of
from yigongti.spine.notices.channels import mail as mail_channel
from yigongti.spine.notices.models import OutboundMessage

NOON = datetime(2025, 3, 3, 12, tzinfo=COUNTY_TIME)
LETTER = Letter("01a", "13800000000", "您的验证码是 482913", "code", NOON)


class Recorded:
    """A channel that keeps what it got, and fails as long as it is told to."""

    def __init__(self, *failures: Undelivered) -> None:
        self.got, self.failures = list[Letter](), list(failures)

    def send(self, letter: Letter) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.got.append(letter)


def posted(**changed: Any) -> OutboundMessage:
    return outbound.post(**{"to": "13800000000", "text": "请于明日复诊", "kind": "reminder", "at": NOON, **changed})


@pytest.mark.django_db
def test_a_message_that_waits_is_sent_once() -> None:
    message, channel = posted(), Recorded()
    assert outbound.deliver(at=NOON, through=channel) == outbound.Delivery(sent=1)
    assert outbound.deliver(at=NOON, through=channel) == outbound.Delivery()
    assert [(letter.id, letter.to, letter.text) for letter in channel.got] == [
        (message.pk, "13800000000", "请于明日复诊")
    ]


@pytest.mark.django_db
def test_neither_address_nor_text_can_be_read_in_the_database() -> None:
    posted()
    with connection.cursor() as cursor:
        cursor.execute('SELECT "to", text FROM notices_outboundmessage')
        stored = b"".join(map(bytes, cursor.fetchone()))
    assert b"138" not in stored
    assert "复诊".encode() not in stored


@pytest.mark.django_db
def test_what_failed_is_tried_again_later_each_time_and_shown() -> None:
    posted()
    channel = Recorded(Undelivered("网关答复 503"), Undelivered("网关答复 503"))
    assert outbound.deliver(at=NOON, through=channel).failed == 1
    assert outbound.deliver(at=NOON + timedelta(seconds=59), through=channel) == outbound.Delivery()
    assert outbound.deliver(at=NOON + timedelta(minutes=1), through=channel).failed == 1
    assert [(each.failure, each.attempts) for each in outbound.troubled()] == [("网关答复 503", 2)]
    assert outbound.deliver(at=NOON + timedelta(minutes=6), through=channel).sent == 1
    assert not outbound.troubled()


@pytest.mark.django_db
def test_after_the_last_pause_it_is_given_up_until_somebody_lets_it_wait_again() -> None:
    message, at = posted(), NOON
    channel = Recorded(*[Undelivered("连接不上")] * (len(outbound.PAUSES) + 1))
    for pause in (*outbound.PAUSES, timedelta(days=9)):
        assert outbound.deliver(at=at, through=channel).failed == 1
        at += pause
    assert outbound.deliver(at=at + timedelta(days=99), through=channel) == outbound.Delivery()
    assert outbound.troubled().get().given_up_at
    assert outbound.retry(message.pk, at=at)
    assert outbound.deliver(at=at, through=channel).sent == 1
    assert not outbound.retry(message.pk, at=at), "what was sent is not sent again"


@pytest.mark.django_db
def test_what_is_refused_for_good_is_given_up_at_once() -> None:
    posted()
    outbound.deliver(at=NOON, through=Recorded(Undelivered("网关答复 400", is_final=True)))
    assert outbound.troubled().get().given_up_at == NOON


@pytest.mark.django_db
def test_what_nobody_needs_any_more_is_not_sent() -> None:
    posted(expires_at=NOON + timedelta(minutes=5))
    channel = Recorded()
    assert outbound.deliver(at=NOON + timedelta(minutes=5), through=channel) == outbound.Delivery(expired=1)
    assert not channel.got


@pytest.mark.django_db
def test_a_message_that_fails_does_not_hold_up_the_others() -> None:
    posted(), posted(text="第二条")
    assert outbound.deliver(at=NOON, through=Recorded(Undelivered("x"))) == outbound.Delivery(sent=1, failed=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.store
def test_many_senders_at_once_send_each_message_once() -> None:
    ids = {posted(text=f"第 {number} 条").pk for number in range(12)}
    channel = Recorded()
    at_once(lambda _: outbound.deliver(at=NOON, through=channel), clients=6)
    assert sorted(letter.id for letter in channel.got) == sorted(ids)


@pytest.mark.django_db(transaction=True)
def test_a_message_of_a_transaction_that_fails_is_never_sent_and_one_posted_now_goes_at_once() -> None:
    try:
        with transaction.atomic():
            outbound.post_now("13800000000", text="不应发出", kind="code", at=NOON)
            raise RuntimeError("the case could not be opened")
    except RuntimeError:
        pass
    message = outbound.post_now("13800000000", text="您的验证码是 482913", kind="code", at=NOON)
    message.refresh_from_db()
    assert message.sent_at
    files = [json.loads(path.read_text()) for path in (home().path / "outbox").glob("*.json")]
    assert "不应发出" not in [each["text"] for each in files]
    assert {"482913" in each["text"] for each in files if each["id"] == message.pk} == {True}


@pytest.mark.django_db
def test_what_did_not_arrive_is_shown_to_the_administrator_masked_and_sent_again_on_demand() -> None:
    from tests.browsing import browser, source_of
    from tests.spine.county import account

    client = browser(account("admin", ("admin", "county", None)))
    assert "没有发送失败的消息" in source_of(client.get("/outbox/"))
    posted()
    outbound.deliver(at=NOON, through=Recorded(Undelivered("网关答复 400", is_final=True)))
    page = source_of(client.get("/outbox/"))
    assert "网关答复 400" in page
    assert "138****0000" in page
    assert "复诊" not in page
    client.post("/outbox/again/")
    assert OutboundMessage.objects.get().given_up_at is None


def test_an_empty_address_or_text_is_a_mistake_of_the_program() -> None:
    for wrong in ({"to": " "}, {"text": ""}):
        with pytest.raises(ValueError, match="needs an address"):
            posted(**wrong)


def test_a_file_is_written_once_a_message_and_only_its_owner_reads_it(tmp_path: Any) -> None:
    box = FileOutbox(tmp_path / "out")
    for _ in range(2):
        box.send(LETTER)
    (written,) = box.folder.iterdir()
    assert json.loads(written.read_text())["text"] == LETTER.text
    assert written.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Any) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    with pytest.raises(Undelivered, match="不能写入"):
        FileOutbox(tmp_path / "out").send(LETTER)


class Gateway:
    """A gateway on this machine: answers with the statuses given, and keeps what it got."""

    def __init__(self, *statuses: int) -> None:
        self.got: list[tuple[dict[str, str], Any]] = []
        gateway, left = self, list(statuses)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.got.append((dict(self.headers), json.loads(body)))
                self.send_response(left.pop(0))
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Silent."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://s3cret@127.0.0.1:{self.server.server_port}/messages"


@pytest.fixture
def gateway() -> Any:
    made: list[Gateway] = []

    def start(*statuses: int) -> Gateway:
        made.append(Gateway(*statuses))
        return made[-1]

    yield start
    for each in made:
        each.server.shutdown()
        each.server.server_close()


def test_a_gateway_gets_the_message_with_its_id_and_the_token(gateway: Callable[..., Gateway]) -> None:
    there = gateway(202)
    channel_of(there.address).send(LETTER)
    headers, said = there.got[0]
    assert said == {"id": "01a", "to": "13800000000", "text": LETTER.text, "kind": "code"}
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer s3cret", "01a")


@pytest.mark.parametrize(("status", "is_final"), [(400, True), (403, True), (429, False), (500, False), (503, False)])
def test_what_a_gateway_refuses_for_good_is_not_tried_again(
    status: int, is_final: bool, gateway: Callable[..., Gateway]
) -> None:
    with pytest.raises(Undelivered, match=str(status)) as failure:
        HttpGateway.at(gateway(status).address).send(LETTER)
    assert failure.value.is_final is is_final


def test_a_gateway_that_is_not_there_is_told() -> None:
    with pytest.raises(Undelivered, match="连接不上"):
        HttpGateway("http://127.0.0.1:1/").send(LETTER)


class Server:
    """What smtplib would be: keeps the mail it is given."""

    mails: list[Any] = []

    def __init__(self, host: str, port: int, timeout: float) -> None:
        assert (host, port) == ("mail.example", 587)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_error: object) -> None:
        """Closes."""

    def has_extn(self, name: str) -> bool:
        return False

    def login(self, user: str, password: str) -> None:
        assert (user, password) == ("u", "p@ss")

    def send_message(self, mail: Any) -> None:
        self.mails.append(mail)


def test_mail_goes_to_the_address_or_to_the_phone_numbers_mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_channel.smtplib, "SMTP", Server)
    channel = channel_of("smtp://u:p%40ss@mail.example:587?from=county@mail.example&domain=sms.example")
    channel.send(LETTER)
    channel.send(Letter("01b", "li@example.org", "请复诊", "reminder", NOON))
    assert [mail["To"] for mail in Server.mails] == ["13800000000@sms.example", "li@example.org"]
    assert "482913" in Server.mails[0].get_content()
    assert Server.mails[0]["Message-ID"] == "<01a@mail.example>"


def test_mail_without_a_mailbox_for_phones_is_given_up() -> None:
    with pytest.raises(Undelivered, match="没有配置手机号") as failure:
        Smtp("mail.example", "county@mail.example").send(LETTER)
    assert failure.value.is_final


@pytest.mark.parametrize("wrong", ["pigeon://loft", "smtp://mail.example", "outbox"])
def test_a_channel_that_is_none_is_refused_with_what_would_do(wrong: str) -> None:
    with pytest.raises(Refusal, match="outbound"):
        channel_of(wrong)
