"""The door to one's own data: a ticket's address does not open it, and it tells nobody what is behind it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.attempts import DATA_CODE_NETWORK
from queue_app.domain.data_rights import RequestKind, RequestState
from queue_app.models import Booking, DataRequest, OfficeService
from tests.harness.factories import make_applicant, make_booking, slots_of
from tests.harness.fakes import FixedClock
from tests.web.citizen import Citizen, text_of
from tests.web.public.privacy.conftest import TUESDAY, Letters

PERSONAL = ("Siti Wahyuni", "+6281234567890", "siti@contoh.id")
CHANGING = re.compile(r'name="csrf_token"[^>]*>|/t/[\w-]+')


def test_the_address_of_a_ticket_shows_nothing(citizen: Citizen, page: str) -> None:
    for path in (page, f"{page}/salinan/json", f"{page}/salinan/html", f"{page}/perbaiki", f"{page}/hapus"):
        answer = citizen.client.get(path, follow_redirects=True)
        assert answer.status_code == 200
        assert "Buka data saya" in answer.text
        assert not any(word in answer.text for word in PERSONAL)
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_with_the_code_everything_is_there(inside: Citizen, page: str) -> None:
    said = text_of(inside.get(page).text)
    for word in (*PERSONAL, "A-001", "Pasal 20", "Selasa, 24 November 2026"):
        assert word in said
    assert "Data dibuka dengan kode dari kontaknya (pemegang tiket)" in said
    assert not re.search(r"331499\d{10}", said)
    assert not any(word in inside.addresses() for word in (*PERSONAL, "81234567890"))


def test_the_cookie_is_the_ticket_pages_only(citizen: Citizen, page: str, letters: Letters) -> None:
    citizen.post(f"{page}/kode")
    cookie = citizen.post(page, data_code=letters()[0]).headers["Set-Cookie"]
    assert all(rule in cookie for rule in ("HttpOnly", "SameSite=Strict", "Path=/t/", "Max-Age=1800"))


def test_it_closes_after_half_an_hour_and_by_hand(inside: Citizen, page: str, clock: FixedClock) -> None:
    clock.advance(minutes=29)
    assert "Siti Wahyuni" in inside.get(page).text
    clock.advance(minutes=1)
    assert "Siti Wahyuni" not in inside.get(page).text


def test_whoever_leaves_closes_it_on_every_device(app: Flask, inside: Citizen, page: str, clock: FixedClock) -> None:
    key = inside.client.get_cookie("data_door", path="/t/")
    assert key is not None
    inside.post(f"{page}/selesai")
    other = app.test_client()
    other.set_cookie("data_door", key.value, path="/t/")
    assert "Siti Wahyuni" not in other.get(page).text


def test_the_same_words_whether_or_not_there_is_a_contact_a_code_or_a_right_one(
    citizen: Citizen, page: str, session: Session, offering: OfficeService, keyring, letters: Letters
) -> None:
    slot = slots_of(session, offering, TUESDAY)[1]
    bare = make_booking(session, slot.id, make_applicant(), keyring=keyring, phone=None)
    session.commit()
    bare_page = f"/t/{keyring.ticket_token(bare.tickets[0].id)}/data"
    asked, refused = set(), set()
    for path in (page, bare_page):
        refused.add(CHANGING.sub("", citizen.post(path, data_code="0000 0000").text))  # none was sent
        answer = citizen.post(f"{path}/kode")
        asked.add((answer.status_code, CHANGING.sub("", citizen.get(path).text)))
        refused.add(CHANGING.sub("", citizen.post(path, data_code="0000 0000").text))  # of one only
    assert len(asked) == 1
    assert len(refused) == 1
    assert len(letters()) == 1


def test_one_family_one_contact_each_their_own_page(
    citizen: Citizen, session: Session, offering: OfficeService, keyring, letters: Letters
) -> None:
    slot = slots_of(session, offering, TUESDAY)[1]
    family = [make_applicant(name="Siti Wahyuni"), make_applicant(name="Budi Santoso")]
    booking = make_booking(session, slot.id, *family, keyring=keyring, email="siti@contoh.id")
    session.commit()
    pages = [f"/t/{keyring.ticket_token(ticket.id)}/data" for ticket in booking.tickets]
    citizen.post(f"{pages[0]}/kode")
    citizen.post(pages[0], data_code=letters()[0])
    first, second = (citizen.get(page).text for page in pages)
    assert "Siti Wahyuni" in first
    assert "Budi Santoso" not in first
    assert "Budi Santoso" in second


def test_whoever_no_code_reaches_is_answered_by_the_office(citizen: Citizen, page: str, session: Session) -> None:
    assert citizen.post(f"{page}/minta").status_code == 422
    for _ in range(2):
        assert citizen.post(f"{page}/minta", kind="delete").status_code == 303
    session.rollback()
    (request,) = session.scalars(select(DataRequest))
    assert (request.kind, request.state) == (RequestKind.DELETE, RequestState.OPEN)
    assert request.due_at - request.received_at == timedelta(hours=72)
    assert "3 × 24 jam" in text_of(citizen.get(page).text)


def test_guessing_is_slowed_down(citizen: Citizen, page: str) -> None:
    answers = [citizen.post(page, data_code="0000 0000").status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


def test_nobody_has_a_thousand_codes_tried_from_one_address() -> None:
    full_at: int | None = None
    for _ in range(60):
        full_at = DATA_CODE_NETWORK.allowance.taken(full_at, 0)
        assert full_at is not None
    assert DATA_CODE_NETWORK.allowance.taken(full_at, 0) is None


@pytest.mark.parametrize("typed", ["", "x" * 41, "<b>", "１２３４５６７８", "\x00"])
def test_whatever_is_typed_is_answered(citizen: Citizen, page: str, typed: str) -> None:
    assert citizen.post(page, data_code=typed).status_code == 422


def test_it_is_linked_from_the_ticket_even_when_that_is_over(
    citizen: Citizen, page: str, booking: Booking, clock: FixedClock
) -> None:
    for days in (0, 10):
        clock.advance(days=days)
        assert f'href="{page}"' in citizen.get(page.removesuffix("/data")).text


def test_the_notice_names_every_table_and_the_rights(citizen: Citizen) -> None:
    said = text_of(citizen.get("/privasi").text)
    for word in ("90 hari sesudah hari kedatangan terakhir", "Pasal 30, 32, dan 41", "Pasal 46", "Kode “Data saya”"):
        assert word in said
    assert 'href="/privasi"' in citizen.get("/").text
