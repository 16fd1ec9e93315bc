"""A citizen's whole way while others go it too: what is the same for all is read, and made, once in a second."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.models import OfficeService
from queue_app.web.site.templates import PIECES
from tests.harness.forgetting import OF_PAGES
from tests.web.citizen import DETAILS, NIK, PHONE, SERVICE, hidden, slots_on

pytestmark = pytest.mark.offering(capacity=4)
OFFICE = "/sragen"
ANOTHER = {**DETAILS, "name": "Budi Santoso", "nik": "3314 9917 0305 0002"}


@pytest.fixture
def second(app: Flask) -> list[float]:
    """The clock of what is kept for a second."""
    at = [0.0]
    for layer in OF_PAGES:
        app.extensions[layer].now = lambda: at[0]
    return at


@pytest.fixture
def sent(app: Flask) -> Iterator[list[str]]:
    """The statements that pages send. Those of the claim go past the engine, and have tests of their own."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement != "BEGIN":
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def walk(client: FlaskClient, sent: list[str], details: dict[str, str]) -> tuple[dict[str, int], str]:
    """How many statements each page of the way sent, and the ticket's address."""
    counts: dict[str, int] = {}

    def get(step: str, address: str) -> str:
        sent.clear()
        answer = client.get(address)
        assert answer.status_code == 200, (step, answer.text)
        counts[step] = len(sent)
        return answer.text

    def post(step: str, address: str, form: dict[str, str]) -> str:
        sent.clear()
        answer = client.post(address, data=form)
        assert answer.status_code == 303, (step, answer.text)
        counts[step] = len(sent)
        return answer.location

    get("office", OFFICE)
    get("service", SERVICE)
    token = hidden(get("form", f"{SERVICE}/data"), "csrf_token")
    choice = post("details sent", f"{SERVICE}/data", {"csrf_token": token, **details})
    page = get("hours", first_day(get("days", choice)))
    form = {name: hidden(page, name) for name in ("csrf_token", "offering", "request_key", "details")}
    ticket = post("place taken", "/bookings", {**form, "slot_id": str(min(slots_on(page)))})
    get("ticket", ticket)
    return counts, ticket


def first_day(page: str) -> str:
    found = re.search(r'href="([^"]*/pilih\?hari=[^"]*)"', page)
    assert found
    return unescape(found[1])


def test_who_goes_the_way_behind_others_asks_the_database_for_nothing_but_the_ticket(
    app: Flask, offering: OfficeService, second: list[float], sent: list[str]
) -> None:
    walk(app.test_client(), sent, DETAILS)
    counts, _ticket = walk(app.test_client(), sent, ANOTHER)
    ticket = counts.pop("ticket")  # with its booking, those of the same booking, whether a closure took its place
    assert (set(counts.values()), ticket) == ({0}, 3), counts


def test_who_goes_first_reads_the_service_and_its_days_once(
    app: Flask, offering: OfficeService, second: list[float], sent: list[str]
) -> None:
    counts, _ticket = walk(app.test_client(), sent, DETAILS)
    # Three of them for the head of all pages, what is closed and what is announced, once in five seconds.
    assert sum(counts.values()) <= 14, counts


def test_a_service_is_shown_as_it_was_a_second_ago_at_most(
    client: FlaskClient, session: Session, offering: OfficeService, second: list[float]
) -> None:
    path = f"{SERVICE}/data"
    assert "Fotokopi KK" in client.get(path).text
    session.get_one(OfficeService, offering.id).requirements_id = "Kartu Keluarga asli"
    session.commit()
    second[0] = 0.9
    assert "Kartu Keluarga asli" not in client.get(path).text
    second[0] = 1.0
    assert "Kartu Keluarga asli" in client.get(path).text


def test_a_service_that_is_no_longer_given_has_no_page_a_second_later(
    client: FlaskClient, session: Session, offering: OfficeService, second: list[float]
) -> None:
    assert client.get(f"{SERVICE}/data").status_code == 200
    session.get_one(OfficeService, offering.id).active = False
    session.commit()
    second[0] = 1.0
    assert client.get(f"{SERVICE}/data").status_code == 404


def test_places_that_went_are_gone_from_pages_made_of_kept_pieces(
    app: Flask, offering: OfficeService, sent: list[str]
) -> None:
    """No time has to pass: a piece is kept under everything that it shows."""
    reader = app.test_client()
    page = reader.get(f"{SERVICE}/data").text
    reader.post(f"{SERVICE}/data", data={"csrf_token": hidden(page, "csrf_token"), **ANOTHER})
    day = first_day(reader.get(f"{SERVICE}/pilih").text)
    assert ("· 4 tempat" in reader.get(day).text, "· 3 tempat" in reader.get(day).text) == (True, False)
    walk(app.test_client(), sent, DETAILS)
    assert "· 3 tempat" in reader.get(day).text


def test_no_kept_piece_tells_of_anybody(app: Flask, offering: OfficeService, sent: list[str]) -> None:
    client = app.test_client()
    _counts, ticket = walk(client, sent, DETAILS)
    pages = ("", "/ubah", "/batal", "/cetak", "/data")
    for page in (*(ticket + page for page in pages), f"{SERVICE}/data?baru=1", "/tiket-saya"):
        assert client.get(page).status_code in {200, 303}
    kept = repr(app.extensions[PIECES]._values)
    assert "Masuk petugas" in kept
    assert "4 tempat" in kept
    for secret in (ticket.removeprefix("/t/"), NIK, PHONE, "Siti", DETAILS["nik"], DETAILS["email"], "csrf_token"):
        assert secret not in kept


def test_pieces_are_of_one_language(client: FlaskClient, offering: OfficeService) -> None:
    for language, said, other in (("id", "Nama lengkap", "Full name"), ("en", "Full name", "Nama lengkap")) * 2:
        client.set_cookie("lang", language)
        page = client.get(f"{SERVICE}/data").text
        assert (said in page, other in page) == (True, False)
