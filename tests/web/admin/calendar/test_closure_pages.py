"""A closure on the administrator's pages: draft, preview, confirm, progress, revoke."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from queue_app.config import Settings
from queue_app.domain.calendar import DayStatus
from queue_app.domain.closures import ClosureState, OfferState
from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Closure
from tests.harness.closing import carry_out_all, closed, offers_of
from tests.harness.factories import make_applicant, make_booking
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import LAST_WEEK, TOMORROW, Visitor, World, refusals
from tests.web.citizen import text_of

NEW = "/admin/penutupan/baru"
FILLED = {"first_day": TOMORROW.isoformat(), "reason_id": "Pemeliharaan jaringan", "reason_en": "Network maintenance"}


def the_closure(world: World) -> Closure:
    return world.afresh().scalars(select(Closure).execution_options(populate_existing=True)).one()


def test_from_draft_to_revocation(administrator: Visitor, world: World) -> None:
    booking, other = world.book(TOMORROW), world.book(TOMORROW, hour=13)
    drafted = administrator.post(NEW, FILLED)
    page = text_of(administrator.get(drafted.location).text)
    assert "2 orang sudah memesan dan terdampak." in page
    assert "2 orang mendapat tempat pengganti" in page
    assert "2 orang harus ditelepon (2 pemesanan)." in page
    assert "disimpan 48 jam, tetapi paling lama sampai dua jam sebelum mulai" in page
    assert "Rab 25 Nov 2026, 08.00 disimpan sampai Rab 25 Nov 2026, 06.00" in page
    assert "3 jam kedatangan ditutup, dihitung per layanan." in page
    for code in (booking.code, other.code):
        assert f"{code[:4]}-{code[4:]}" in page
    assert world.day().status is DayStatus.OPEN

    confirmed = administrator.post(f"{drafted.location}/mulai")
    assert confirmed.status_code == 303
    assert (world.day().status, world.day().reason_en) == (DayStatus.CLOSED, "Network maintenance")
    assert "0 dari 2 pemesanan sudah diberi tempat lain." in text_of(administrator.get(drafted.location).text)
    carry_out_all(world.session, the_closure(world), now=MONDAY_MORNING)
    page = text_of(administrator.get(drafted.location).text)
    assert "tempat disimpan, belum menjawab: 2 pemesanan" in page or "belum menjawab 2 pemesanan" in page
    assert "tempat disimpan, belum menjawab disimpan sampai Rab 25 Nov 2026, 06.00" in page
    assert "2 pemesanan perlu ditelepon." in page
    assert f'href="/meja/telepon/{the_closure(world).id}"' in administrator.get(drafted.location).text
    assert "Pemeliharaan jaringan" in administrator.get("/admin/penutupan").text

    assert administrator.post(f"{drafted.location}/cabut", {"reason": ""}).status_code == 422
    assert administrator.post(f"{drafted.location}/cabut", {"reason": "Jaringan sudah baik"}).status_code == 303
    assert world.day().status is DayStatus.OPEN
    carry_out_all(world.session, the_closure(world), now=MONDAY_MORNING)
    assert {offer.state for offer in offers_of(world.session, the_closure(world))} == {OfferState.KEPT}
    again = administrator.post(f"{drafted.location}/cabut", {"reason": "Sekali lagi"})
    assert refusals(again) == ["Penutupan ini sudah dicabut atau belum dijalankan."]


def test_the_button_says_who_is_told_and_who_must_be_telephoned(
    administrator: Visitor, world: World, app: Flask, settings: Settings
) -> None:
    empty = administrator.post(NEW, FILLED).location
    assert button_of(administrator, empty) == "Ya, tutup"
    slot_id = world.slot(TOMORROW).id
    family = [make_applicant(name=name) for name in ("Siti Wahyuni", "Budi Santoso")]
    of = {"keyring": world.keyring, "now": LAST_WEEK}
    make_booking(world.session, slot_id, *family, email="siti@contoh.id", **of)
    world.session.commit()
    drafted = administrator.post(NEW, FILLED).location
    assert button_of(administrator, drafted) == "Ya, tutup: 2 orang harus ditelepon", "a message only goes to a file"
    assert "Pengiriman email belum diatur." in administrator.get(drafted).text
    app.extensions["settings"] = replace(settings, smtp_host="127.0.0.1")
    assert button_of(administrator, drafted) == "Ya, tutup: 2 orang diberi tahu"
    world.book(TOMORROW, hour=13)
    assert button_of(administrator, drafted) == "Ya, tutup: 2 orang diberi tahu, satu orang harus ditelepon"
    page = text_of(administrator.get(drafted).text)
    assert "2 orang diberi tahu lewat email. Satu orang harus ditelepon (satu pemesanan)." in page
    assert "Pengiriman email belum diatur." not in page
    administrator.post(f"{drafted}/mulai")
    carry_out_all(world.session, world.afresh().get_one(Closure, int(drafted.rpartition("/")[2])), now=MONDAY_MORNING)
    assert "Satu pemesanan perlu ditelepon." in text_of(administrator.get(drafted).text)


def button_of(administrator: Visitor, draft: str) -> str:
    found = re.search(
        r'<button class="govuk-button govuk-button--warning"[^>]*>(.*?)</button>', administrator.get(draft).text
    )
    assert found
    return text_of(found[1])


def test_who_loses_the_place_that_another_closure_offered_is_named_with_that_one(
    administrator: Visitor, world: World, clock: FixedClock
) -> None:
    world.book(TOMORROW)
    earlier = closed(world.afresh(), world.offering, TOMORROW, now=MONDAY_MORNING)
    (offer,) = offers_of(world.session, earlier)
    assert offer.slot is not None
    day_offered, place = offer.slot.day, offer.slot_id
    clock.advance(minutes=1)
    drafted = administrator.post(NEW, FILLED | {"first_day": day_offered.isoformat()}).location
    page = text_of(administrator.get(drafted).text)
    assert "Satu orang sudah memesan dan terdampak." in page
    assert "Satu orang di antaranya sudah terdampak penutupan sebelumnya" in page
    administrator.post(f"{drafted}/mulai")
    later = world.afresh().get_one(Closure, int(drafted.rpartition("/")[2]))
    carry_out_all(world.session, later, now=clock.now())
    (offer,) = offers_of(world.session, earlier)
    assert (offer.state, offer.slot_id == place) == (OfferState.OPEN, False)
    page = text_of(administrator.get(drafted).text)
    assert "dari penutupan sebelumnya, diberi tempat pengganti lain" in page
    assert "Tidak ada yang terdampak." not in page


def test_a_draft_is_changed_or_thrown_away(administrator: Visitor, world: World) -> None:
    drafted = administrator.post(NEW, FILLED).location
    form = administrator.get(f"{drafted}/ubah").text
    assert 'value="Pemeliharaan jaringan"' in form
    hours = {"starts_at": "09.00", "ends_at": "14.00", "services": [world.offering.service_id], "extra_places": "2"}
    assert administrator.post(f"{drafted}/ubah", FILLED | hours).status_code == 303
    assert "09.00–14.00" in administrator.get(drafted).text
    assert the_closure(world).time.services == {world.offering.service_id}
    assert administrator.post(f"{drafted}/buang").status_code == 303
    assert administrator.get(drafted).status_code == 404
    actions = world.afresh().scalars(
        select(AuditEntry.action).where(AuditEntry.subject == "closure").order_by(AuditEntry.id)
    )
    assert list(actions) == ["closure.drafted", "closure.drafted", "closure.discarded"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"first_day": ""}, "Bagian ini harus diisi."),
        ({"first_day": "kemarin"}, "Tulis tanggal yang benar."),
        ({"first_day": "2026-11-20"}, "Hari itu sudah lewat."),
        ({"last_day": "2026-11-20"}, "Hari terakhir harus sesudah hari pertama."),
        ({"last_day": "2027-11-24"}, "Paling lama 92 hari sekaligus."),
        ({"starts_at": "09.00"}, "Tulis kedua jam"),
        ({"starts_at": "11", "ends_at": "9"}, "Tulis kedua jam"),
        ({"starts_at": "jam 9"}, "Tulis jam yang benar"),
        ({"services": ["4711"]}, "Pilih salah satu yang tersedia."),
        ({"reason_id": ""}, "Tulis alasannya, supaya warga tahu mengapa tidak dilayani."),
        ({"reason_id": "Hubungi 081234567890"}, "nomor"),
        ({"hold_hours": "0"}, "Tulis angka dari 1 sampai 336."),
        ({"extra_places": "-1"}, "Tulis angka dari 0 sampai 50."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    administrator: Visitor, world: World, change: dict[str, str], said: str
) -> None:
    answer = administrator.post(NEW, FILLED | change)
    assert answer.status_code == 422
    assert said in refusals(answer)[0]
    assert world.afresh().scalars(select(Closure)).all() == []


def test_the_page_of_a_day_leads_to_the_same_act(administrator: Visitor, world: World) -> None:
    led = administrator.get(f"/admin/hari/tutup/{world.day().id}")
    assert led.location == f"{NEW}?hari={TOMORROW}&layanan={world.offering.service_id}"
    form = administrator.get(led.location).text
    assert f'value="{TOMORROW}"' in form
    assert re.search(rf'value="{world.offering.service_id}"[^>]*checked', form)
    closure = closed(world.afresh(), world.offering, TOMORROW, now=MONDAY_MORNING)
    for page, leads_to in (("terdampak", ""), ("buka", "/cabut")):
        day = administrator.get(f"/admin/hari/{page}/{world.day().id}")
        assert day.location == f"/admin/penutupan/{closure.id}{leads_to}"


def test_what_is_closed_already_cannot_be_closed_again(administrator: Visitor, world: World) -> None:
    first, second = (administrator.post(NEW, FILLED).location for _ in range(2))
    administrator.post(f"{first}/mulai")
    answer = administrator.post(f"{second}/mulai")
    assert (answer.status_code, refusals(answer)) == (
        422,
        ["Semua waktu itu sudah tutup, jadi tidak ada yang ditutup lagi."],
    )
    answer = administrator.post(f"{first}/buang")
    assert answer.status_code == 422
    assert administrator.post(f"{first}/mulai").status_code == 303, "pressed twice it is as good as once"


def test_closures_of_another_office_do_not_exist(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))  # of this office only
    closure = closed(world.afresh(), world.offering_there, TOMORROW, now=MONDAY_MORNING)
    path = f"/admin/penutupan/{closure.id}"
    for page in (path, f"{path}/ubah", f"{path}/cabut"):
        assert visitor.get(page).status_code == 404
    for act in ("mulai", "buang", "cabut"):
        assert visitor.post(f"{path}/{act}", {"reason": "Bukan kantor saya"}).status_code == 404
    assert the_closure(world).state is ClosureState.DONE
