"""The page of one person: what it tells, whom it tells it, and which pages lead there."""

import re

import pytest
from sqlalchemy import select

from queue_app.domain.closures import OfferState
from queue_app.domain.roles import Role
from queue_app.models import Booking, MessageState, OutboxMessage
from queue_app.services.booking import change
from tests.harness.at_counters import arrive
from tests.harness.closing import closed, offers_of
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import LAST_WEEK, NEXT_MONDAY, TODAY, TOMORROW, Visitor, World
from tests.web.desk.booking.conftest import EMAIL, PHONE, actions, at, history, keys


def test_it_tells_who_when_and_what_happened(desk: Visitor, world: World, booking: Booking) -> None:
    page = desk.get(at(booking)).text
    for said in ("Siti Wahyuni", "Selasa, 24 November 2026", "Akan datang", "+62812•••432", "s•••@contoh.id"):
        assert said in page
    assert re.search(r"3314 •••• •••• \d{4}", page)
    assert not any(secret in page for secret in (PHONE, EMAIL, "98765432"))
    assert keys(page) == {"p", "b", "c", "d", "h", "t", "l"}
    told = history(page)
    assert told[-1].endswith("Dipesan: A-011, Sel 24 Nov, 09.00–10.00 WIB warga sendiri")
    assert any("Pesan: Konfirmasi Menunggu dikirim" in line for line in told)


def test_the_whole_contact_is_shown_once_it_was_written_down(desk: Visitor, world: World, booking: Booking) -> None:
    for bent in ({}, {"untuk": "restore"}, {"untuk": "x"}):
        assert desk.post(at(booking, "kontak"), bent).status_code == 422
    page = desk.post(at(booking, "kontak"), {"untuk": "reach"}).text
    assert PHONE in page
    assert EMAIL in page
    assert actions(world) == [("booking.contact_shown", "booking", None)]
    assert PHONE not in desk.get(at(booking)).text
    assert "Kontak ditampilkan" in desk.get(at(booking)).text


def test_counter_staff_see_and_print_and_change_nothing(visitor: Visitor, world: World, booking: Booking) -> None:
    counter = visitor.sign_in(world, world.staff(Role.COUNTER))
    assert keys(counter.get(at(booking)).text) == {"c", "l"}
    for act in ("kontak", "pindah", "batal", "perbaiki", "pesan-ulang"):
        assert counter.post(at(booking, act)).status_code == 403
    administrator = visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert keys(administrator.get(at(booking)).text) == {"p", "b", "d", "h", "t", "l"}


def test_another_offices_person_is_not_there(desk: Visitor, world: World) -> None:
    there = world.book(TOMORROW, offering=world.offering_there)
    for act in ("", "pindah", "batal", "perbaiki", "pesan-ulang"):
        assert desk.get(at(there, act)).status_code == 404
    assert desk.post(at(there, "kontak"), {"untuk": "reach"}).status_code == 404
    assert actions(world) == []


def test_what_was_moved_to_another_office_is_told_and_left_alone(desk: Visitor, world: World, booking: Booking) -> None:
    change.reschedule(world.session, booking.id, world.slot(TOMORROW, 13, world.offering_there).id, now=LAST_WEEK)
    world.session.commit()
    page = desk.get(at(booking)).text
    assert "Dipindah ke Dispendukcapil Gemolong: A-021, Sel 24 Nov" in page
    assert keys(page) == {"t", "l"}
    assert desk.post(at(booking, "batal"), {"reason": "Sakit"}).location == at(booking)
    assert actions(world) == []


def test_after_the_purge_nobody_is_named_and_nothing_can_be_done(desk: Visitor, world: World, booking: Booking) -> None:
    stored = world.afresh().get_one(Booking, booking.id)
    stored.phone = stored.email = None
    for column in ("nik", "name", "person_index"):
        setattr(stored.tickets[0], column, None)
    world.session.commit()
    page = desk.get(at(booking)).text
    assert "Data orang ini sudah dihapus" in page
    assert keys(page) == {"c", "l"}
    assert desk.post(at(booking, "perbaiki"), {"name": "Siti"}).location == at(booking)


