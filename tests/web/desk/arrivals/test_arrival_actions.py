"""What one press does to a row: check in, begin, finish, take back, put first; each of them repeatable."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from queue_app.domain.booking import TicketState
from queue_app.domain.priority import Priority
from queue_app.domain.roles import Role
from queue_app.domain.visits import VisitState
from queue_app.models import AuditEntry, CheckIn, Ticket, Visit
from tests.harness.fakes import FixedClock
from tests.harness.office import NONCE, Visitor, World, refusals

LIST = "/meja/kedatangan"
ARRIVED = "?keadaan=hadir&cari=SW"


def press(visitor: Visitor, ticket: Ticket, action: str, query: str = "", **values: str) -> TestResponse:
    return visitor.post(f"{LIST}/{ticket.id}/{action}{query}", {"nonce": NONCE, **values})


def present(visitor: Visitor, ticket: Ticket) -> Ticket:
    assert press(visitor, ticket, "hadir").status_code == 303
    return ticket


def state(world: World, ticket: Ticket) -> VisitState | None:
    return world.afresh().scalars(select(Visit.state).where(Visit.ticket_id == ticket.id)).one_or_none()


def offered(visitor: Visitor, ticket: Ticket) -> dict[str, str]:
    """The keys of a row, with where they lead."""
    row = re.search(rf'id="baris-{ticket.id}".*?</tr>', visitor.get(LIST).text, re.S).group(0)
    return dict(re.findall(r'data-key="(\w)"[^>]*?(?:formaction|href)="([^"]+)"', row))


def audited(world: World, action: str) -> int:
    count = select(func.count(AuditEntry.id)).where(AuditEntry.action == action)
    return world.afresh().scalar(count) or 0


def test_from_the_door_to_the_end_and_all_the_way_back(desk: Visitor, world: World) -> None:
    ticket = world.book().tickets[0]
    assert set(offered(desk, ticket)) == {"o", "h", "p", "c"}
    answer = press(desk, ticket, "hadir", ARRIVED)
    (row,) = world.afresh().scalars(select(CheckIn.id))
    assert answer.location == f"{LIST}?keadaan=hadir&cari=SW&hasil={row}#baris-{ticket.id}"
    assert "Hadir</strong>" in desk.get(answer.location).text
    assert set(offered(desk, ticket)) == {"o", "m", "u", "p", "c"}
    for target, before, after in (
        ("dilayani", "waiting", VisitState.IN_SERVICE),
        ("selesai", "in_service", VisitState.SERVED),
        ("dilayani", "served", VisitState.IN_SERVICE),
        ("menunggu", "in_service", VisitState.WAITING),
    ):
        for _twice in range(2):
            answer = press(desk, ticket, f"menjadi/{target}", ARRIVED, dari=before)
            assert answer.location == f"{LIST}?keadaan=hadir&cari=SW#baris-{ticket.id}"
            assert state(world, ticket) is after
        assert f"{LIST}/{ticket.id}/" in offered(desk, ticket)["u"]
    assert offered(desk, ticket)["u"].endswith("/belum-hadir")
    for _twice in range(2):
        assert press(desk, ticket, "belum-hadir").status_code == 303
    assert (state(world, ticket), world.session.get_one(Ticket, ticket.id).state) == (None, TicketState.BOOKED)
    assert [audited(world, f"visit.{step}") for step in ("in_service", "served", "waiting")] == [2, 1, 1]


def test_a_press_on_an_old_page_changes_nothing(desk: Visitor, world: World) -> None:
    ticket = present(desk, world.book().tickets[0])
    answer = press(desk, ticket, "menjadi/dilayani", dari="served")  # "take back" of a page on which it was finished
    assert "sudah berubah" in desk.get(answer.location).text
    assert state(world, ticket) is VisitState.WAITING
    assert press(desk, ticket, "menjadi/selesai", dari="waiting").status_code == 303
    assert state(world, ticket) is VisitState.WAITING
    press(desk, ticket, "menjadi/dilayani", dari="waiting")
    answer = press(desk, ticket, "belum-hadir")  # being served by now
    assert "sudah berubah" in desk.get(answer.location).text
    assert state(world, ticket) is VisitState.IN_SERVICE


def test_two_minutes_for_taking_a_check_in_back(desk: Visitor, world: World, clock: FixedClock) -> None:
    ticket = present(desk, world.book().tickets[0])
    clock.advance(minutes=2, seconds=1)
    assert "u" not in offered(desk, ticket)
    assert "dua menit" in desk.get(press(desk, ticket, "belum-hadir").location).text
    assert state(world, ticket) is VisitState.WAITING


def test_the_nonce_of_a_page_is_good_for_each_of_its_rows(desk: Visitor, world: World) -> None:
    first, second = world.book(name="Siti Wahyuni").tickets[0], world.book(name="Budi Santoso").tickets[0]
    for ticket in (first, second, second):
        present(desk, ticket)
    assert world.afresh().scalar(select(func.count(CheckIn.id))) == 2
    assert state(world, first) is state(world, second) is VisitState.WAITING


@pytest.mark.parametrize("action", ["hadir", "belum-hadir", "menjadi/dilayani", "prioritas"])
def test_nobody_of_another_office_and_no_other_step(desk: Visitor, world: World, action: str) -> None:
    ticket = world.book(offering=world.offering_there).tickets[0]
    assert press(desk, ticket, action).status_code == 404
    assert press(desk, ticket, "menjadi/called").status_code == 404
    assert world.afresh().get_one(Ticket, ticket.id).state is TicketState.BOOKED


def test_the_counter_serves_and_checks_nobody_in(visitor: Visitor, world: World) -> None:
    ticket = present(visitor.sign_in(world, world.staff(Role.DESK)), world.book().tickets[0])
    counter = visitor.sign_in(world, world.staff(Role.COUNTER))
    assert set(offered(counter, ticket)) == {"o", "m", "c"}
    assert press(counter, ticket, "menjadi/dilayani", dari="waiting").status_code == 303
    assert set(offered(counter, ticket)) == {"o", "s", "u", "c"}
    for action in ("hadir", "belum-hadir", "prioritas"):
        assert press(counter, ticket, action).status_code == 403
    administrator = visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert set(offered(administrator, ticket)) == {"o"}
    assert press(administrator, ticket, "menjadi/selesai").status_code == 403


def test_a_priority_needs_a_reason_and_comes_back_to_the_list(desk: Visitor, world: World) -> None:
    ticket = world.book().tickets[0]
    link = offered(desk, ticket)["p"]
    assert "Siti Wahyuni" in desk.get(link).text
    without = desk.post(link, {"priority": "vulnerable", "reason": " "})
    assert (without.status_code, refusals(without)) == (
        422,
        ["Tulis alasannya, supaya kelak jelas mengapa ini diubah."],
    )
    personal = desk.post(link, {"priority": "vulnerable", "reason": "NIK 3314990101900001"})
    assert "NIK" in refusals(personal)[0]
    for _twice in range(2):
        answer = desk.post(f"{link}?keadaan=menunggu", {"priority": "vulnerable", "reason": "Datang dengan tongkat"})
        assert answer.location == f"{LIST}?keadaan=menunggu#baris-{ticket.id}"
    assert world.afresh().get_one(Ticket, ticket.id).priority is Priority.VULNERABLE
    assert audited(world, "ticket.priority") == 1
    assert ">Prioritas<" in desk.get(answer.location).text
    desk.post(link, {"priority": "tanpa", "reason": "Salah baris"})
    assert world.afresh().get_one(Ticket, ticket.id).priority is None
