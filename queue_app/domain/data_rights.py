"""The rights of whoever data is about (UU 27/2022 Pasal 5-13): what may be asked for, and by when it is answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from .errors import DomainError

# 3 x 24 hours: Pasal 30 (correction), 32 (access) and 41 (postponing, restricting). For deletion the law names no
# number of hours; the office holds itself to the same.
ANSWER_WITHIN = timedelta(hours=72)
CODE_TRIES = 5
CODE_LASTS = timedelta(minutes=30)
# To a telephone number nobody but a person of the office sends; that takes until they get round to it.
CODE_BY_HAND_LASTS = timedelta(hours=24)
CODE_AGAIN_AFTER = timedelta(minutes=10)
STAYS_OPEN = timedelta(minutes=30)


class RequestKind(StrEnum):
    COPY = "copy"  # to see what is kept, and have a copy of it
    CORRECT = "correct"
    DELETE = "delete"
    SUSPEND = "suspend"  # "menunda atau membatasi pemrosesan"
    RESUME = "resume"  # to take that back


class RequestState(StrEnum):
    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


class RequestProof(StrEnum):
    """How whoever asks has shown that the data is theirs."""

    NONE = "none"  # not yet
    CONTACT = "contact"  # a one-time code went to the address or number of the booking
    DOCUMENT = "document"  # a card or paper, seen by staff at the counter


class ProcessingSuspended(DomainError):
    """Whoever the data is about has had its use suspended."""

    code = "processing_suspended"


class StillBeingServed(DomainError):
    """Data that a visit needs is not deleted in the middle of it."""

    code = "still_being_served"


class RequestAnswered(DomainError):
    """Somebody else has answered it meanwhile."""

    code = "request_answered"


def due_at(received_at: datetime) -> datetime:
    return received_at + ANSWER_WITHIN


def asked_at(now: datetime) -> datetime:
    """The beginning of the ten minutes in which a second code is not sent."""
    minutes = int(CODE_AGAIN_AFTER / timedelta(minutes=1))
    return now.replace(minute=now.minute - now.minute % minutes, second=0, microsecond=0)


def read_one_time_code(typed: str) -> str:
    """``12345678`` of "1234 5678": only its digits, as people group them."""
    return "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
