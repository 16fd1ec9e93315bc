"""Somebody with a ticket, and the one-time code that reaches them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.jobs.registry import run_job
from queue_app.models import Booking, OfficeService
from tests.harness.factories import make_applicant, make_booking, slots_of
from tests.web.citizen import Citizen

TUESDAY = date(2026, 11, 24)
Letters = Callable[[], list[str]]


@pytest.fixture
def booking(session: Session, offering: OfficeService, keyring: FileKeyring) -> Booking:
    """Tuesday at eight, with a telephone number and an email address."""
    slot = slots_of(session, offering, TUESDAY)[0]
    booking = make_booking(session, slot.id, make_applicant(), keyring=keyring, email="siti@contoh.id")
    session.commit()
    return booking


@pytest.fixture
def page(booking: Booking, keyring: FileKeyring) -> str:
    return f"/t/{keyring.ticket_token(booking.tickets[0].id)}/data"


@pytest.fixture
def letters(app: Flask) -> Letters:
    """The codes that were sent, after sending what is due."""

    def sent() -> list[str]:
        run_job(app, "send-outbox")
        folder = app.extensions["settings"].outbox_folder
        texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
        return [found[1] for text in texts if (found := re.search(r"^(\d{4} \d{4})$", text, re.M))]

    return sent


@pytest.fixture
def inside(citizen: Citizen, page: str, letters: Letters) -> Citizen:
    """Has asked for the code, read it and typed it."""
    citizen.post(f"{page}/kode")
    (code,) = letters()
    assert citizen.post(page, data_code=code).status_code == 303
    return citizen
