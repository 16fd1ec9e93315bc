"""Webhooks of partners: the events, the secret, the signature, and when a failed one goes again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from .booking import TicketState
from .errors import DomainError
from .identity import holds_personal_number
from .visits import StepKind, VisitState

NAME_MAX = 60
ADDRESS_MAX = 500
SECRET_PREFIX = "whsec_"  # of Standard Webhooks: what follows is base64
SECRET_BYTES = 32
BOTH_SECRETS = timedelta(hours=24)  # after a change everything is signed with the former one as well
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(days=3)  # of one delivery
SWITCHED_OFF_AFTER = timedelta(days=5)  # of a webhook at which nothing arrives
KEPT = timedelta(days=30)  # a delivery, for the page that shows it
GONE = 410  # the partner's way to say: never again


class InvalidWebhook(DomainError):
    """``details['reason']``: name | address | events."""

    code = "invalid_webhook"


class Event(StrEnum):
    """Stable names: partners' programs go by them."""

    TICKET_BOOKED = "ticket.booked"
    TICKET_MOVED = "ticket.moved"
    TICKET_CANCELLED = "ticket.cancelled"
    TICKET_ARRIVED = "ticket.arrived"
    TICKET_CALLED = "ticket.called"
    TICKET_SERVED = "ticket.served"
    TICKET_MISSED = "ticket.missed"
    TICKET_UNDONE = "ticket.undone"  # a step was taken back: `state` says where the ticket stands again
    DAYS_CLOSED = "days.closed"
    DAYS_REOPENED = "days.reopened"
    QUOTA_CHANGED = "day.quota_changed"


TRIAL = "webhook.test"  # sent by hand, whatever is ticked

OF_ACTIONS = {
    f"ticket.{TicketState.BOOKED}": Event.TICKET_BOOKED,
    f"ticket.{TicketState.RESCHEDULED}": Event.TICKET_MOVED,
    f"ticket.{TicketState.CANCELLED}": Event.TICKET_CANCELLED,
    f"ticket.{TicketState.CHECKED_IN}": Event.TICKET_ARRIVED,
    f"ticket.{TicketState.NO_SHOW}": Event.TICKET_MISSED,
    f"visit.{VisitState.CALLED}": Event.TICKET_CALLED,
    f"visit.{VisitState.SERVED}": Event.TICKET_SERVED,
    f"visit.{VisitState.ABSENT}": Event.TICKET_MISSED,
    "closure.confirmed": Event.DAYS_CLOSED,
    "closure.revoked": Event.DAYS_REOPENED,
    "day.opened": Event.DAYS_REOPENED,
    "day.quota": Event.QUOTA_CHANGED,
}
# A step that was taken back leads to any state of a visit.
ACTIONS = tuple(dict.fromkeys([*OF_ACTIONS, *(f"visit.{state}" for state in VisitState)]))


def event_of(action: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Event | None:
    """What an audit row means to a partner; None where it means nothing."""
    taken_back = action == f"ticket.{TicketState.BOOKED}" and before
    if taken_back or (after or {}).get("step") == StepKind.UNDO:
        return Event.TICKET_UNDONE
    return OF_ACTIONS.get(action)


def read_name(typed: str) -> str:
    """Of a partner. Raises InvalidWebhook (``reason``: name)."""
    name = " ".join(typed.split())
    if not 1 <= len(name) <= NAME_MAX or not name.isprintable() or holds_personal_number(name):
        raise InvalidWebhook(reason="name")
    return name


def read_address(typed: str) -> str:
    """An https address without user and fragment. Raises InvalidWebhook (``reason``: address).

    Whether it leads somewhere that may be written to is seen when it is: names change what they stand for.
    """
    try:
        parts = urlsplit(typed)
        sound = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:  # a port that is no number, half an IPv6 address
        sound = False
    plain = typed.isascii() and typed.isprintable() and " " not in typed and "#" not in typed
    if not sound or not plain or len(typed) > ADDRESS_MAX or holds_personal_number(typed):
        raise InvalidWebhook(reason="address")
    return typed


def read_events(names: Iterable[str]) -> tuple[Event, ...]:
    """In the order of the list. Raises InvalidWebhook (``reason``: events) for none, or one that is not known."""
    wanted = set(names)
    if not wanted or not wanted <= set(Event):
        raise InvalidWebhook(reason="events")
    return tuple(event for event in Event if event in wanted)


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def new_event_id() -> str:
    """Random, and not made of the sequence: after a restoration the same number may stand for something else."""
    return f"msg_{secrets.token_hex(12)}"


def signature(signed_by: Iterable[str], event_id: str, at: datetime, body: str) -> str:
    """The header ``webhook-signature`` of Standard Webhooks: one for each secret, with blanks between them."""
    content = f"{event_id}.{int(at.timestamp())}.{body}".encode()
    keys = (base64.b64decode(secret.removeprefix(SECRET_PREFIX)) for secret in signed_by)
    digests = (hmac.new(key, content, hashlib.sha256).digest() for key in keys)
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


def pause_after(tries: int, chance: float) -> timedelta:
    """Until the next try: half a minute, doubled each time, up to six hours; a fifth more or less by ``chance`` (0 to
    1), so that what failed together does not come back together."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
    return pause * (0.8 + 0.4 * chance)


def arrived(status: int | None) -> bool:
    return status is not None and 200 <= status < 300
