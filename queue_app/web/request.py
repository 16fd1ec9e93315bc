"""The present request's surroundings, the same for every view: the time, the keys, the settings, and who asks."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

from flask import current_app, g

from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.domain.clock import office_date
from queue_app.domain.roles import CITIZEN, Actor


def now() -> datetime:
    """An aware time. Asked more than once, it may have moved on."""
    return cast(datetime, current_app.extensions["clock"].now())


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
