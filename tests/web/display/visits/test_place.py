"""One's place in the queue: by the number on paper, and on the ticket's page on the day; more time, once."""

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from queue_app.domain.visits import VisitState
from queue_app.models import Booking, Counter
from queue_app.services.visits import calling, serving
from queue_app.services.visits.waiting import come_back
from queue_app.services.visits.without_counter import step_in_list
from queue_app.web.display.visits import read_number
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.hall import Hall
from tests.web.citizen import text_of
from tests.web.display.visits.conftest import UNSURE, Arrive, number_of, places

pytestmark = pytest.mark.offering(opens_days_before=7, weekdays=(3,), capacity=20)


@pytest.mark.parametrize("typed", ["a12", "A 012", "A-012", " a-12 ", "A012"])
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert read_number(typed) == "A-012"


@pytest.mark.parametrize("typed", ["", "12", "A", "--", "A-1²", "1A2", "A-١٢"])
def test_what_is_no_number_is_not_read(typed: str) -> None:
    assert read_number(typed) == ""


def test_the_place_of_a_paper_ticket(client: FlaskClient, hall: Hall) -> None:
    def ask(typed: str, language: str = "id") -> dict[str, str]:
        return places(client.get(f"/antrean/sragen?nomor={typed}&lang={language}").text)

    asked = client.get("/antrean/sragen").text
    assert "Nomor antrean Anda" in asked
    assert places(asked) == {}
    hall.arrive(*range(1, 8))
    assert ask("a7") == {"A-007": "Orang di depan Anda: 6. Lamanya belum dapat diperkirakan."}
    assert ask("A-007", "en") == {"A-007": "People ahead of you: 6. How long it takes cannot be told yet."}
    assert ask("4") == {}
    assert "Tulis huruf dan angkanya" in client.get("/antrean/sragen?nomor=4&lang=id").text
    assert ask("a4") == {"A-004": "Hampir giliran Anda. Orang di depan Anda: 3. Bersiaplah. " + UNSURE}
    for _ in range(5):
        called = hall.call()
        assert called
        hall.clock.advance(seconds=200)
        hall.serve(called)
    assert ask("a6")["A-006"] == "Anda yang berikutnya. Bersiaplah di dekat loket. Sebentar lagi."
    assert ask("a7")["A-007"].endswith("Orang di depan Anda: 1. Bersiaplah. Sebentar lagi.")
    hall.call()
    assert ask("a6") == {"A-006": "LOKET 1 Dipanggil ke loket 1. Silakan menuju loket."}
    assert "Di loket sekarang: A-006 loket 1" in text_of(client.get("/antrean/sragen").text)
    assert ask("a99")["A-099"].startswith("Nomor ini tidak sedang menunggu hari ini.")
    assert "<b>1" not in client.get("/antrean/sragen?nomor=<b>1").text
    assert client.get("/antrean/tidak-ada").status_code == 404


def test_the_ticket_says_where_its_holder_stands(
    hall: Hall, book: Callable[..., Booking], arrive: Arrive, page: Callable[[Booking], str], session: Session
) -> None:
    booking = book()
    number, ticket_id = number_of(booking.tickets[0]), booking.tickets[0].id
    hall.arrive(*range(101, 106))

    def says() -> str:
        return places(page(booking))[number]

    assert says().startswith("Belum tercatat hadir.")
    assert "Perlu waktu lagi" not in page(booking)
    arrive(booking)
    assert says() == f"Orang di depan Anda: 5. {UNSURE}"
    assert "Perlu waktu lagi" in page(booking)
    assert "Anda sudah tercatat hadir" not in page(booking)  # the queue says it better
    for _ in range(4):
        hall.serve(hall.call() or 0)
    hall.call()
    assert "Di loket sekarang: A-105 loket 1" in text_of(page(booking))
    assert says() == f"Anda yang berikutnya. Bersiaplah di dekat loket. {UNSURE}"
    hall.call(2)
    assert says() == "LOKET 2 Dipanggil ke loket 2. Silakan menuju loket."
    assert "Perlu waktu lagi" not in page(booking)
    hall.press(serving.start, ticket_id, at=2)
    assert says() == "Sedang dilayani di loket 2."
    hall.press(serving.hold, ticket_id, at=2)
    assert says().startswith("Ditunda sebentar.")
    hall.press(calling.resume, ticket_id, at=2)
    for _ in range(2):
        hall.press(calling.recall, ticket_id, at=2)
    hall.press(calling.skip, ticket_id, at=2)
    assert says().startswith("Anda yang berikutnya.")
    hall.call(2)
    for _ in range(2):
        hall.press(calling.recall, ticket_id, at=2)
    hall.press(calling.skip, ticket_id, at=2)
    assert "Nomor Anda sudah dipanggil, tetapi Anda belum datang ke loket." in text_of(page(booking))
    come_back(session, ticket_id, office_id=hall.office.id, actor=TESTER, now=hall.clock.now())
    session.commit()
    hall.call(2)
    hall.serve(ticket_id, at=2)
    assert "Anda sudah dilayani. Terima kasih sudah datang." in text_of(page(booking))


def test_an_office_without_counters_says_it_too(
    hall: Hall, book: Callable[..., Booking], arrive: Arrive, page: Callable[[Booking], str], session: Session
) -> None:
    booking = book()
    (ticket_id,) = arrive(booking)
    by = {"office_id": hall.office.id, "actor": TESTER, "now": hall.clock.now()}
    session.execute(update(Counter).values(active=False))
    step_in_list(session, ticket_id, VisitState.IN_SERVICE, **by)
    session.commit()
    assert list(places(page(booking)).values()) == ["Sedang dilayani."]


def test_the_queue_is_shown_on_the_day_only(
    hall: Hall, book: Callable[..., Booking], arrive: Arrive, page: Callable[[Booking], str]
) -> None:
    booking = book()
    today = hall.clock.now()
    hall.clock.set(MONDAY_MORNING)
    assert "data-queue" not in page(booking)
    assert "js/place-in-queue.js" not in page(booking)
    hall.clock.set(today)
    assert "js/place-in-queue.js" in page(booking)
    arrive(booking)
    hall.clock.advance(days=1)
    assert "data-queue" not in page(booking)


def test_a_family_sees_each_number_and_nothing_of_others(
    hall: Hall, book: Callable[..., Booking], arrive: Arrive, page: Callable[[Booking], str]
) -> None:
    family, stranger = book(3), book()
    arrive(stranger)
    arrive(family)
    numbers = [number_of(ticket) for ticket in family.tickets]
    shown = places(page(family))
    assert list(shown) == numbers
    assert [int(re.search(r"Anda: (\d)", text)[1]) for text in shown.values()] == [1, 2, 3]  # type: ignore[index]
    words = re.search(r"data-words='([^']*)'", page(family))
    assert words
    assert set(json.loads(unescape(words[1]))) == {"say", "title"}
