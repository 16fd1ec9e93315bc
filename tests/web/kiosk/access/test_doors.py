"""Who is let in at the kiosk, and that nobody gets out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from queue_app.domain.roles import Role
from queue_app.models import Booking, Device
from queue_app.services.access import kiosks
from queue_app.web.access.kiosks import DEVICE_COOKIE
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.factories import TESTER, make_nik
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import World
from tests.web.kiosk.touch import ENROL, NUMBER, OUTCOME, SERVICES, START, TICKET, Kiosk, new_kiosk


def test_a_code_makes_a_kiosk_and_logs_out_who_set_it_up(client: FlaskClient, world: World) -> None:
    setting_up = Kiosk(client).sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert client.get(START).location == ENROL
    code = new_kiosk(world)[1]
    wrong = setting_up.send(ENROL, code="0000-0000")
    assert wrong.status_code == 422
    assert "Minta kode baru" in wrong.text
    hidden = Kiosk(client).hidden(ENROL)
    done = client.post(ENROL, data={**hidden, "code": code})
    (cookie,) = (one for one in done.headers.getlist("Set-Cookie") if one.startswith(f"{DEVICE_COOKIE}="))
    assert {"HttpOnly", "SameSite=Strict", "Path=/kiosk", "Max-Age=31536000"} <= set(cookie.split("; "))
    assert "Ambil nomor antrean" in client.get(done.location).text
    assert client.get_cookie(STAFF_COOKIE) is None
    assert client.get("/kiosk/gemolong").location == "/kiosk/gemolong/daftar"
    assert client.get("/kiosk/nowhere/daftar").status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_codes_are_not_guessed(client: FlaskClient, world: World) -> None:
    code = new_kiosk(world)[1]
    hidden = Kiosk(client).hidden(ENROL)
    tries = [client.post(ENROL, data={**hidden, "code": typed}).status_code for typed in [*["0000-0000"] * 10, code]]
    assert tries == [422] * 10 + [429]


def test_locked_out_at_the_next_touch(kiosk: Kiosk, world: World, device_id: int) -> None:
    hidden = kiosk.hidden(NUMBER)
    session = world.afresh()
    kiosks.lock(
        session, device_id, office_id=world.here.id, reason="Perangkat hilang", actor=TESTER, now=MONDAY_MORNING
    )
    session.commit()
    answer = kiosk.client.post(NUMBER, data={**hidden, "nik": make_nik().digits})
    assert answer.location == ENROL
    for path in (START, TICKET, NUMBER, OUTCOME):
        assert kiosk.get(path).location == ENROL
    assert world.afresh().scalar(select(func.count(Booking.id))) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_link_leads_out_and_every_page_returns_without_scripts(kiosk: Kiosk, world: World, app: Flask) -> None:
    pages = [kiosk.get(path).text for path in (START, TICKET, SERVICES, NUMBER, ENROL)]
    pages.append(kiosk.send(TICKET, code=world.token(world.book())).text)
    pages.append(kiosk.send(NUMBER, nik=make_nik().digits).text)
    pages.append(kiosk.client.post(TICKET, data={"code": "x"}).text)  # a form that grew too old
    assert "Mulai lagi dari halaman awal" in pages[-1]
    for page in pages:
        body = page[page.index("<body") :]
        leads = re.findall(r'(?:href|action)="([^"]*)"', body)
        assert all(lead.startswith("/kiosk/sragen") for lead in leads), leads
        if "Daftarkan kios ini" not in page:
            assert '<noscript><meta http-equiv="refresh"' in page


def test_the_kiosk_is_seen(kiosk: Kiosk, world: World, clock: FixedClock, device_id: int) -> None:
    later = clock.advance(hours=1)
    kiosk.get(START)
    assert later - world.afresh().get_one(Device, device_id).last_seen_at < timedelta(seconds=1)


@pytest.mark.parametrize(("back", "shown"), [(30, True), (3600, False)])
def test_after_a_clock_was_set_back_no_result_stays_for_the_next(
    kiosk: Kiosk, world: World, clock: FixedClock, back: int, shown: bool
) -> None:
    kiosk.send(NUMBER, nik=make_nik().digits)
    clock.advance(seconds=-back)
    answer = kiosk.get(OUTCOME)
    assert (answer.status_code == 200) == shown
