"""The switch that stops services: what it asks and says, and who may end the day by it."""

from __future__ import annotations

import re

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from queue_app.adapters.language import format_day
from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Closure, Disruption, Office, OutboxMessage, Staff
from tests.harness.at_counters import PAGE, another_service, arrive, officer_at, open_counter
from tests.harness.closing import carry_out_all
from tests.harness.factories import PASSWORD
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TODAY, Visitor, World, refusals
from tests.web.citizen import text_of

DISRUPTION = "/loket/gangguan"


@pytest.fixture
def administrator(visitor: Visitor, world: World) -> Visitor:
    return visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))


def stop(visitor: Visitor, world: World, kind: str = "power", *, until: str = "") -> str:
    """Stops the service of the office "here"; the address of the disruption."""
    sent = {"kind": kind, "services": str(world.offering.service_id), "until": until}
    assert visitor.post(DISRUPTION, sent).status_code == 303
    begun = world.afresh().scalars(select(Disruption.id).order_by(Disruption.id.desc()).limit(1)).one()
    return f"{DISRUPTION}/{begun}"


def with_password(world: World, role: Role, office: Office | None = None) -> Staff:
    staff = world.staff(role, office)
    staff.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    world.session.commit()
    return staff


def closing(page: str, **values: str) -> dict[str, str]:
    """The form as the page has it, with a reason."""
    people = re.search(r'name="people"[^>]*value="(\d+)"', page)
    assert people
    return {"people": people.group(1), "reason_id": "Server pusat mati", **values}


def test_calling_stops_and_goes_on(visitor: Visitor, world: World) -> None:
    officer = officer_at(world, visitor, open_counter(world), Role.DESK)
    ticket = arrive(world)
    service = {"services": str(world.offering.service_id)}
    no_time = "Diperkirakan pulih hari ini pukul (boleh kosong): Tulis jam yang benar, misalnya 08:00."
    for until, words in (("08:00", "Jam itu sudah lewat."), ("bukan jam", no_time)):
        refused = visitor.post(DISRUPTION, {"kind": "power", "until": until, **service})
        assert (refused.status_code, refusals(refused)) == (422, [words])
    assert refusals(visitor.post(DISRUPTION, {"until": "", **service})) == ["Pilih apa yang terganggu."]
    assert refusals(visitor.post(DISRUPTION, {"kind": "power"})) == ["Pilih paling sedikit satu layanan."]
    assert visitor.post(DISRUPTION, {"kind": "power", "services": "4711"}).status_code == 422
    lasting = stop(visitor, world, until="11:30")
    page = text_of(visitor.get(DISRUPTION).text)
    assert "Listrik sedang padam: semua layanan, sejak pukul 09.00." in page
    assert "Diperkirakan pulih pukul 11.30." in page
    assert "p" not in officer.keys
    assert "Listrik sedang padam" in officer.shown
    visitor.post("/loket/panggil", {"nonce": "n" * 20})
    assert "jadi tidak ada yang dipanggil" in officer.notice
    assert visitor.post(f"{lasting}/selesai").status_code == 303
    visitor.post(f"{lasting}/selesai")
    assert "Gangguan ini sudah selesai." in visitor.get(DISRUPTION).text
    officer.presses("p")
    assert f"/loket/{ticket.id}/mulai" in officer.look()


def test_the_services_that_need_what_has_failed_are_proposed_and_others_go_on(visitor: Visitor, world: World) -> None:
    family = another_service(world)
    officer = officer_at(world, visitor, open_counter(world, 1, world.offering, family), Role.DESK)
    arrive(world)

    def proposed(kind: str) -> list[str]:
        page = visitor.get(f"{DISRUPTION}?jenis={kind}").text
        return re.findall(r'name="services"[^>]*value="(\d+)"[^>]*checked', page)

    recording, both = str(world.offering.service_id), [str(world.offering.service_id), str(family.service_id)]
    assert [proposed(kind) for kind in ("device", "power", "blank_cards")] == [[recording], both, []]
    assert 'name="services"' not in visitor.get(f"{DISRUPTION}?jenis=nonsens").text
    stop(visitor, world, "device")
    page = text_of(officer.look())
    assert "Alat perekaman sedang terganggu: Perekaman KTP-el" in page
    assert "p" in officer.keys  # for the other service
    visitor.post("/loket/panggil", {"nonce": "n" * 20})
    assert officer.notice == "Tidak ada yang menunggu untuk loket ini."
    assert "Berhenti sementara: Perekaman KTP-el." in text_of(visitor.get("/display/sragen?lang=id").text)
    assert "Perekaman" not in text_of(visitor.get("/display/sragen?layanan=KK").text)
    stop(visitor, world, "central_server")  # two at once
    assert visitor.get(DISRUPTION).text.count("lanjutkan panggilan") == 2


