"""Who may begin with somebody past the published order, and what they have to say."""

from __future__ import annotations

import pytest

from queue_app.domain.roles import Role
from queue_app.domain.visits import VisitState
from queue_app.models import Ticket
from tests.harness.at_counters import arrive, open_counter, visit_of
from tests.harness.office import Visitor, World, refusals
from tests.web.citizen import text_of

LIST = "/meja/kedatangan"


@pytest.fixture
def ticket(world: World) -> Ticket:
    return arrive(world)


@pytest.mark.parametrize(("role", "begins"), [(Role.DESK, True), (Role.COUNTER, False), (Role.ADMINISTRATOR, False)])
def test_the_key_stands_only_for_those_who_may(
    visitor: Visitor, world: World, ticket: Ticket, role: Role, begins: bool
) -> None:
    open_counter(world)
    staff = visitor.sign_in(world, world.staff(role))
    page = staff.get(LIST).text
    assert f"/{ticket.id}/menjadi/dilayani" not in page
    assert (f"/{ticket.id}/di-luar-urutan" in page) is begins
    assert staff.get(f"{LIST}/{ticket.id}/di-luar-urutan").status_code == (200 if begins else 403)


def test_without_a_counter_for_the_service_everything_is_as_it_was(
    visitor: Visitor, world: World, ticket: Ticket
) -> None:
    page = visitor.sign_in(world, world.staff(Role.COUNTER)).get(LIST).text
    assert f"/{ticket.id}/menjadi/dilayani" in page
    assert "di-luar-urutan" not in page


def test_the_reason_is_asked_for_and_shown(visitor: Visitor, world: World, ticket: Ticket) -> None:
    open_counter(world)
    desk = visitor.sign_in(world, world.staff(Role.DESK))
    address = f"{LIST}/{ticket.id}/di-luar-urutan"
    desk.post(f"{LIST}/{ticket.id}/menjadi/dilayani", {"dari": "waiting"})  # a page of before
    assert "menurut urutan" in desk.get(LIST).text
    assert visit_of(world, ticket).state is VisitState.WAITING
    for reason in ("", "Hubungi 0812 3456 7890"):
        refused = desk.post(address, {"reason": reason})
        assert refused.status_code == 422
        assert len(refusals(refused)) == 1
    assert desk.post(address, {"reason": "Harus kembali ke rumah sakit"}).status_code == 303
    assert visit_of(world, ticket).state is VisitState.IN_SERVICE
    assert "Di luar urutan Harus kembali ke rumah sakit" in text_of(desk.get(LIST).text)
    display = text_of(desk.get("/display/sragen?lang=id").text)
    assert "Dilayani di luar urutan, dengan alasan yang tercatat: A-011" in display
    assert "rumah sakit" not in display
    assert desk.post(address, {"reason": "Sekali lagi"}).status_code == 303
    assert desk.post(f"{LIST}/{ticket.id}/menjadi/menunggu", {"dari": "in_service"}).status_code == 303
    assert visit_of(world, ticket).state is VisitState.WAITING
