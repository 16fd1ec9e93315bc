"""Rights over data at the desk: the card is compared, and what was done is written down with its reason."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Booking, DataRequest
from tests.harness.office import TOMORROW, Visitor, World, refusals
from tests.web.citizen import text_of

DO, LATER, REFUSE = "lakukan", "catat", "tolak"


@pytest.fixture
def booking(world: World) -> Booking:
    return world.book(TOMORROW)


@pytest.fixture
def page(booking: Booking) -> str:
    return f"/meja/orang/{booking.tickets[0].id}/data"


@pytest.fixture
def desk(visitor: Visitor, world: World) -> Visitor:
    return visitor.sign_in(world, world.staff(Role.DESK))


def requests(world: World) -> list[tuple[str, str, str, str | None]]:
    rows = world.afresh().scalars(select(DataRequest).order_by(DataRequest.id))
    return [(str(row.kind), str(row.state), str(row.proof), row.reason) for row in rows]


def audited(session: Session) -> list[str]:
    return list(
        session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("data.")).order_by(AuditEntry.id))
    )


def test_nothing_is_opened_before_the_card_was_compared(desk: Visitor, world: World, page: str) -> None:
    for kind in ("copy", "delete", "suspend", "correct"):
        answer = desk.post(page, {"kind": kind, "decision": DO})
        assert answer.status_code == 422
        assert refusals(answer) == ["Cocokkan dulu orangnya dengan kartunya. Tanpa itu data tidak dibuka atau diubah."]
    assert requests(world) == []


def test_the_copy_is_a_file_and_is_written_down(desk: Visitor, world: World, page: str) -> None:
    assert "+6281234567890" not in desk.get(page).text
    answer = desk.post(page, {"kind": "copy", "decision": DO, "seen": "y"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="data-saya.html"'
    assert "+6281234567890" in answer.text
    assert requests(world) == [("copy", "done", "document", None)]
    assert "data.shown" in audited(world.session)


def test_deleting_for_somebody(desk: Visitor, world: World, page: str, booking: Booking) -> None:
    answer = desk.post(page, {"kind": "delete", "decision": DO, "seen": "y"}, follow_redirects=True)
    assert "Data pribadi orang ini dihapus. Tiketnya dibatalkan." in text_of(answer.text)
    world.afresh().refresh(booking)
    assert (booking.phone, booking.tickets[0].nik) == (None, None)
    assert requests(world) == [("delete", "done", "document", None)]


def test_what_is_written_down_first_is_answered_by_the_correction(desk: Visitor, world: World, page: str) -> None:
    desk.post(page, {"kind": "correct", "decision": LATER})
    assert requests(world) == [("correct", "open", "none", None)]
    answer = desk.post(page, {"kind": "correct", "decision": DO, "seen": "y"})
    assert answer.location == page.replace("/data", "/perbaiki")
    desk.post(answer.location, {"name": "Siti Wahyuningsih", "phone": "", "email": ""})
    assert requests(world) == [("correct", "done", "document", None)]


def test_a_refusal_needs_a_reason(desk: Visitor, world: World, page: str) -> None:
    answer = desk.post(page, {"kind": "delete", "decision": REFUSE})
    assert refusals(answer) == ["Tulis alasannya, supaya kelak jelas mengapa ini diubah."]
    assert requests(world) == []
    desk.post(page, {"kind": "delete", "decision": REFUSE, "reason": "Tidak dapat menunjukkan kartu"})
    assert requests(world) == [("delete", "refused", "none", "Tidak dapat menunjukkan kartu")]


def test_suspended_is_said_where_they_are_served_and_the_contact_is_gone(
    desk: Visitor, world: World, page: str
) -> None:
    person = page.removesuffix("/data")
    assert "Tampilkan kontak lengkap" in desk.get(person).text
    desk.post(page, {"kind": "suspend", "decision": DO, "seen": "y"})
    seen = desk.get(person).text
    assert "Pemakaian data ditunda" in text_of(seen)
    assert "Tampilkan kontak lengkap" not in seen
    assert desk.post(f"{person}/kontak", {"untuk": "reach"}).status_code == 409
    desk.post(page, {"kind": "resume", "decision": DO, "seen": "y"})
    assert "Pemakaian data ditunda" not in text_of(desk.get(person).text).split("Riwayat")[0]


def test_of_another_office_there_is_nothing(desk: Visitor, world: World) -> None:
    there = world.book(TOMORROW, offering=world.offering_there)
    assert desk.get(f"/meja/orang/{there.tickets[0].id}/data").status_code == 404
