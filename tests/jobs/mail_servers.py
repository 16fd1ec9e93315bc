"""Mail servers on a free local port, one that takes everything and ones that behave badly; and what is sent to them."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from queue_app.adapters.senders import Message, SmtpSender

ADDRESS = "siti@example.id"


class Mailbox:
    """Keeps what was delivered. `recipient` and `data` are the answers; without them it agrees."""

    def __init__(self, *, recipient: str = "", data: str = "", dies_after: str = "", times: int = 10**6) -> None:
        self.letters: list[bytes] = []
        self.tls: list[bool] = []
        self.tries = 0
        self._recipient, self._data, self._dies_after, self._times = recipient, data, dies_after, times

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries += 1
        if self._misbehaves() and self._dies_after == "rcpt":
            server.transport.abort()
        if self._misbehaves() and self._recipient:
            return f"{self._recipient} <{address}> no"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self._misbehaves() and self._dies_after == "data":
            server.transport.abort()
            return "421 gone"
        if self._misbehaves() and self._data:
            return self._data
        self.letters.append(envelope.content)
        self.tls.append(session.ssl is not None)
        return "250 OK"

    def _misbehaves(self) -> bool:
        return self.tries <= self._times


class OnFreePort(Controller):
    """The library connects once to see whether it listens, and to the port it was given: with 0 to none."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(mailbox: Mailbox, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[int]:
    """Listens while the block runs; gives the port."""
    controller = OnFreePort(
        mailbox, hostname="127.0.0.1", port=0, tls_context=tls, require_starttls=tls is not None, **options
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def sender(port: int, **options: object) -> SmtpSender:
    values = {"user": None, "password": None, "starttls": False, "mail_from": "Antrean <antre@sragen.example>"}
    return SmtpSender(host="127.0.0.1", port=port, **{**values, **options})  # type: ignore[arg-type]


def message(recipient: str = ADDRESS, **changes: object) -> Message:
    base = Message(7, "confirmation.abc", "confirmation", recipient, "Tiket", "Halo\n", datetime.now(UTC))
    return replace(base, **changes)  # type: ignore[arg-type]
