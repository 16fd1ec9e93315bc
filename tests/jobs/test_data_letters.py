"""Letters about people's own data: short, in both languages, with nobody's name, and void once they are."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.breaches import BreachedData
from queue_app.domain.roles import Actor
from queue_app.domain.tickets import show_code
from queue_app.jobs.registry import run_job
from queue_app.models import Booking
from queue_app.services.privacy import breaches
from queue_app.services.privacy.proof import send_data_code, try_code
from tests.harness.fakes import THURSDAY, FixedClock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Letters = Callable[[str], list[str]]


@pytest.fixture
def letters(app: Flask, session: Session) -> Letters:
    """Of one kind, after sending what is due."""

    def sent(kind: str) -> list[str]:
        session.commit()
        run_job(app, "tell-of-breaches")
        run_job(app, "send-outbox")
        folder = app.extensions["settings"].outbox_folder
        texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.txt")]
        return [text for text in texts if f"Kind: {kind}" in text]

    return sent


def assert_discreet(letter: str, booking: Booking, keyring: FileKeyring) -> None:
    assert show_code(booking.code) in letter
    assert f"/t/{keyring.ticket_token(booking.tickets[0].id)}/data" in letter
    assert len(letter) < 1500
    assert not re.search(r"Wahyuni|3314|81234567890|[{}<>]|&#|None", letter)


@pytest.mark.parametrize(("language", "subject"), [("id", "Kode untuk melihat data"), ("en", "Code for seeing")])
def test_the_code(
    session: Session, book, keyring: FileKeyring, clock: FixedClock, letters: Letters, language: str, subject: str
) -> None:
    booking = book(language=language, persons=2, email="siti@contoh.id")
    send_data_code(session, booking, now=clock.now())
    (letter,) = letters("data_code")
    assert_discreet(letter, booking, keyring)
    assert f"Subject: {subject}" in letter
    assert len(re.findall(r"^\d{4} \d{4}$", letter, re.M)) == 1


def test_a_code_that_was_used_or_has_expired_is_not_sent(
    session: Session, book, keyring: FileKeyring, clock: FixedClock, letters: Letters
) -> None:
    booking = book(email="siti@contoh.id")
    send_data_code(session, booking, now=clock.now())
    assert try_code(session, booking, "0", keyring=keyring, now=clock.now()) is None
    clock.advance(minutes=30)
    assert letters("data_code") == []


@pytest.mark.parametrize(("language", "said"), [("id", "Daftar tertinggal."), ("en", "A list was left behind.")])
def test_a_breach(
    session: Session, book, keyring: FileKeyring, clock: FixedClock, letters: Letters, language: str, said: str
) -> None:
    booking = book(language=language, email="siti@contoh.id")
    by = {"office_id": booking.tickets[0].office_id, "actor": Actor.staff(1), "now": clock.now()}
    texts = {"happened": "Tertinggal", "notice_id": "Daftar tertinggal.", "notice_en": "A list was left behind."}
    days = {"first_day": THURSDAY, "last_day": THURSDAY, "noticed_at": clock.now()}
    facts = breaches.BreachFacts(data=(BreachedData.NAME,), services=(), **texts, **days)
    breaches.tell(session, breaches.record_breach(session, facts, **by).id, **by)
    (letter,) = letters("breach")
    assert_discreet(letter, booking, keyring)
    assert said in letter
    assert letters("breach") == [letter]
