"""Whether the mail server takes this program: as far as the log-in, and without a letter."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator

from queue_app.adapters.senders import SmtpSender
from queue_app.config import Settings

from .findings import Finding, good, look, wrong

PATIENCE = 5  # seconds for each answer


def mail(settings: Settings) -> Iterator[Finding]:
    if settings.smtp_host is None:
        sentence = f"There is no mail server: messages to citizens become files in {settings.outbox_folder}."
        yield look("mail", sentence, "Set QUEUE_APP_SMTP_HOST, unless somebody sends those by hand.")
        return
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    sender = SmtpSender(
        host=settings.smtp_host,
        port=settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password,
        starttls=settings.smtp_starttls,
        mail_from=settings.mail_from,
        timeout=PATIENCE,
    )
    try:
        sender.knock()
    except (smtplib.SMTPException, OSError) as fault:
        what, remedy = _said(_beneath(fault))
        yield wrong("mail", f"The mail server {where} {what}.", remedy)
        return
    how = ", ".join(["encrypted"] * _encrypted(settings) + ["with the log-in"] * bool(settings.smtp_user)) or "as it is"
    if _encrypted(settings):
        yield good("mail", f"The mail server {where} takes this program, {how}. No letter was sent.")
    else:
        sentence = f"The mail server {where} takes this program, but in the clear: whoever is in between reads along."
        yield look("mail", sentence, "QUEUE_APP_SMTP_STARTTLS=yes, unless it is this very machine.")


def _encrypted(settings: Settings) -> bool:
    return settings.smtp_starttls or settings.smtp_port == 465


def _beneath(fault: Exception) -> BaseException:
    """smtplib calls every end of a connection the same; why it ended stands beneath."""
    cut = isinstance(fault, smtplib.SMTPServerDisconnected) and isinstance(fault.__context__, OSError)
    return fault.__context__ or fault if cut else fault


def _said(fault: BaseException) -> tuple[str, str]:
    """What it did, and the remedy. Its own words are left out: they often repeat what they were told."""
    match fault:
        case smtplib.SMTPAuthenticationError():
            return (
                f"refuses the log-in (SMTP {fault.smtp_code})",
                "Mend QUEUE_APP_SMTP_USER and QUEUE_APP_SMTP_PASSWORD.",
            )
        case smtplib.SMTPNotSupportedError():
            return (
                "knows no STARTTLS, or no log-in",
                "See QUEUE_APP_SMTP_PORT (587 mostly) and QUEUE_APP_SMTP_STARTTLS.",
            )
        case smtplib.SMTPResponseException():
            return (
                f"refuses this program (SMTP {fault.smtp_code})",
                "Ask whoever runs it whether this machine may send.",
            )
        case ssl.SSLCertVerificationError():
            return (
                "shows a certificate that is not valid for this name",
                "QUEUE_APP_SMTP_HOST must be as it stands there.",
            )
        case ssl.SSLError():
            return "does not speak TLS there", "See QUEUE_APP_SMTP_PORT: 465 is TLS at once, 587 STARTTLS."
        case socket.gaierror():
            return "is a name that is not found", "Mend QUEUE_APP_SMTP_HOST, or the resolver of this machine."
        case ConnectionRefusedError():
            return "listens to nobody on this port", "Mend QUEUE_APP_SMTP_PORT, or start the server."
        case TimeoutError():
            return f"says nothing within {PATIENCE} seconds", "A firewall may stand in between, or it is another port."
        case _:
            return f"cannot be talked to ({type(fault).__name__})", "See QUEUE_APP_SMTP_HOST and QUEUE_APP_SMTP_PORT."
