"""Finding a ticket by code and phone number: slow for guessers, the same answer for every wrong pair."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.domain.errors import TooManyAttempts
from queue_app.models import Booking
from queue_app.web.access.attempts import ProcessAttempts, count_look_up
from tests.web.citizen import PHONE, Citizen

WRONG = "tidak cocok"


@pytest.fixture
def ticket(citizen: Citizen) -> str:
    return citizen.book()


@pytest.fixture
def code(session: Session, ticket: str) -> str:
    return session.scalars(select(Booking.code)).one()


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What the database is asked while the block runs."""
    heard: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    yield heard
    event.remove(engine, "before_cursor_execute", listen)


def test_code_and_phone_open_the_ticket_however_they_are_typed(citizen: Citizen, ticket: str, code: str) -> None:
    typed = f" {code[:4].lower()} - {code[4:].replace('0', 'o').replace('1', 'l')} "
    for phone in (f"0{PHONE}", f"+62 {PHONE}", f"62-{PHONE}"):
        answer = citizen.post("/tiket-saya", code=typed, phone=phone)
        assert (answer.status_code, answer.location) == (303, ticket)
    assert PHONE not in citizen.addresses()


@pytest.mark.parametrize("dash", ["-", ".", " ", "\u2010", "\u2011", "\u2013", "\u2014"])
def test_whatever_a_telephone_makes_of_the_dash(citizen: Citizen, ticket: str, code: str, dash: str) -> None:
    typed = f"{code[:4]}{dash}{code[4:]}"
    assert citizen.post("/tiket-saya", code=typed, phone=f"0{PHONE}").location == ticket


@pytest.mark.parametrize("typed", ["A-001", "a001", "A 1", "001", "24"])
def test_who_types_the_queue_number_is_told_which_one_is_meant(citizen: Citizen, ticket: str, typed: str) -> None:
    answer = citizen.post("/tiket-saya", code=typed, phone=f"0{PHONE}")
    assert answer.status_code == 422
    assert "Itu nomor antrean. Tulis kode pemesanan" in answer.text


def test_the_newest_ticket_is_opened(citizen: Citizen, ticket: str, code: str) -> None:
    page = citizen.get(f"{ticket}/ubah?hari=2026-11-26").text
    moved = citizen.post(f"{ticket}/ubah", slot_id=page.split('id="slot_id"')[1].split('value="')[1].split('"')[0])
    assert citizen.post("/tiket-saya", code=code, phone=f"0{PHONE}").location == moved.location


def test_every_wrong_pair_gets_the_same_answer_for_the_same_work(app: Flask, citizen: Citizen, code: str) -> None:
    pairs = {
        "wrong phone": (code, "081211112222"),
        "wrong code": ("ZZZZZZZZ", f"0{PHONE}"),
        "no code at all": ("Siti", f"0{PHONE}"),
        "no phone at all": (code, "hallo"),
        "both wrong": ("22222222", "081211112222"),
    }
    seen = set()
    for typed, phone in pairs.values():
        with statements(app) as heard:
            answer = citizen.post("/tiket-saya", code=typed, phone=phone)
        page = answer.text.replace(typed, "CODE").replace(phone, "PHONE")
        page = page.split("csrf_token")[0] + page.split("csrf_token")[-1].split(">", 1)[1]
        assert answer.status_code == 422
        assert WRONG in page
        seen.add((page, tuple(heard)))
    assert len(seen) == 1


@pytest.mark.parametrize(("code", "phone"), [("", "0812"), ("7KX9", ""), ("x" * 41, "0812"), ("\0", "\0")])
def test_what_is_missing_is_named(citizen: Citizen, code: str, phone: str) -> None:
    answer = citizen.post("/tiket-saya", code=code, phone=phone)
    assert answer.status_code == 422
    assert "<title>Kesalahan: Tiket saya" in answer.text


def test_who_tries_too_often_waits(citizen: Citizen) -> None:
    for number in range(10, 70):
        assert citizen.post("/tiket-saya", code=f"222222{number}", phone="0812111122").status_code == 422
    answer = citizen.post("/tiket-saya", code="33333333", phone="0812111122")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    assert "Terlalu banyak percobaan" in answer.text


def waits(attempts: ProcessAttempts, address: str | None, code: str = "") -> int:
    """Seconds; 0 for an attempt that is let through."""
    try:
        count_look_up(attempts, address, code)
    except TooManyAttempts as refusal:
        return refusal.details["retry_after"]
    return 0


def test_one_code_is_protected_against_many_addresses() -> None:
    attempts = ProcessAttempts(clock=lambda: 0)
    assert [waits(attempts, f"10.0.0.{number}", "7KX92MQA") for number in range(11)] == [0] * 10 + [360]
    assert waits(attempts, "10.0.0.200", "AAAAAAAA") == 0


def test_a_household_is_one_address() -> None:
    attempts = ProcessAttempts(clock=lambda: 0)
    assert [waits(attempts, f"2001:db8::{number}") for number in range(61)] == [0] * 60 + [10]
    assert waits(attempts, "2001:db8:0:1::1") == 0
    assert waits(attempts, None) == 0
    assert waits(attempts, "::ffff:192.0.2.1") == waits(attempts, "::ffff:192.0.2.2") == 0


def test_a_process_remembers_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queue_app.web.access.attempts.MOST_COUNTED", 100)
    attempts = ProcessAttempts(clock=lambda: 0)
    for _ in range(10):
        assert waits(attempts, "10.0.9.9", "7KX92MQA") == 0
    for number in range(1000):
        waits(attempts, f"10.1.{number // 250}.{number % 250}")
        assert len(attempts._full_at) <= 101
    assert waits(attempts, "10.0.9.9", "7KX92MQA"), "whoever has tried most is forgotten last"