def test_before_the_day_is_closed_the_page_says_how_many_it_reaches(administrator: Visitor, world: World) -> None:
    waiting, expected = arrive(world), world.book(hour=13, name="Budi Santoso").tickets[0]
    token = {ticket.id: world.keyring.ticket_token(ticket.id) for ticket in (waiting, expected)}
    lasting = stop(administrator, world, "central_server")
    page = administrator.get(f"{lasting}/tutup").text
    assert "Ini mengenai 2 orang. Menunggu di ruangan: 1. Belum datang: 1." in text_of(page)
    assert "Tidak ada pesan yang dapat dikirim. 2 orang tanpa email: perlu diberi tahu" in text_of(page)
    without = administrator.post(f"{lasting}/tutup", closing(page, reason_id=""))
    assert (without.status_code, refusals(without)) == (422, ["Tulis alasannya, supaya warga tahu."])
    personal = administrator.post(f"{lasting}/tutup", closing(page, reason_id="NIK 3314990101900001"))
    assert "NIK" in refusals(personal)[0]
    more = administrator.post(f"{lasting}/tutup", closing(page, people="1"))
    assert (more.status_code, refusals(more)[0][:10]) == (409, "Sementara ")
    assert world.afresh().scalars(select(Disruption)).one().ended_at is None
    assert administrator.post(f"{lasting}/tutup", closing(page)).status_code == 303
    assert administrator.get(f"{lasting}/tutup").status_code == 409
    page = administrator.get(DISRUPTION).text
    affected = re.search(r'href="(/admin/hari/terdampak/\d+)"', page).group(1)
    assert affected == f"/admin/hari/terdampak/{world.day(TODAY).id}"
    (closure,) = world.afresh().scalars(select(Closure))
    assert administrator.get(affected).location == f"/admin/penutupan/{closure.id}"
    carry_out_all(world.session, closure, now=MONDAY_MORNING)
    listed = administrator.get(f"/admin/penutupan/{closure.id}").text
    for number in ("A-011", "A-021"):
        assert number in listed
    told = world.afresh().scalars(select(OutboxMessage.booking_id).where(OutboxMessage.kind == "sent_home"))
    assert set(told) == {waiting.booking_id, expected.booking_id}
    assert "Belum dilayani, kantor ditutup" in administrator.get("/admin/pesan").text
    # What those who are left read on their telephones.
    for ticket in (waiting, expected):
        citizen = administrator.get(f"/t/{token[ticket.id]}").text
        assert f"Tidak ada pelayanan pada {format_day(TODAY, 'id')}: Server pusat mati." in text_of(citizen)
        assert f'href="/t/{token[ticket.id]}/terima"' in citizen
        assert "Tunggu nomor Anda dipanggil" not in citizen


@pytest.mark.parametrize("role", [Role.DESK, Role.COUNTER])
def test_nobody_but_an_administrator_closes_the_day_alone(visitor: Visitor, world: World, role: Role) -> None:
    first, second = (with_password(world, one) for one in (role, {Role.DESK, Role.COUNTER}.difference({role}).pop()))
    village, elsewhere = with_password(world, Role.VILLAGE), with_password(world, Role.ADMINISTRATOR, world.there)
    visitor.sign_in(world, first)
    arrive(world)
    lasting = stop(visitor, world)
    page = visitor.get(f"{lasting}/tutup").text
    assert "Petugas kedua" in page

    def attempt(username: str = "", password: str = PASSWORD) -> tuple[int, list[str]]:
        answer = visitor.post(f"{lasting}/tutup", closing(page, username=username, password=password))
        assert password not in answer.text
        return answer.status_code, refusals(answer) if answer.status_code != 303 else []

    assert attempt() == (422, ["Petugas kedua menulis nama penggunanya sendiri."])
    assert attempt(second.username, "salah sama sekali") == (403, ["Nama pengguna atau kata sandi salah."])
    assert attempt(first.username) == (403, ["Petugas kedua harus orang lain."])
    for other in (village, elsewhere):
        not_here = "Petugas itu tidak berhak menghentikan panggilan di kantor ini."
        assert attempt(other.username) == (403, [not_here])
    assert world.afresh().scalars(select(Disruption)).one().ended_at is None
    assert attempt(second.username) == (303, [])
    entry = world.afresh().scalars(select(AuditEntry).where(AuditEntry.action == "office.closed_today")).one()
    assert (entry.actor, entry.after["confirmed_by"]) == (f"staff:{first.id}", f"staff:{second.id}")


def test_tries_of_the_second_password_are_counted_as_those_of_a_log_in(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.DESK))
    second = with_password(world, Role.COUNTER)
    lasting = stop(visitor, world)
    page = visitor.get(f"{lasting}/tutup").text
    wrong = closing(page, username=second.username, password="bukan kata sandinya")
    tries = [visitor.post(f"{lasting}/tutup", wrong).status_code for _ in range(6)]
    assert tries == [403] * 5 + [429]


def test_the_counter_says_that_its_service_is_closed(visitor: Visitor, world: World) -> None:
    officer = officer_at(world, visitor, open_counter(world))
    second = with_password(world, Role.DESK)
    lasting = stop(visitor, world)
    page = visitor.get(f"{lasting}/tutup").text
    together = {"username": second.username, "password": PASSWORD, "reason_id": "Listrik padam"}
    assert visitor.post(f"{lasting}/tutup", closing(page, **together)).status_code == 303
    assert "Ditutup hari ini: Listrik padam." in text_of(officer.look())
    assert "/admin/hari/terdampak" not in visitor.get(DISRUPTION).text  # the list is the administrator's
    assert visitor.get(PAGE).status_code == 200
