"""The call list of a closure: names, a number on request that is written down, and a tick with who and when."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Closure
from queue_app.services.booking.answering import accept
from tests.harness.closing import closed, offers_of
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TOMORROW, Visitor, World
from tests.web.citizen import text_of

PHONE = "+6281234567890"


@pytest.fixture
def closure(world: World) -> Closure:
    world.book(TOMORROW, name="Siti Wahyuni")
    world.book(TOMORROW, hour=13, name="Budi Santoso")
    return closed(world.afresh(), world.offering, TOMORROW, now=MONDAY_MORNING)


@pytest.fixture
def officer(visitor: Visitor, world: World) -> Visitor:
    return visitor.sign_in(world, world.staff(Role.DESK))


def test_a_number_is_shown_one_at_a_time_and_written_down(officer: Visitor, world: World, closure: Closure) -> None:
    path = f"/meja/telepon/{closure.id}"
    assert "2 belum ditelepon" in officer.get("/meja/telepon").text
    page = officer.get(path)
    assert "Siti Wahyuni" in page.text
    assert "Budi Santoso" in page.text
    assert "81234567890" not in page.text
    first, _second = offers_of(world.session, closure)
    shown = officer.post(f"/meja/telepon/{first.id}/nomor")
    assert shown.text.count(f"tel:{PHONE}") == 1
    assert shown.headers["Cache-Control"] == "no-store"
    assert "81234567890" not in officer.get(path).text, "asked for again it is hidden again"
    (entry,) = world.afresh().scalars(
        select(AuditEntry).where(AuditEntry.action == "offer.phone_shown").order_by(AuditEntry.id)
    )
    assert (entry.subject, entry.subject_id, entry.actor[:6]) == ("offer", first.id, "staff:")
    assert "81234567890" not in str(entry.after)


def test_a_tick_says_who_and_when(officer: Visitor, world: World, closure: Closure) -> None:
    first, second = offers_of(world.session, closure)
    assert officer.post(f"/meja/telepon/{first.id}/sudah", {"note": "Setuju, akan datang"}).status_code == 303
    assert officer.post(f"/meja/telepon/{first.id}/sudah", {"note": "Kedua kali"}).status_code == 303
    page = text_of(officer.get(f"/meja/telepon/{closure.id}").text)
    assert "Ditelepon Sen 23 Nov 2026, 09.00 oleh Budi desk. Setuju, akan datang" in page
    assert page.index("Budi Santoso") < page.index("Siti Wahyuni"), "who is still to be called comes first"
    assert "satu belum ditelepon" in text_of(officer.get("/meja/telepon").text)
    personal = officer.post(f"/meja/telepon/{second.id}/sudah", {"note": "Hubungi 081234567890"})
    assert personal.status_code == 422
    assert offers_of(world.afresh(), closure)[1].called_at is None


def test_whoever_has_answered_need_not_be_called(officer: Visitor, world: World, closure: Closure) -> None:
    first, second = offers_of(world.session, closure)
    accept(world.session, first.booking_id, now=MONDAY_MORNING)
    world.session.commit()
    page = officer.get(f"/meja/telepon/{closure.id}").text
    assert "Siti Wahyuni" not in page
    assert "Budi Santoso" in page
    assert second.id


def test_lists_of_another_office_do_not_exist(officer: Visitor, world: World) -> None:
    world.book(TOMORROW, offering=world.offering_there)
    closure = closed(world.afresh(), world.offering_there, TOMORROW, now=MONDAY_MORNING)
    (offer,) = offers_of(world.session, closure)
    assert officer.get(f"/meja/telepon/{closure.id}").status_code == 404
    for act in ("nomor", "sudah"):
        assert officer.post(f"/meja/telepon/{offer.id}/{act}").status_code == 404
