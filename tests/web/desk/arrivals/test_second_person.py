"""Above a number a day nobody gives past the rules alone: a second member of the staff types their own password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from queue_app.domain.roles import Actor, Role
from queue_app.models import AuditEntry, Staff
from queue_app.services.access.passwords import hash_password
from queue_app.services.records import audit, overrides
from tests.harness.at_counters import arrive, open_counter
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import Visitor, World, refusals

PASSWORD = "kata-sandi-uji-coba"
ASKED = "Sudah 10 kali hari ini Anda memberi di luar aturan. Mulai sekarang petugas kedua menyetujui."


@pytest.fixture
def officer(world: World) -> Staff:
    """Who has given as many today as one may alone; of yesterday and of guaranteed visits none counts."""
    open_counter(world)
    officer = world.staff(Role.DESK)
    for _ in range(overrides.ALONE_A_DAY):
        given(world, officer)
        given(world, officer, days=1)
        given(world, officer, by_right=True)
    world.session.commit()
    return officer


def given(world: World, officer: Staff, *, days: int = 0, by_right: bool = False) -> None:
    about = {"actor": Actor.staff(officer.id), "now": MONDAY_MORNING - timedelta(days=days)}
    after = {"capacity": 9, "outside_quota": by_right}
    audit.record(world.session, "slot.extra_place", "slot", 1, office_id=world.here.id, after=after, **about)


def colleague(world: World, role: Role) -> str:
    one = world.staff(role, world.here, world.there) if role is Role.DESK else world.staff(role)
    world.session.execute(update(Staff).where(Staff.id == one.id).values(password_hash=hash_password(PASSWORD)))
    world.session.commit()
    return str(one.username)


def begin(visitor: Visitor, ticket_id: int, username: str = "", password: str = PASSWORD) -> TestResponse:
    typed = {"reason": "Harus kembali bekerja", "username": username, "password": password if username else ""}
    return visitor.post(f"/meja/kedatangan/{ticket_id}/di-luar-urutan", typed)


def agreed(world: World) -> list[tuple[str, int]]:
    query = select(AuditEntry).where(AuditEntry.action == "override.agreed").order_by(AuditEntry.id)
    return [(entry.actor, entry.subject_id) for entry in world.afresh().scalars(query)]


def test_the_second_person_is_asked_for_when_it_is_too_many(desk: Visitor, world: World, officer: Staff) -> None:
    ticket = arrive(world)
    page = f"/meja/kedatangan/{ticket.id}/di-luar-urutan"
    assert 'name="username"' not in desk.get(page).text
    asked = begin(desk, ticket.id)
    assert (asked.status_code, refusals(asked)) == (403, [ASKED])
    assert "Harus kembali bekerja" in asked.text
    assert 'name="username"' in asked.text
    second = colleague(world, Role.DESK)
    wrong = begin(desk, ticket.id, second, "bukan-kata-sandinya")
    assert wrong.status_code == 403
    assert agreed(world) == []
    assert begin(desk, ticket.id, second).status_code == 303
    second_id = world.session.scalars(select(Staff.id).where(Staff.username == second)).one()
    assert agreed(world) == [(f"staff:{officer.id}", second_id)]


def test_who_may_not_give_it_cannot_agree_to_it(desk: Visitor, world: World, officer: Staff) -> None:
    ticket = arrive(world)
    world.session.execute(update(Staff).where(Staff.id == officer.id).values(password_hash=hash_password(PASSWORD)))
    world.session.commit()
    assert refusals(begin(desk, ticket.id, officer.username)) == ["Petugas kedua harus orang lain."]
    counter = begin(desk, ticket.id, colleague(world, Role.COUNTER))
    assert refusals(counter) == ["Petugas itu sendiri tidak berhak memberikannya di kantor ini."]
    assert agreed(world) == []
    assert begin(desk, ticket.id, colleague(world, Role.ADMINISTRATOR)).status_code == 303
    assert len(agreed(world)) == 1


def test_below_the_number_nobody_is_asked(desk: Visitor, world: World, officer: Staff) -> None:
    ticket = arrive(world)
    one = select(AuditEntry.id).where(AuditEntry.action == "slot.extra_place", AuditEntry.at == MONDAY_MORNING)
    last = world.afresh().scalars(one.order_by(AuditEntry.id)).first()
    world.session.execute(update(AuditEntry).where(AuditEntry.id == last).values(action="slot.something_else"))
    world.session.commit()
    assert begin(desk, ticket.id).status_code == 303
    assert begin(desk, arrive(world, hour=8).id).status_code == 403
