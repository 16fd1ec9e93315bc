"""Rows that the keys do not open say so, in every list, page, paper, message and search; and break none of them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.adapters.key_file import create_keyring, load_keyring
from queue_app.config import Settings
from queue_app.db import db
from queue_app.domain.keyring import bound_to
from queue_app.domain.roles import Role
from queue_app.jobs.registry import run_job
from queue_app.models import Booking, MessageState, OutboxMessage, Ticket
from queue_app.web.access.api_keys import TICKET_TOKEN
from queue_app.web.access.kiosks import DEVICE_COOKIE
from queue_app.web.printing.receipts import printed_tickets
from tests.harness.at_counters import arrive, officer_at, open_counter
from tests.harness.closing import closed, offers_of
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import NONCE, TOMORROW, Visitor, World
from tests.web.access.test_access_matrix import WHO_MAY
from tests.web.access.test_every_page import ANSWERS, address, things

UNREADABLE = {"id": "tidak terbaca", "en": "unreadable"}
EXPECTED = {**ANSWERS, "health.ready": 503}  # hardly anything opens: these cannot be the keys
# Of the pages that speak of somebody by name, initials, NIK or contact.
NAMES_SOMEBODY = {"public.ticket", "desk.arrivals", "desk.person", "desk.day_snapshot"}
Spoil = Callable[..., None]


@pytest.fixture
def spoil(session: Session, settings: Settings) -> Spoil:
    """Seals everything anew under the keys of another installation; ``spoil("phone")`` only these columns."""
    path = settings.instance / "other.json"
    create_keyring(path)
    strange = load_keyring(path)

    def spoil(*columns: str) -> None:
        session.rollback()
        for booking in session.scalars(select(Booking).execution_options(populate_existing=True)):
            for column in {"phone", "email"} & set(columns or ("phone", "email")):
                if getattr(booking, column):
                    place = bound_to(booking.code, column)
                    setattr(booking, column, strange.seal("+6281234567890", bound_to=place))
            for ticket in booking.tickets:
                for column in {"nik", "name"} & set(columns or ("nik", "name")):
                    if getattr(ticket, column):
                        place = bound_to(booking.code, column, ticket.position)
                        setattr(ticket, column, strange.seal("Siti", bound_to=place))
        session.commit()

    return spoil


@pytest.mark.parametrize("language", UNREADABLE)
def test_every_page_is_there_and_says_so(app: Flask, world: World, spoil: Spoil, language: str) -> None:
    named: dict[str, Any] = things(app, world)
    spoil()
    odd, silent = [], set(NAMES_SOMEBODY)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        visitor = Visitor(app.test_client())
        visitor.client.set_cookie("lang", language)
        allowed = WHO_MAY[rule.endpoint]
        roles = [role for role in Role if role in allowed]
        if roles and None not in allowed:
            visitor.sign_in(world, world.staff(roles[0], world.here, world.there))
        visitor.client.set_cookie(DEVICE_COOKIE, named["kiosk"], path="/kiosk")
        answer = visitor.get(address(app, rule, named), headers={TICKET_TOKEN: named["token"]})
        if answer.status_code != EXPECTED.get(rule.endpoint, 200):
            odd.append(f"{rule.endpoint}: {answer.status_code}")
        if UNREADABLE[language].encode() in answer.data:
            silent.discard(rule.endpoint)
    assert not odd, odd
    assert not silent, silent


def test_the_person_is_found_shown_and_mended(desk: Visitor, world: World, spoil: Spoil) -> None:
    _today, booking = world.book(), world.book(TOMORROW)
    spoil()
    page = f"/meja/orang/{booking.tickets[0].id}"
    assert "tidak terbaca" in desk.post(f"{page}/kontak", {"untuk": "reach"}).text
    assert "tidak terbaca" in desk.get(f"{page}/batal").text
    assert 'value="tidak terbaca"' not in desk.get(f"{page}/perbaiki").text, "nothing is saved by mistake"
    for typed in ("Siti Wahyuni", "0812 3456 7890", "tidak terbaca"):
        answer = desk.post("/meja/cari", {"q": typed})
        assert answer.status_code == 200
        assert "Data 2 orang tidak terbaca, jadi tidak ikut dicari" in answer.text
    assert desk.post("/meja/cari", {"q": booking.code}).location == page
    assert desk.post(f"{page}/perbaiki", {"name": "Siti Rahayu", "phone": "081234567891"}).status_code == 303
    assert "Siti Rahayu" in desk.get(page).text
    assert desk.post("/meja/cari", {"q": "0812-3456-7891"}).text.count("ticket-line__link") == 1


def test_the_person_is_scanned_in_and_listed(desk: Visitor, world: World, spoil: Spoil) -> None:
    booking = world.book()
    booking.code = "7KX92MQA"  # begins with neither of the letters that are looked for
    world.session.commit()
    spoil()
    scanned = desk.post_json("/meja/pindai", {"code": booking.code, "nonce": NONCE})
    assert (scanned.status_code, scanned.json["persons"][0]["name"]) == (200, "tidak terbaca")
    assert not scanned.json["persons"][0]["identity_url"], "there is nothing to compare"
    for search in ("?cari=T", "?cari=S"):
        assert f'id="baris-{booking.tickets[0].id}"' not in desk.get(f"/meja/kedatangan{search}").text
    assert "tidak terbaca" in desk.get("/meja/kedatangan").text


def test_what_needs_the_data_is_refused_with_words(desk: Visitor, world: World, spoil: Spoil) -> None:
    booking = world.book(TOMORROW)
    page = f"/meja/orang/{booking.tickets[0].id}"
    assert desk.post(f"{page}/batal", {"reason": "minta sendiri"}).status_code == 303
    for columns in (("nik",), ("name",), ("phone",)):
        spoil(*columns)
        form = desk.get(f"{page}/pesan-ulang").text
        hour = re.search(r'name="when"[^>]*value="([^"]+)"', form).group(1)
        answer = desk.post(f"{page}/pesan-ulang", {"when": hour, "nonce": NONCE})
        assert answer.status_code == 409
        assert "Data orang ini tidak terbaca" in answer.text
    assert world.afresh().scalar(select(func.count(Booking.id))) == 1


def test_calls_name_nobody_and_lead_nowhere(desk: Visitor, world: World, spoil: Spoil) -> None:
    world.book(TOMORROW)
    closure = closed(world.afresh(), world.offering, TOMORROW, now=MONDAY_MORNING)
    (offer,) = offers_of(world.session, closure)
    offer_id = offer.id
    spoil()
    assert "tidak terbaca" in desk.get(f"/meja/telepon/{closure.id}").text
    shown = desk.post(f"/meja/telepon/{offer_id}/nomor")
    assert "Nomor HP orangnya tidak terbaca" in shown.text
    assert "tel:" not in shown.text


def test_counters_show_it_and_ask_for_no_comparison(visitor: Visitor, world: World, spoil: Spoil) -> None:
    counter = open_counter(world)
    arrive(world)
    spoil()
    officer = officer_at(world, visitor, counter)
    officer.presses("p")
    page = officer.look()
    assert "tidak terbaca" in page
    assert "Identitas belum diperiksa" in page
    assert "counter__identity" not in page


def test_messages_go_out_as_far_as_they_can(app: Flask, world: World, spoil: Spoil, settings: Settings) -> None:
    """With initials that cannot be read they say so; without any address they wait, and hold up no other."""
    named, silent = world.book(TOMORROW), world.book(TOMORROW, hour=13)
    spoil("name", "nik")
    session = world.afresh()
    session.get_one(Booking, silent.id).phone = b"\x01" + b"altered" * 8
    session.commit()
    assert run_job(app, "send-outbox") == 1
    states = {row.booking_id: (row.state, row.id) for row in world.afresh().scalars(select(OutboxMessage))}
    assert states[named.id][0] is MessageState.SENT
    assert states[silent.id][0] is MessageState.QUEUED
    assert "(tidak terbaca)" in (settings.outbox_folder / f"{states[named.id][1]}.txt").read_text()
    spoil("phone")
    administrator = Visitor(app.test_client()).sign_in(world, world.staff(Role.ADMINISTRATOR))
    page = administrator.get(f"/admin/pesan/{states[named.id][1]}")
    assert (page.status_code, "wa.me" in page.text) == (200, False)
    assert "Nomor HP orangnya tidak terbaca" in page.text


@pytest.mark.parametrize("language", UNREADABLE)
def test_papers_say_it_in_the_language_of_the_booking(app: Flask, world: World, spoil: Spoil, language: str) -> None:
    booking = world.book(TOMORROW)
    booking.language = language
    world.session.commit()
    spoil()
    with app.test_request_context():
        tickets = db.session().scalars(select(Ticket).where(Ticket.booking_id == booking.id)).all()
        (printed,) = printed_tickets(tickets)
    assert printed.person == UNREADABLE[language]


def test_a_code_without_a_readable_phone_opens_nothing(visitor: Visitor, world: World, spoil: Spoil) -> None:
    booking = world.book(TOMORROW)
    right = {"code": booking.code, "phone": "0812 3456 7890"}
    assert visitor.post("/tiket-saya", right).status_code == 303
    wrong = visitor.post("/tiket-saya", {**right, "phone": "0812 3456 7899"}).status_code
    spoil()
    assert visitor.post("/tiket-saya", right).status_code == wrong
