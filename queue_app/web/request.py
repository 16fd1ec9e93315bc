"""For every view the same: the time, the keys, the settings, who asks, and storing what is asked for once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TypeVar, cast

from flask import current_app, g
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.db import db, unit_of_work
from queue_app.domain.clock import Clock, office_date
from queue_app.domain.errors import RepeatedRequest
from queue_app.domain.keyring import KeysChanged
from queue_app.domain.roles import CITIZEN, Actor

Unit = TypeVar("Unit")
Stored = TypeVar("Stored")


def clock() -> Clock:
    return cast(Clock, current_app.extensions["clock"])


def now() -> datetime:
    """An aware time. Asked more than once, it may have moved on."""
    return clock().now()


def today() -> date:
    """The date at the office of the staff or the kiosk that asks."""
    return office_date(now(), (g.get("staff") or g.device).time_zone)


def keyring() -> FileKeyring:
    return cast(FileKeyring, current_app.extensions["keyring"])


def settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def actor() -> Actor:
    """Whom the view's rule let in, as the audit log names them: staff, a kiosk, a partner, else the ticket's holder.

    Not for views that are open to all: a person of the office may look at those as well.
    """
    if staff := g.get("staff"):
        return Actor.staff(staff.staff_id)
    known = g.get("device") or g.get("partner")
    return cast(Actor, known.actor) if known else CITIZEN


def stored_once(action: Callable[[Session], Stored]) -> Stored:
    """What ``action`` stores in a transaction of its own, or finds there when the same request was sent before.

    Run once more when the same request was being stored at that very moment. Raises what ``action`` raises.
    """
    return twice_at_most(unit_of_work, action)


def twice_at_most(transaction: Callable[[], AbstractContextManager[Unit]], action: Callable[[Unit], Stored]) -> Stored:
    """`stored_once` in a transaction of another kind. ``action`` asks for the `keyring` itself."""
    try:
        with transaction() as unit:
            return action(unit)
    except RepeatedRequest:
        pass  # the other transaction has ended by now: this finds what it stored
    except KeysChanged:
        current_app.extensions["keys"].follow(db.session())
    with transaction() as unit:
        return action(unit)
