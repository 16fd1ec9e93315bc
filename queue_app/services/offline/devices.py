"""Browsers of the staff, and when the server heard of them: what bounds the times that they give (R-OFFLINE-2)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from queue_app.models import HallDevice
from queue_app.services.records.upsert import insert_if_absent

HEARD_EVERY = timedelta(seconds=20)  # that it is written down; a page asks every ten seconds, or every minute
SILENT = timedelta(minutes=2)  # a device not heard of for longer may have worked by itself
ALWAYS = timedelta(minutes=3)  # an entry may be so old in any case: a shorter silence is none
SENT_WITHIN = timedelta(minutes=30)  # after its silence: somebody may have to log in first


def hear(session: Session, token: str, *, now: datetime) -> None:
    """The device speaks. A silence that was broken for a moment only goes on."""
    key = _hash(token)
    if insert_if_absent(session, HallDevice, ["token_hash"], token_hash=key, heard_at=now):
        return
    row = session.get_one(HallDevice, key, populate_existing=True)
    if now - row.heard_at < HEARD_EVERY:
        return
    heard: dict[str, datetime] = {"heard_at": now}
    if now - row.heard_at > SILENT:
        heard["silent_until"] = now
        if row.silent_until is None or row.heard_at - row.silent_until > SILENT:
            heard["silent_from"] = row.heard_at
    session.execute(
        update(HallDevice)
        .where(HallDevice.token_hash == key, HallDevice.heard_at == row.heard_at)
        .values(heard)
        .execution_options(synchronize_session=False)
    )


def earliest_time(session: Session, token: str | None, *, now: datetime) -> datetime:
    """The earliest at which the device can have done something that it sends now: the beginning of its last silence."""
    row = session.get(HallDevice, _hash(token), populate_existing=True) if token else None
    if row is None or row.silent_from is None or row.silent_until is None or now - row.silent_until > SENT_WITHIN:
        return now - ALWAYS
    return min(row.silent_from, now - ALWAYS)


def purge_devices(session: Session, *, before: datetime) -> None:
    """Forget those that were not heard of since."""
    session.execute(delete(HallDevice).where(HallDevice.heard_at < before))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
