"""Printing at the desk, with a printer on a real socket and by the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from queue_app.adapters import printers
from queue_app.adapters.printers import Patience
from queue_app.db import db
from queue_app.domain.booking import TicketState
from queue_app.domain.priority import Channel
from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Booking, Printer, PrintJob, RollWidth, Ticket
from tests.harness.factories import make_applicant, make_booking
from tests.harness.fake_printer import FakePrinter, Mood
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import LAST_WEEK, Visitor, World, refusals
from tests.web.citizen import text_of

QUICK = Patience(connect=1, overall=8, a_ticket=0, answer=1, watch=0.05)


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    send = printers.send
    monkeypatch.setattr(printers, "send", lambda *to, tickets=1: send(*to, tickets=tickets, patience=QUICK))


@pytest.fixture
def fake() -> Iterator[FakePrinter]:
    with FakePrinter() as printer:
        yield printer


def installed(world: World, port: int, *, columns: int = 32) -> Printer:
    paper = RollWidth.MM_58 if columns == 32 else RollWidth.MM_80
    facts = {"host": "127.0.0.1", "port": port, "width": paper, "columns": columns}
    printer = Printer(office_id=world.here.id, name="Meja depan 1", **facts)
    world.afresh().add(printer)
    world.session.commit()
    return printer


def family(world: World, **request: object) -> Booking:
    slot, people = world.slot().id, (make_applicant(name="Siti Wahyuni"), make_applicant(name="Budi Santoso"))
    booking = make_booking(world.session, slot, *people, keyring=world.keyring, now=LAST_WEEK, **request)
    world.session.commit()
    return booking


def jobs(world: World) -> list[tuple[bool, str, str | None]]:
    rows = world.afresh().scalars(select(PrintJob).order_by(PrintJob.id).execution_options(populate_existing=True))
    return [(job.copy, job.state, job.problem) for job in rows]


def test_a_family_is_printed_and_once_more_as_a_copy(desk: Visitor, world: World, fake: FakePrinter) -> None:
    booking, printer = family(world), installed(world, fake.port)
    path = f"/meja/cetak/{booking.id}"
    numbers = [f"A-{ticket.queue_number:03d}" for ticket in booking.tickets]
    page = desk.get(path).text
    assert "Meja depan 1 (58 mm)" in page
    assert "Cetak salinan" not in page
    answer = desk.post(path, {"printer": printer.id})
    assert answer.status_code == 303
    page = desk.get(answer.location)
    assert "Tercetak" in page.text
    assert "Cetak salinan" in page.text
    assert "Budi desk" in page.text
    desk.post(path)  # the desk remembers its printer
    first, second, *copies = fake.paper
    assert [first.codes, second.codes] == [[world.keyring.ticket_token(ticket.id)] for ticket in booking.tickets]
    assert [strip.codes for strip in copies] == [first.codes, second.codes]
    assert ["SALINAN" in strip.text for strip in fake.paper] == [False, False, True, True]
    assert all(number in strip.lines for number, strip in zip(numbers * 2, fake.paper, strict=True))
    assert not re.search(r"Siti|Wahyuni|Budi|Santoso|\d{16}", " ".join(strip.text for strip in fake.paper))
    assert jobs(world) == [(False, "printed", None), (True, "printed", None)]
    entries = world.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "print.asked").order_by(AuditEntry.id)
    ).all()
    assert [entry.after for entry in entries] == [{"copy": copy, "printer": "Meja depan 1"} for copy in (False, True)]
    assert len(world.session.scalars(select(Ticket)).all()) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("mood", "state", "problem", "said"),
    [
        (Mood.SILENT, "sent", None, "Lihat kertasnya"),
        (Mood.NO_PAPER, "failed", "paper_out", "Kertas habis"),
        (Mood.DIES, "failed", "interrupted", "Pencetakan terputus"),
        (None, "failed", "unreachable", "Printer tidak terhubung"),
    ],
)
def test_what_went_wrong_is_said_and_the_next_one_is_a_copy(
    desk: Visitor, world: World, mood: Mood | None, state: str, problem: str | None, said: str
) -> None:
    """Also when nothing came out: which of two papers is the first, the office can always tell."""
    booking = family(world)
    with FakePrinter(mood or Mood.FINE) as fake:
        port = fake.port
        printer = installed(world, port if mood else 1)
        answer = desk.post(f"/meja/cetak/{booking.id}", {"printer": printer.id})
        page = text_of(desk.get(answer.location).text)
        assert said in page
        assert ("Nomor antrean tetap sama" in page) == (state == "failed")
        assert jobs(world) == [(False, state, problem)]
        printer.port, fake.mood = port, Mood.FINE
        fake.content.clear()
        world.session.commit()
        desk.post(f"/meja/cetak/{booking.id}")
        assert all("SALINAN" in strip.text for strip in fake.paper)
    assert jobs(world)[1] == (True, "printed", None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_connection_to_the_database_is_held_while_sending(
    desk: Visitor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, choice, held = f"/meja/cetak/{family(world).id}", {"printer": installed(world, 9100).id}, []

    def look(*_to: object, **_more: object) -> object:
        held.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
        return printers.SENT

    monkeypatch.setattr(printers, "send", look)
    world.afresh()  # gives back the test's own one
    desk.post(path, choice)
    assert held == [0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_browser_prints_everybody_in_the_language_of_the_booking(desk: Visitor, world: World) -> None:
    booking = family(world, language="en")
    desk.get("/petugas/?lang=id")
    for copy in (False, True):
        answer = desk.post(f"/meja/cetak/{booking.id}", {"printer": "58mm"})
        assert "/halaman?" in answer.location
        page = desk.get(answer.location)
        assert page.text.count('class="ticket"') == 2
        assert page.text.count("SALINAN") == (4 if copy else 0)
        assert "Queue number" in page.text
        assert "css/paper-58mm" in page.text
        assert "Siti" not in page.text
    assert jobs(world) == [(False, "sent", None), (True, "sent", None)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whom_it_is_refused(visitor: Visitor, world: World) -> None:
    here, there = family(world), world.book(offering=world.offering_there)
    village_made = world.book(hour=8)
    elsewhere = Printer(office_id=world.there.id, name="Lain", host="127.0.0.1", port=1)
    cancelled = world.book(hour=13)
    village_made.channel = Channel.VILLAGE
    world.session.add(elsewhere)
    for ticket in cancelled.tickets:
        ticket.state = TicketState.CANCELLED
    world.session.commit()
    operator = Visitor(visitor.client.application.test_client()).sign_in(world, world.staff(Role.VILLAGE))
    visitor.sign_in(world, world.staff(Role.DESK))
    assert visitor.get(f"/meja/cetak/{there.id}").status_code == 404
    assert visitor.post(f"/meja/cetak/{there.id}", {"printer": "a4"}).status_code == 404
    # Another office's printer is no choice, and without one the desk is asked to choose.
    for choice in ({"printer": elsewhere.id}, {}):
        assert visitor.post(f"/meja/cetak/{here.id}", choice).location == f"/meja/cetak/{here.id}"
    assert "tidak ada yang dapat dicetak" in visitor.get(f"/meja/cetak/{cancelled.id}").text
    assert visitor.post(f"/meja/cetak/{cancelled.id}", {"printer": "a4"}).status_code == 409
    assert operator.get(f"/meja/cetak/{here.id}").status_code == 404
    assert operator.post(f"/meja/cetak/{here.id}", {"printer": "a4"}).status_code == 404
    assert operator.get(f"/meja/cetak/{village_made.id}").status_code == 200
    made = operator.post(f"/meja/cetak/{village_made.id}", {"printer": "a4"})
    assert operator.get(made.location).status_code == 200
    assert visitor.get(made.location.replace(f"/{village_made.id}/", f"/{here.id}/")).status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_administrator_keeps_the_printers(administrator: Visitor, world: World, fake: FakePrinter) -> None:
    values = {"name": "Meja depan 1", "host": "127.0.0.1", "port": fake.port, "columns": "42"}
    for wrong in ({"host": "http://printer/"}, {"port": "70000"}, {"columns": "40"}, {"name": "Meja 🎫"}, {"name": ""}):
        answer = administrator.post("/admin/printer", values | wrong)
        assert (answer.status_code, len(refusals(answer))) == (422, 1)
    assert administrator.post("/admin/printer", values).status_code == 303
    printer = world.afresh().scalars(select(Printer)).one()
    tried = administrator.post(f"/admin/printer/{printer.id}/uji")
    assert "Tercetak" in administrator.get(tried.location).text
    (strip,) = fake.paper
    assert "Dispendukcapil Sragen" in strip.text
    administrator.post(f"/admin/printer/{printer.id}/nonaktifkan")
    assert "Belum ada printer" in administrator.get("/admin/printer").text
    trail = text_of(administrator.get("/admin/jejak?tindakan=print").text)
    for words in ("Printer ditambahkan", "Hasil cetak: Tercetak", "Printer tidak dipakai lagi"):
        assert words in trail
    other = Printer(office_id=world.there.id, name="Lain", host="127.0.0.1", port=1)
    world.afresh().add(other)
    world.session.commit()
    Visitor(administrator.client).sign_in(world, world.staff(Role.ADMINISTRATOR), now=MONDAY_MORNING)
    for action in ("uji", "nonaktifkan"):
        assert administrator.post(f"/admin/printer/{other.id}/{action}").status_code == 404