@pytest.mark.parametrize(
    ("state", "channel", "said"),
    [
        (MessageState.FAILED, "email", "Gagal"),
        (MessageState.SENT, "email", "Terkirim"),
        (MessageState.SENT, "file", "Ditulis ke berkas"),
    ],
)
def test_what_became_of_a_message_is_seen(
    desk: Visitor, world: World, booking: Booking, state: MessageState, channel: str, said: str
) -> None:
    """What stands in a file has reached nobody, and the call list asks for a call."""
    message = world.afresh().scalars(select(OutboxMessage).where(OutboxMessage.booking_id == booking.id)).one()
    message.state, message.channel = state, channel
    world.session.commit()
    assert any(f"Pesan: Konfirmasi {said}" in line for line in history(desk.get(at(booking)).text))


def test_the_day_at_the_counter_is_told_step_by_step(desk: Visitor, world: World) -> None:
    ticket = arrive(world)
    desk.post(f"/meja/kedatangan/{ticket.id}/menjadi/dilayani", {"dari": "waiting"})
    desk.post(f"/meja/kedatangan/{ticket.id}/menjadi/selesai", {"dari": "in_service"})
    told = history(desk.get(f"/meja/orang/{ticket.id}").text)
    assert [line.split(", 09.00 ")[-1].split(" Budi")[0] for line in told][:3] == [
        "Selesai dilayani · Berhasil", "Mulai dilayani", "Hadir",
    ]  # fmt: skip


@pytest.mark.parametrize("day", [TODAY, TOMORROW, NEXT_MONDAY], ids=str)
def test_lists_of_every_day_lead_to_the_person(desk: Visitor, world: World, day: object) -> None:
    booking = world.book(day)
    page = desk.get(f"/meja/kedatangan?tanggal={day}").text
    assert f'data-key="o" href="{at(booking)}"' in page
    assert "<kbd>O</kbd>" in page


def test_the_administrators_days_lead_to_their_people(administrator: Visitor, world: World) -> None:
    world.book(TOMORROW)
    page = administrator.get(f"/admin/hari/{world.offering.id}").text
    link = re.search(r'href="(/meja/kedatangan\?[^"]+)"', page).group(1).replace("&amp;", "&")
    assert "Siti Wahyuni" in administrator.get(link).text


def test_a_scan_that_admits_nobody_leads_to_the_person(desk: Visitor, world: World, booking: Booking) -> None:
    answer = desk.post_json("/meja/pindai", {"code": world.token(booking), "nonce": "nonce-of-sixteen-letters"})
    assert answer.json["word"] == "Salah hari"
    assert f'href="{at(booking)}"' in answer.json["html"]
    here = world.book()
    answer = desk.post_json("/meja/pindai", {"code": world.token(here), "nonce": "nonce-of-seventeen-letters"})
    assert "/meja/orang/" not in answer.json["html"]


def test_the_place_that_a_closure_offers_is_told(desk: Visitor, world: World, booking: Booking) -> None:
    offered = "Tempat pengganti"
    assert offered not in desk.get(at(booking)).text
    closure = closed(world.afresh(), world.offering, TOMORROW, now=MONDAY_MORNING)
    (offer,) = offers_of(world.session, closure)
    words = " ".join(desk.get(at(booking)).text.split())
    assert f"{offered}</dt><dd><strong>Rabu, 25 November 2026, 08.00–09.00 WIB</strong>, disimpan sampai" in words
    offer.state = OfferState.LAPSED
    world.session.commit()
    assert "tidak ada yang disimpan lagi" in desk.get(at(booking)).text
    offer.state, offer.slot_id = OfferState.WAITING, None
    world.session.commit()
    assert "belum ada; boleh memilih lebih dulu sampai" in desk.get(at(booking)).text
    offer.state = OfferState.ACCEPTED
    world.session.commit()
    assert offered not in desk.get(at(booking)).text
