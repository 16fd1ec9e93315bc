"""Sending by e-mail, against a real mail server on this machine."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask

from queue_app.adapters.file_sender import FileSender
from queue_app.adapters.senders import (
    ChannelClosed,
    Senders,
    TemporaryFailure,
)
from queue_app.config import Settings
from queue_app.jobs.registry import JobFailed
from queue_app.models import Booking, MessageState, OutboxMessage
from queue_app.services.records import outbox
from tests.harness.fakes import FixedClock
from tests.harness.tls import contexts
from tests.jobs.mail_servers import ADDRESS, Mailbox, mail_server, message, sender

Run = Callable[[str], int]
Book = Callable[..., Booking]
Messages = Callable[[], list[OutboxMessage]]
Connect = Callable[[Mailbox], None]


@pytest.fixture
def connect(app: Flask, settings: Settings) -> Callable[[Mailbox], None]:
    """Sets up a mail server for the app, until the test ends."""
    with ExitStack() as servers:

        def connect(mailbox: Mailbox) -> None:
            port = servers.enter_context(mail_server(mailbox))
            app.extensions["settings"] = replace(
                settings, smtp_host="127.0.0.1", smtp_port=port, smtp_starttls=False, mail_from="antre@sragen.example"
            )

        yield connect


def test_a_letter_arrives_whole(connect: Connect, run: Run, book: Book, messages: Messages) -> None:
    mailbox = Mailbox()
    connect(mailbox)
    book(email=ADDRESS)
    assert run("send-outbox") == 1
    assert run("send-outbox") == 0
    (raw,) = mailbox.letters
    letter = message_from_bytes(raw, policy=policy.default)
    assert letter["To"] == ADDRESS
    assert letter["From"] == "antre@sragen.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime == messages()[0].sent_at
    assert letter["Message-ID"].startswith("<confirmation.")
    assert letter["Message-ID"].endswith("@sragen.example>")
    assert letter["Subject"] == "Tiket A-001: Kamis, 26 November 2026"
    assert "Jam kedatangan: 08.00–09.00 WIB" in letter.get_content()
    assert (messages()[0].state, messages()[0].channel) == (MessageState.SENT, "email")


def test_who_gave_no_address_is_written_to_a_file(connect: Connect, settings: Settings, run: Run, book: Book) -> None:
    mailbox = Mailbox()
    connect(mailbox)
    book(email=None)
    assert run("send-outbox") == 1
    assert not mailbox.letters
    assert len(list(settings.outbox_folder.iterdir())) == 1


def test_the_way_out_is_chosen_by_what_both_sides_have(tmp_path: Path) -> None:
    file, smtp = FileSender(tmp_path), sender(1)
    assert Senders(file, smtp).choose(email=ADDRESS, phone="+6281") == (smtp, ADDRESS)
    assert Senders(file, smtp).choose(email=None, phone="+6281") == (file, "+6281")
    assert Senders(file, None).choose(email=ADDRESS, phone="+6281") == (file, "+6281")
    assert Senders(file, None).choose(email=None, phone=None) == (file, None)


@pytest.mark.parametrize("trouble", [{"recipient": "550"}, {"data": "554 looks like spam to <siti@example.id>"}])
def test_what_is_refused_for_good_is_not_tried_again(
    connect: Connect, clock: FixedClock, run: Run, book: Book, messages: Messages, trouble: dict[str, str]
) -> None:
    mailbox = Mailbox(**trouble, times=1)
    connect(mailbox)
    book(email=ADDRESS)
    book(email="budi@example.id")
    assert run("send-outbox") == 1, "the next one goes"
    clock.advance(hours=1)
    assert run("send-outbox") == 0
    refused = messages()[0]
    assert (refused.state, refused.attempts) == (MessageState.FAILED, 1)
    assert refused.last_error is not None
    assert refused.last_error.startswith("SMTP 55")
    assert "@" not in refused.last_error


@pytest.mark.parametrize(
    "trouble", [{"recipient": "451"}, {"data": "451 later"}, {"dies_after": "rcpt"}, {"dies_after": "data"}]
)
def test_what_fails_for_the_moment_goes_out_later(
    connect: Connect,
    clock: FixedClock,
    run: Run,
    book: Book,
    messages: Messages,
    caplog: pytest.LogCaptureFixture,
    trouble: dict[str, str],
) -> None:
    mailbox = Mailbox(**trouble, times=2)
    connect(mailbox)
    book(email=ADDRESS)
    assert run("send-outbox") == 0
    waiting = messages()[0]
    assert (waiting.state, waiting.attempts) == (MessageState.QUEUED, 1)
    assert waiting.next_try_at == clock.now() + timedelta(minutes=1)
    assert run("send-outbox") == 0, "not before the minute is over"
    clock.advance(minutes=1)
    assert run("send-outbox") == 0
    clock.advance(minutes=2)
    assert run("send-outbox") == 1
    assert len(mailbox.letters) == 1
    assert ADDRESS not in caplog.text + str(waiting.last_error)


def test_a_recipient_who_is_never_ready_is_given_up(
    connect: Connect, clock: FixedClock, run: Run, book: Book, messages: Messages
) -> None:
    mailbox = Mailbox(recipient="451")
    connect(mailbox)
    book(email=ADDRESS)
    for _ in range(outbox.TRIES + 2):
        run("send-outbox")
        clock.advance(minutes=40)
    assert messages()[0].state is MessageState.FAILED
    assert mailbox.tries == outbox.TRIES


def test_a_mail_server_away_for_half_a_day_costs_no_message(
    app: Flask, settings: Settings, connect: Connect, clock: FixedClock, run: Run, book: Book, messages: Messages
) -> None:
    for serial in range(3):
        book(email=f"warga{serial}@example.id", slot=serial // 2)
    app.extensions["settings"] = replace(settings, smtp_host="127.0.0.1", smtp_port=1, smtp_starttls=False)
    for _ in range(12):
        with pytest.raises(JobFailed, match="mail server not reached: ConnectionRefusedError"):
            run("send-outbox")
        clock.advance(hours=1)
    mailbox = Mailbox()
    connect(mailbox)
    assert run("send-outbox") == 3
    assert [row.attempts for row in messages()] == [1, 1, 1]


def test_the_same_message_bears_the_same_id_at_every_try() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        out = sender(port)
        out.send(message())
        out.send(message(written_at=datetime.now(UTC)))
        out.close()
    ids = {message_from_bytes(raw)["Message-ID"] for raw in mailbox.letters}
    assert ids == {"<confirmation.abc@sragen.example>"}


def test_a_connection_that_went_stale_between_two_messages_is_replaced() -> None:
    mailbox = Mailbox(dies_after="data", times=1)
    with mail_server(mailbox) as port:
        out = sender(port)
        with pytest.raises(TemporaryFailure):
            out.send(message())
        out.send(message())
        assert out._server is not None
        assert out._server.sock is not None
        out._server.sock.close()
        out.send(message())
        out.close()
    assert len(mailbox.letters) == 2


def test_starttls_is_used_and_its_certificate_checked(tmp_path: Path) -> None:
    server, client = contexts(tmp_path)
    mailbox = Mailbox()
    with mail_server(mailbox, tls=server) as port:
        out = sender(port, starttls=True, tls=client)
        out.send(message())
        out.close()
        with pytest.raises(ChannelClosed, match="SSLCertVerificationError"):
            sender(port, starttls=True).send(message())
        with pytest.raises(ChannelClosed, match="SMTP 530"):
            sender(port, starttls=False).send(message())
    assert mailbox.tls == [True]


def test_a_wrong_password_closes_the_way_for_all() -> None:
    with mail_server(Mailbox()) as port, pytest.raises(ChannelClosed):
        sender(port, user="antre", password="salah").send(message())
