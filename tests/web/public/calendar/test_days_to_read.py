"""The days can be seen before anything is typed: only to read, and cheaply, for many look at once."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.models import OfficeService
from queue_app.web.booking.recent_days import RECENT_DAYS
from tests.harness.factories import make_offering, make_service, slots_of
from tests.harness.fakes import MONDAY_MORNING
from tests.web.citizen import Citizen, slots_on, text_of

PATH = "/sragen/ktp-rekam/hari"
SERVICE = "/sragen/ktp-rekam"


@pytest.fixture
def looked(app: Flask) -> Iterator[list[str]]:
    """The statements that ask for days, of all requests."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM service_day" in statement:
            asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("offering")
def test_the_service_names_the_nearest_day_and_leads_to_all(client: FlaskClient) -> None:
    page = client.get(SERVICE).text
    assert "Hari terdekat yang masih ada tempat: Selasa, 24 November 2026" in text_of(page)
    assert f'href="{PATH}">Lihat hari yang masih ada tempat' in page


def test_the_nearest_day_is_the_first_with_room(client: FlaskClient, session: Session, offering: OfficeService) -> None:
    for day in range(24, 28):
        for slot in slots_of(session, offering, date(2026, 11, day)):
            slot.booked = slot.capacity
    session.commit()
    assert "Hari terdekat yang masih ada tempat: Senin, 30 November 2026" in text_of(client.get(SERVICE).text)
    assert "Selasa, 24 November 2026 Penuh" in text_of(client.get(PATH).text)


@pytest.mark.usefixtures("offering")
def test_the_days_are_only_to_read_and_the_way_goes_on_to_the_details(client: FlaskClient) -> None:
    page = client.get(PATH).text
    assert "Selasa, 24 November 2026 4 tempat" in text_of(page)
    assert "Senin, 23 November 2026 Pemesanan sudah ditutup" in text_of(page)
    assert slots_on(page) == {}
    assert "hari=" not in page
    assert f'href="{PATH}?mulai=2026-12-09"' in page
    assert f'href="{SERVICE}/data"' in page
    assert f'href="{SERVICE}/sudah-rekam"' in page
    later = text_of(client.get(f"{PATH}?mulai=2026-12-28").text)
    assert "Senin, 28 Desember 2026 Dibuka Sabtu, 28 November 2026 pukul 07.00" in later
    for odd in ("?mulai=gestern", "?mulai=9999-12-31", "?mulai=0001-01-01"):
        assert client.get(PATH + odd).status_code == 200


def test_a_service_that_asks_nothing_first_has_one_way_on(
    client: FlaskClient, session: Session, offering: OfficeService
) -> None:
    offering.service.asks_recorded_before = False
    session.commit()
    assert "Mulai pesan jadwal" in client.get(PATH).text


def test_who_chooses_reads_with_the_others(app: Flask, citizen: Citizen, looked: list[str]) -> None:
    app.extensions[RECENT_DAYS].now = lambda: 1000.0
    citizen.give_details()
    citizen.days()
    looked.clear()
    for query in ("", "?hari=2026-11-25", "?hari=2026-11-26", "?mulai=2026-12-09"):
        assert citizen.days(query).status_code == 200
    assert not looked


@pytest.mark.usefixtures("offering")
def test_all_of_these_pages_read_the_days_once_a_second(app: Flask, client: FlaskClient, looked: list[str]) -> None:
    client.get(PATH)  # makes what is missing of today
    app.extensions[RECENT_DAYS].now = lambda: 1000.0
    looked.clear()
    for path in (PATH, SERVICE, f"{PATH}?mulai=2026-12-09", f"{PATH}?lang=en", f"{SERVICE}?lang=en"):
        assert client.get(path).status_code == 200
    assert len(looked) == 1
    app.extensions[RECENT_DAYS].now = lambda: 1001.0
    client.get(PATH)
    assert len(looked) == 2


def test_a_service_without_hours_is_not_called_full(
    client: FlaskClient, session: Session, offering: OfficeService
) -> None:
    make_offering(session, offering.office, make_service(session, "KK_BARU"), now=MONDAY_MORNING, letter="K", hours=())
    session.commit()
    for path in ("/sragen/kk-baru", "/sragen/kk-baru/hari"):
        page = text_of(client.get(path).text)
        assert "Jadwal layanan ini belum dibuka. Belum ada hari yang dapat dipesan." in page, path
        assert "Semua tempat sudah terisi." not in page, path
