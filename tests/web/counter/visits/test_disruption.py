"""The switch that stops a whole office: what it asks, what it says, and who is left when it ends the day."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from queue_app.adapters.language import format_day
from queue_app.domain.roles import Role
from queue_app.models import Closure, Disruption, OutboxMessage
from tests.harness.at_counters import PAGE, arrive, officer_at, open_counter
from tests.harness.closing import carry_out_all
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TODAY, Visitor, World, refusals
from tests.web.citizen import text_of

DISRUPTION = "/loket/gangguan"


@pytest.fixture
def administrator(visitor: Visitor, world: World) -> Visitor:
    return visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))


def test_calling_stops_and_goes_on(visitor: Visitor, world: World) -> None:
    officer = officer_at(world, visitor, open_counter(world), Role.DESK)
    ticket = arrive(world)
    for until, words in (("08:00", "Jam itu sudah lewat."), ("bukan jam", "Tulis jam yang benar, misalnya 08:00.")):
        refused = visitor.post(DISRUPTION, {"kind": "power", "until": until})
        assert (refused.status_code, refusals(refused)) == (422, [words])
    assert refusals(visitor.post(DISRUPTION, {"until": ""})) == ["Pilih apa yang terganggu."]
    for kind in ("power", "device"):
        assert visitor.post(DISRUPTION, {"kind": kind, "until": "11:30"}).status_code == 303
    page = text_of(visitor.get(DISRUPTION).text)
    assert "Listrik sedang padam sejak pukul 09.00." in page
    assert "Diperkirakan pulih pukul 11.30." in page
    assert "Satu orang belum dilayani." in page
    assert "p" not in officer.keys
    assert "Listrik sedang padam" in officer.shown
    visitor.post("/loket/panggil", {"nonce": "n" * 20})
    assert "jadi tidak ada yang dipanggil" in officer.notice
    assert visitor.post(f"{DISRUPTION}/selesai").status_code == 303
    again = visitor.post(f"{DISRUPTION}/selesai")
    assert (again.status_code, refusals(again)) == (409, ["Gangguan ini sudah selesai."])
    officer.presses("p")
    assert f"/loket/{ticket.id}/mulai" in officer.look()


def test_closing_the_day_lists_and_tells_those_who_are_left(administrator: Visitor, world: World) -> None:
    waiting, expected = arrive(world), world.book(hour=13, name="Budi Santoso").tickets[0]
    token = {ticket.id: world.keyring.ticket_token(ticket.id) for ticket in (waiting, expected)}
    administrator.post(DISRUPTION, {"kind": "central_server", "until": ""})
    without = administrator.post(f"{DISRUPTION}/tutup", {"reason_id": ""})
    assert (without.status_code, refusals(without)) == (422, ["Tulis alasannya, supaya warga tahu."])
    personal = administrator.post(f"{DISRUPTION}/tutup", {"reason_id": "NIK 3314990101900001"})
    assert "NIK" in refusals(personal)[0]
    assert world.afresh().scalars(select(Disruption)).one().ended_at is None
    closing = {"reason_id": "Server pusat mati", "reason_en": "Central server down"}
    assert administrator.post(f"{DISRUPTION}/tutup", closing).status_code == 303
    page = administrator.get(DISRUPTION).text
    affected = re.search(r'href="(/admin/hari/terdampak/\d+)"', page).group(1)
    assert affected == f"/admin/hari/terdampak/{world.day(TODAY).id}"
    for number in ("A-011", "A-021"):
        assert number in page
    (closure,) = world.afresh().scalars(select(Closure))
    assert administrator.get(affected).location == f"/admin/penutupan/{closure.id}"
    carry_out_all(world.session, closure, now=MONDAY_MORNING)
    told = world.afresh().scalars(select(OutboxMessage.booking_id).where(OutboxMessage.kind == "sent_home"))
    assert set(told) == {waiting.booking_id, expected.booking_id}
    assert "Belum dilayani, kantor ditutup" in administrator.get("/admin/pesan").text
    # What those who are left read on their telephones.
    for ticket in (waiting, expected):
        citizen = administrator.get(f"/t/{token[ticket.id]}").text
        assert f"Tidak ada pelayanan pada {format_day(TODAY, 'id')}: Server pusat mati." in text_of(citizen)
        assert f'href="/t/{token[ticket.id]}/terima"' in citizen
        assert "Tunggu nomor Anda dipanggil" not in citizen


def test_the_counter_says_that_its_service_is_closed(visitor: Visitor, world: World) -> None:
    officer = officer_at(world, visitor, open_counter(world))
    visitor.post(DISRUPTION, {"kind": "power", "until": ""})
    visitor.post(f"{DISRUPTION}/tutup", {"reason_id": "Listrik padam"})
    assert "Ditutup hari ini: Listrik padam." in text_of(officer.look())
    assert "/admin/hari/terdampak" not in visitor.get(DISRUPTION).text  # the list is the administrator's
    assert visitor.get(PAGE).status_code == 200
