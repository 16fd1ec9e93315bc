"""The forms of a counter's page, which shows others after each press: found by pressing one key after the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from queue_app.db import db
from queue_app.domain.closures import OfferState
from queue_app.domain.keyring import Keyring
from queue_app.domain.visits import VisitState
from queue_app.models import Offer, OfficeService, Ticket, Visit
from queue_app.models.offline import OfflineAct, OfflineEntry
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.visits.counters import create_counter
from tests.harness.factories import TESTER
from tests.web.found_forms import Form, Page
from tests.web.hostile import encode

SITE = "http://localhost"
# The last part of a form's address, and what it is sent.
KEYS: tuple[tuple[str, dict[str, str]], ...] = (
    ("duduk", {}),
    ("panggil", {}),
    ("panggil-ulang", {}),
    ("panggil-ulang", {}),
    ("lewati", {}),
    ("datang", {}),
    ("panggil", {}),
    ("tunda", {}),
    ("lanjutkan", {}),
    ("mulai", {}),
    ("selesai", {"outcome": "failed_iris"}),
    ("jeda", {}),
    ("lanjut", {}),
)


def open_counters(session: Session, offering: OfficeService, *, keyring: Keyring, now: datetime) -> None:
    """Two of them, and three people who wait; who is skipped once is absent."""
    offering.office.skips_before_absent = 0
    for number in (1, 12):
        own = {"number": number, "service_ids": [offering.service_id]}
        create_counter(session, office_id=offering.office_id, **own, actor=TESTER, now=now)
    for ticket in session.scalars(select(Ticket).where(Ticket.starts_at <= now).order_by(Ticket.id).limit(3)):
        scan = Scan(keyring.ticket_token(ticket.id), offering.office_id, None, f"door-{ticket.id}")
        check_in(session, scan, keyring=keyring, now=now)


def cut_off(office_id: int, staff_id: int, now: datetime) -> OfflineEntry:
    """A scan of the time without a connection that somebody has to decide about."""
    return OfflineEntry(
        nonce="of-the-time-without-a-line",
        office_id=office_id,
        staff_id=staff_id,
        act=OfflineAct.SCAN,
        at=now,
        received_at=now,
        answer="already",
        conflict=True,
    )


def waiting_pages(app: Flask) -> list[str]:
    """Where those who wait may ask for more time."""
    with app.app_context():
        waiting = db.session.scalars(select(Visit.ticket_id).where(Visit.state == VisitState.WAITING)).all()
        return [f"/t/{app.extensions['keyring'].ticket_token(ticket_id)}/waktu" for ticket_id in waiting]


def offered_pages(app: Flask) -> list[str]:
    """Where those of a closed day may accept the place that is held for them."""
    with app.app_context():
        old = select(Ticket.id).join(Offer, Offer.booking_id == Ticket.booking_id).where(Offer.state == OfferState.OPEN)
        tickets = db.session.scalars(old.order_by(Ticket.id)).all()
        return [f"/t/{app.extensions['keyring'].ticket_token(ticket_id)}/terima" for ticket_id in tickets]


def counter_forms(send: Callable[..., TestResponse]) -> list[Form]:
    """All that the page of a counter and the switch for disruptions can show, to one who works at counters."""
    forms: dict[Any, Form] = {}

    def look(address: str) -> dict[str, Form]:
        shown = Page(SITE + address, send("GET", address).text).forms
        for form in shown:
            form.address = form.address.removeprefix(SITE)
            forms.setdefault(form.key, form)
        return {form.address.rpartition("/")[2]: form for form in shown}

    def press(form: Form, **values: str) -> None:
        body = encode(list({**form.filled(), **values}.items()))
        send("POST", form.address, body, "application/x-www-form-urlencoded")

    for key, values in KEYS:
        press(look("/loket/")[key], **values)
    look("/loket/")
    press(look("/loket/gangguan?jenis=device")["gangguan"], until="")
    press(look("/loket/gangguan")["selesai"])
    return list(forms.values())
