"""A letter against the model: whose tickets it may name, and what it must not say of them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tests.stateful.model import TO_COME, VALID, ZONE, Model, Ticket

NUMBER = re.compile(r"A-(\d{3})")
INVITING = {"confirmation", "rescheduled", "hour_cut", "reminder_day_before", "reminder_same_day", "day_opened"}
DAYS_AHEAD = {"reminder_day_before": 1, "reminder_same_day": 0}
CLOSING = {"day_closed", "sent_home"}


def against_letter(model: Model, kind: str, booking_id: int, subject: str, text: str, now: datetime) -> list[str]:
    tickets = model.of_booking(booking_id)
    named = _named(tickets, text)
    stages = {model.stage(one, now) for one in named}
    against = [] if named else ["names nobody"]
    if kind in INVITING:
        against += _inviting(model, kind, named, now)
    elif kind == "cancelled":
        against += _cancelled(model, tickets, text, now)
    elif kind in CLOSING and stages != {"withdrawn"}:
        against.append(f"closed, but {stages}")
    if kind in CLOSING:
        offer = model.offered(booking_id)
        held = bool(offer and offer.state == "open" and offer.held_until > now)
        if ("Kami menyimpan tempat lain" in text) != held:
            against.append(f"offered: {offer}")
    return against


def _named(tickets: list[Ticket], text: str) -> list[Ticket]:
    """The numbers of a day begin anew, so of two tickets with one number the later one is meant."""
    by_number = {one.number: one for one in sorted(tickets, key=lambda one: one.id)}
    return [by_number[number] for found in NUMBER.findall(text) if (number := int(found)) in by_number]


def _inviting(model: Model, kind: str, named: list[Ticket], now: datetime) -> list[str]:
    fits = VALID if kind == "day_opened" else TO_COME  # opened again, it is good to know in the hall as well
    against = [f"invites {one}" for one in named if model.stage(one, now) not in fits]
    if kind in DAYS_AHEAD:
        day = now.astimezone(ZONE).date() + timedelta(days=DAYS_AHEAD[kind])
        against += [f"not of this day: {one}" for one in named if model.slots[one.slot_id].day != day]
    return against


def _cancelled(model: Model, tickets: list[Ticket], text: str, now: datetime) -> list[str]:
    _, stands, rest = text.partition("Yang lain dalam pemesanan ini tetap berlaku")
    if not stands:
        return []
    remaining = [one for one in _named(tickets, rest) if one.state == "booked"]
    return [f"still valid: {one}" for one in remaining if model.stage(one, now) not in TO_COME]
