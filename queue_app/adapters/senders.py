"""Ways out of the building for a message: by e-mail, or into a file that the administrator reads.

What goes wrong is told in three kinds, and never with the address or the server's own words, which often repeat it.
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Protocol

from email_validator import EmailNotValidError, validate_email

from queue_app.domain.phones import mask_phone

TIMEOUT = 15  # seconds for each answer of the mail server
IMPLICIT_TLS_PORT = 465


class SendingFailed(Exception):
    """The message did not go. The text holds no personal data."""


class TemporaryFailure(SendingFailed):
    """Not now: try this message again later."""


class PermanentFailure(SendingFailed):
    """This message will never go this way, however often it is tried."""


class ChannelClosed(SendingFailed):
    """The way out is closed for every message (server away, log-in refused, disk full): not this message's fault."""


@dataclass(frozen=True)
class Message:
    """A text for one person. ``reference`` is the same at every try, so that mail programs drop a second copy."""

    id: int
    reference: str
    kind: str
    recipient: str | None  # e-mail address or phone number
    subject: str
    text: str
    written_at: datetime

    @property
    def headline(self) -> str:
        """The subject on one line: any end of a line in it, also one of those that few know, is a blank."""
        return " ".join(self.subject.split())


class Sender(Protocol):
    channel: str

    def send(self, message: Message) -> None:
        """Hand the message over; raise one of the kinds of SendingFailed."""

    def close(self) -> None: ...


class SmtpSender:
    """Sends through a mail server; one connection serves all messages until `close`."""

    channel = "email"

    def __init__(
        self,
        *,
        host: str,
        port: int,
        user: str | None,
        password: str | None,
        starttls: bool,
        mail_from: str,
        tls: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        self._host, self._port, self._user, self._password = host, port, user, password
        self._starttls, self._from, self._tls, self._timeout = starttls, mail_from, tls, timeout
        self._domain = parseaddr(mail_from)[1].rpartition("@")[2] or "localhost"
        self._server: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        letter = self._letter(message)
        server = self._connected()
        try:
            server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refusal:
            self.close()
            code = max((code for code, _ in refusal.recipients.values()), default=0)
            raise _of_code(code, "recipient refused") from None
        except smtplib.SMTPSenderRefused as refusal:
            self.close()
            raise ChannelClosed(f"SMTP {refusal.smtp_code}: sender refused") from None
        except smtplib.SMTPResponseException as refusal:
            self.close()
            raise _of_code(refusal.smtp_code, "message refused") from None
        except smtplib.SMTPNotSupportedError:
            self.close()
            raise PermanentFailure("the mail server cannot write to this kind of address") from None
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            raise TemporaryFailure(f"connection lost: {type(fault).__name__}") from None

    def knock(self) -> None:
        """Connect, encrypt and log in as for a letter, and leave. Raises smtplib.SMTPException, OSError as they are."""
        self._server = self._connect()
        self.close()

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None and self._alive(self._server):
            return self._server
        self.close()
        try:
            self._server = self._connect()
        except smtplib.SMTPResponseException as refusal:
            self.close()
            raise ChannelClosed(f"SMTP {refusal.smtp_code}: no connection") from None
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            raise ChannelClosed(f"mail server not reached: {type(fault).__name__}") from None
        return self._server

    def _connect(self) -> smtplib.SMTP:
        tls = self._tls or ssl.create_default_context()
        if self._port == IMPLICIT_TLS_PORT:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, local_hostname=self._domain, timeout=self._timeout, context=tls
            )
        else:
            server = smtplib.SMTP(self._host, self._port, local_hostname=self._domain, timeout=self._timeout)
        try:
            if self._starttls and self._port != IMPLICIT_TLS_PORT:
                server.starttls(context=tls)
            if self._user:
                server.login(self._user, self._password or "")
        except BaseException:
            server.close()
            raise
        return server

    @staticmethod
    def _alive(server: smtplib.SMTP) -> bool:
        try:
            return server.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        try:
            letter["From"] = self._from
            letter["To"] = _for_any_server(message.recipient)
            letter["Subject"] = message.headline
        except ValueError:  # its text would quote the address
            raise PermanentFailure("the address or subject cannot stand in a header") from None
        letter["Date"] = format_datetime(message.written_at)
        letter["Message-ID"] = f"<{message.reference}@{self._domain}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in answer, please
        letter.set_content(message.text)
        return letter


@dataclass(frozen=True)
class Senders:
    """The ways out of this installation."""

    file: Sender
    smtp: Sender | None = None

    def choose(self, *, email: str | None, phone: str | None) -> tuple[Sender, str | None]:
        """How one person is written to, and where: by e-mail where both sides can, else into a file."""
        if email and self.smtp:
            return self.smtp, email
        return self.file, phone or email

    def close(self) -> None:
        self.file.close()
        if self.smtp:
            self.smtp.close()


def mask_recipient(recipient: str | None) -> str:
    """``+62812•••789`` or ``s•••@example.id``; a dash for nobody."""
    if not recipient:
        return "–"
    name, at, domain = recipient.rpartition("@")
    return f"{name[:1]}•••@{domain}" if at else mask_phone(recipient)


def _for_any_server(recipient: str | None) -> str | None:
    """``siti@xn--kantr-3ta.id`` of ``siti@kantór.id``: only letters before the @ need a server that knows SMTPUTF8."""
    if recipient is None or recipient.isascii():
        return recipient
    try:
        return validate_email(recipient, check_deliverability=False).ascii_email or recipient
    except EmailNotValidError:
        return recipient


def _of_code(code: int, what: str) -> SendingFailed:
    kind = PermanentFailure if 500 <= code < 600 else TemporaryFailure
    return kind(f"SMTP {code}: {what}")
