"""Send what the outbox holds: claim and commit, write the text, send with no transaction open, then record it.

One message at a time, so that a claim never lasts longer than one conversation with the mail server.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy.orm import Session

from queue_app.adapters.file_sender import FileSender
from queue_app.adapters.senders import (
    ChannelClosed,
    Message,
    PermanentFailure,
    Senders,
    SendingFailed,
    SmtpSender,
)
from queue_app.config import Settings
from queue_app.db import unit_of_work
from queue_app.domain.reminders import ABOUT_DATA, OF_CLOSURES
from queue_app.models import OutboxMessage
from queue_app.services.records import outbox

from . import closure_letters, data_letters
from .context import keyring, now, reading, settings, stop_requested
from .messages import Letter, compose

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    message_id: int
    attempts: int  # this one included


def send_outbox() -> int:
    """Send every message that is due; return how many went.

    Raises ChannelClosed when a way out is closed: the rest waits for the next sweep, with all its tries.
    """
    sent = 0
    senders = open_senders(settings())
    try:
        while not stop_requested() and (claim := claim_one()):
            sent += deliver(claim, senders)
    finally:
        senders.close()
    return sent


def open_senders(of: Settings) -> Senders:
    smtp = (
        SmtpSender(
            host=of.smtp_host,
            port=of.smtp_port,
            user=of.smtp_user,
            password=of.smtp_password,
            starttls=of.smtp_starttls,
            mail_from=of.mail_from,
        )
        if of.smtp_host
        else None
    )
    return Senders(file=FileSender(of.outbox_folder), smtp=smtp)


def claim_one() -> Claim | None:
    with unit_of_work() as session:
        claimed = outbox.claim_messages(session, now=now(), limit=1)
        return Claim(claimed[0].id, claimed[0].attempts) if claimed else None


def deliver(claim: Claim, senders: Senders) -> bool:
    """Send one claimed message and record what became of it; True when it went. Raises ChannelClosed."""
    try:
        letter = write(claim)
    except Exception as fault:  # one message that cannot be written must not hold up the others
        log.error("message %d cannot be written: %s", claim.message_id, type(fault).__name__)
        record_failure(claim, type(fault).__name__)
        return False
    if letter is None:
        with unit_of_work() as session:
            outbox.mark_overtaken(session, claim.message_id)
        return False
    sender, recipient = senders.choose(email=letter.email, phone=letter.phone)
    message = Message(
        id=claim.message_id,
        reference=letter.reference,
        kind=letter.kind,
        recipient=recipient,
        subject=letter.subject,
        text=letter.text,
        written_at=now(),
    )
    try:
        sender.send(message)
    except ChannelClosed:
        with unit_of_work() as session:
            outbox.put_back(session, claim.message_id, attempts=claim.attempts, now=now())
        raise
    except SendingFailed as failure:
        log.warning("message %d not sent: %s", claim.message_id, failure)
        record_failure(claim, str(failure), for_good=isinstance(failure, PermanentFailure))
        return False
    with unit_of_work() as session:
        outbox.mark_sent(session, claim.message_id, channel=sender.channel, now=now())
    return True


def write(claim: Claim) -> Letter | None:
    """The text of a message, None when nobody needs it any more."""
    with reading() as session:
        row = session.get_one(OutboxMessage, claim.message_id)
        if _is_overtaken(session, row):
            return None
        return compose(session, row, keyring=keyring(), public_url=settings().public_url, now=now())


def _is_overtaken(session: Session, row: OutboxMessage) -> bool:
    if row.kind in ABOUT_DATA:
        return data_letters.is_overtaken(session, row, now=now())
    if row.booking.suspended_at is not None:
        return True  # whoever it is about wants no use made of their data
    if row.kind in OF_CLOSURES:
        return closure_letters.is_overtaken(session, row, now=now())
    return outbox.is_overtaken(session, row, now=now())


def record_failure(claim: Claim, error: str, *, for_good: bool = False) -> None:
    with unit_of_work() as session:
        outbox.mark_failed(
            session, claim.message_id, attempts=claim.attempts, error=error, now=now(), for_good=for_good
        )
