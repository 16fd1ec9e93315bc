"""More time, asked for on the ticket's page: once, by those who wait, and where it helps."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from queue_app.adapters.keyring import FileKeyring
from queue_app.models import Booking, Visit
from tests.harness.hall import Hall
from tests.web.citizen import Citizen
from tests.web.display.visits.conftest import UNSURE, Arrive, path_of, places

pytestmark = pytest.mark.offering(opens_days_before=7, weekdays=(3,), capacity=20)


def test_more_time_is_given_once_and_to_all_of_a_party(
    hall: Hall,
    book: Callable[..., Booking],
    arrive: Arrive,
    page: Callable[[Booking], str],
    client: FlaskClient,
    keyring: FileKeyring,
) -> None:
    family = book(2)
    path = path_of(family, keyring)
    refused = "Tambahan waktu hanya sekali, dan hanya selama Anda masih menunggu."
    assert client.get(f"{path}/waktu").location == path
    assert refused in page(family)
    arrive(family)
    hall.arrive(*range(101, 110))
    assert hall.order()[:2] == [ticket.id for ticket in family.tickets]
    question = client.get(f"{path}/waktu").text
    assert "Urutan Anda mundur 5 nomor" in question
    citizen = Citizen(client)
    assert client.post(f"{path}/waktu").status_code == 400  # not from our page
    answer = citizen.post(f"{path}/waktu")
    assert (answer.status_code, answer.location) == (303, path)
    told = page(family)
    assert "Dicatat." in told
    assert "Perlu waktu lagi" not in told
    assert list(places(told).values()) == [f"Orang di depan Anda: {ahead}. {UNSURE}" for ahead in (5, 6)]
    again = citizen.post(f"{path}/waktu")
    assert (again.status_code, again.location) == (303, path)
    assert refused in page(family)
    hall.session.rollback()  # what it read before
    assert [hall.visit(ticket.id).not_before for ticket in family.tickets] == [5, 5]


def test_the_last_in_the_queue_is_told_kindly_and_keeps_the_chance(
    hall: Hall,
    book: Callable[..., Booking],
    arrive: Arrive,
    page: Callable[[Booking], str],
    client: FlaskClient,
    keyring: FileKeyring,
) -> None:
    hall.arrive(101)
    family = book(2)
    path = path_of(family, keyring)
    arrive(family)
    for ticket in family.tickets:  # both behind the other one
        hall.session.execute(update(Visit).where(Visit.ticket_id == ticket.id).values(arrived_at=hall.clock.now()))
    hall.session.commit()
    citizen = Citizen(client)
    assert citizen.post(f"{path}/waktu").status_code == 303
    told = page(family)
    assert "Anda yang terakhir dalam antrean" in told
    assert "Perlu waktu lagi" in told
    hall.session.rollback()
    assert [hall.visit(ticket.id).had_more_time for ticket in family.tickets] == [False, False]
    hall.arrive(102)
    assert citizen.post(f"{path}/waktu").status_code == 303
    hall.session.rollback()
    assert [hall.visit(ticket.id).had_more_time for ticket in family.tickets] == [True, True]


def test_nobody_who_was_called_gets_more_time(
    hall: Hall,
    book: Callable[..., Booking],
    arrive: Arrive,
    page: Callable[[Booking], str],
    client: FlaskClient,
    keyring: FileKeyring,
) -> None:
    booking = book()
    arrive(booking)
    hall.call()
    assert Citizen(client).post(f"{path_of(booking, keyring)}/waktu").status_code == 303
    assert "hanya selama Anda masih menunggu" in page(booking)
    assert client.get(f"/t/{'0' * 34}/waktu").status_code == 404
