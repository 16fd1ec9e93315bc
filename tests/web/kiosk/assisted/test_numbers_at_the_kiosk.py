"""Numbers without an appointment, checking in, and nothing left for the next person."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import Share
from queue_app.domain.clock import office_instant
from queue_app.domain.errors import NotFound
from queue_app.domain.priority import Channel, Priority
from queue_app.models import CheckIn, Device, Printer, Restoration, Slot, Ticket, Visit
from queue_app.web.kiosk import printing
from tests.harness.factories import make_nik
from tests.harness.fakes import FixedClock
from tests.harness.office import TODAY, TOMORROW, World
from tests.web.citizen import text_of
from tests.web.kiosk.touch import NUMBER, OUTCOME, SERVICES, START, TICKET, Kiosk


def test_a_number_without_an_appointment(kiosk: Kiosk, world: World, device_id: int) -> None:
    nik = make_nik()
    assert "4 nomor tersisa" in text_of(kiosk.get(SERVICES).text)
    page = kiosk.send(NUMBER, nik=nik.digits, priority="y")
    words = text_of(page.text)
    world.afresh()
    ticket = world.session.scalars(select(Ticket).where(Ticket.walk_in)).one()
    number = f"{ticket.letter}-{ticket.queue_number:03d}"
    assert f"Nomor antrean Anda {number}" in words
    assert "Sampaikan ke meja depan" in words
    assert "Catat nomor ini" in words
    assert world.keyring.ticket_token(ticket.id) not in page.text  # it stands in the QR code only
    assert "<svg" in page.text
    assert nik.digits not in page.text
    assert (ticket.state, ticket.priority, ticket.name) == (TicketState.CHECKED_IN, Priority.VULNERABLE, None)
    assert (ticket.booking.channel, ticket.booking.phone) == (Channel.KIOSK, None)
    assert world.session.get_one(Visit, ticket.id)
    assert world.session.scalars(select(CheckIn)).one().device_id == device_id
    assert page.headers["Cache-Control"] == "no-store"
    # The next person: nothing of it is left, whichever page the browser goes back to.
    kiosk.get(START)
    assert kiosk.get(OUTCOME).location == START
    again = text_of(kiosk.send(NUMBER, nik=nik.digits).text)
    assert "NIK ini sudah punya tiket" in again
    assert "meja depan" in again


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_nik_to_be_corrected_comes_back_once_and_in_no_address(kiosk: Kiosk, clock: FixedClock) -> None:
    hidden = kiosk.hidden(NUMBER)
    for typed, said in (("3314990101", "yang tertulis 10 angka"), ("3314993913900001", "tanggal lahir")):
        answer = kiosk.client.post(NUMBER, data={**hidden, "nik": typed})
        assert (answer.status_code, answer.location) == (303, NUMBER)
        assert typed not in str(answer.headers)
        page = kiosk.get(NUMBER).text
        assert f'value="{typed}"' in page
        assert said in page
        assert "<title>Kesalahan:" in page
        assert typed not in kiosk.get(NUMBER).text
    kiosk.client.post(NUMBER, data={**hidden, "nik": "3314990101"})
    clock.advance(minutes=2, seconds=1)
    assert "3314990101" not in kiosk.get(NUMBER).text
    kiosk.client.post(NUMBER, data={**hidden, "nik": "3314990101"})
    kiosk.get(START)
    assert "3314990101" not in kiosk.get(NUMBER).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_service_without_places_says_why(kiosk: Kiosk, world: World, clock: FixedClock) -> None:
    def said() -> str:
        world.session.commit()
        return text_of(kiosk.get(SERVICES).text)

    world.afresh()
    world.offering.releases_at = time(10, 0)
    assert "Mulai pukul 10.00 WIB" in said()
    assert kiosk.get(NUMBER).location == SERVICES
    world.offering.releases_at, world.offering.walk_ins_per_day = time(8, 0), 0
    assert "Habis untuk hari ini" in said()
    world.offering.walk_ins_per_day = 20
    for slot in world.session.scalars(select(Slot).where(Slot.office_id == world.here.id, Slot.day == TODAY)):
        slot.share = Share.PRIORITY
    world.offering.releases_at = time(10, 0)
    assert "khusus lansia" in said()
    assert "khusus lansia" in kiosk.get(NUMBER).text
    clock.set(office_instant(TODAY, time(15, 0), "Asia/Jakarta"))
    assert "Tutup" in said()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_comes_too_late_for_the_last_place_is_sent_to_the_desk(kiosk: Kiosk, world: World) -> None:
    hidden = kiosk.hidden(NUMBER)
    world.afresh()
    for slot in world.session.scalars(select(Slot).where(Slot.day == TODAY)):
        slot.planned = slot.capacity = 0
    world.session.commit()
    answer = kiosk.client.post(NUMBER, data={**hidden, "nik": make_nik().digits}, follow_redirects=True)
    assert "Nomor untuk layanan ini baru saja habis" in answer.text
    assert "meja depan" in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("outcome", "said"), [(True, "Ambil tiket Anda di printer."), (False, "Tiket tidak tercetak. Catat nomor ini")]
)
def test_printing(
    kiosk: Kiosk, world: World, device_id: int, monkeypatch: pytest.MonkeyPatch, outcome: bool, said: str
) -> None:
    asked = []

    def print_booking(booking_id: int, **where: object) -> object:
        asked.append(where)
        if not outcome:
            raise NotFound()
        return type("Job", (), {"state": printing.PrintState.SENT})

    world.afresh()
    printer = Printer(office_id=world.here.id, name="Kios", host="192.0.2.7")
    world.session.add(printer)
    world.session.flush()
    world.session.get_one(Device, device_id).printer_id = printer.id
    world.session.commit()
    monkeypatch.setattr(printing, "print_booking", print_booking)
    assert said in text_of(kiosk.send(NUMBER, nik=make_nik().digits).text)
    (where,) = asked
    assert (where["office_id"], where["printer_id"]) == (world.here.id, printer.id)


def test_checking_in_with_a_ticket(kiosk: Kiosk, world: World, clock: FixedClock, device_id: int) -> None:
    booked, late, early = world.book(hour=9), world.book(hour=8), world.book(hour=13)
    other_day, elsewhere = world.book(TOMORROW), world.book(offering=world.offering_there)
    clock.advance(minutes=31)
    for code, said in (
        (world.token(booked), "Anda sudah tercatat hadir A-"),
        (booked.code.lower(), "Anda sudah tercatat hadir tadi"),
        (world.token(late), "Anda dilayani sesudah yang datang tepat waktu."),
        (world.token(early), "Pindai lagi di sini mulai pukul 12.30 WIB."),
        (world.token(other_day), "Jadwalnya Selasa, 24 November 2026, 09.00–10.00 WIB."),
        (world.token(elsewhere), "Tempatnya di Dispendukcapil Gemolong"),
        ("0" * 34, "Tiket tidak dikenal"),
    ):
        page = kiosk.send(TICKET, code=code)
        assert said in text_of(page.text), said
        assert "Siti" not in page.text
        assert "Wahyuni" not in page.text
    assert set(world.afresh().scalars(select(CheckIn.device_id))) == {device_id}
    assert "Pindai kode QR tiket Anda, atau ketik" in kiosk.send(TICKET, code="").text


def test_a_ticket_of_lost_data_is_sent_to_the_desk(kiosk: Kiosk, world: World, clock: FixedClock) -> None:
    gap = {"backup_at": clock.now() - timedelta(hours=7), "restored_at": clock.now() - timedelta(hours=1)}
    world.session.add(Restoration(restored_by="root@server", **gap))
    world.session.commit()
    page = text_of(kiosk.send(TICKET, code=world.keyring.ticket_token(4711)).text)
    assert "Tiket ini asli, tetapi datanya hilang" in page
    assert "Silakan ke meja depan dengan tiket ini" in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_outcome_is_gone_after_a_while(kiosk: Kiosk, clock: FixedClock) -> None:
    assert "Nomor antrean Anda" in kiosk.send(NUMBER, nik=make_nik().digits).text
    clock.advance(minutes=2, seconds=1)
    assert kiosk.get(OUTCOME).location == START
