"""Where a ticket stands, as its page and its files tell it: none says "come" where another says "closed"."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import ServiceDay, Ticket, Visit
from queue_app.services.calendar import closing
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.web.citizen import Citizen, text_of

pytestmark = pytest.mark.offering(capacity=5)

TUESDAY = date(2026, 11, 24)
Book = Callable[..., str]


def test_after_the_cut_off_it_can_still_be_given_back_and_that_is_said(
    client: FlaskClient, book: Book, clock: FixedClock
) -> None:
    path = book()
    clock.advance(hours=3)
    page = client.get(path).text
    assert f"{path}/batal" in page
    assert "Pindah ke hari lain sudah ditutup Senin, 23 November 2026 pukul 12.00 WIB" in text_of(page)
    clock.advance(hours=20)  # the hour of arrival has begun
    late = client.get(path).text
    assert f"{path}/ubah" not in late
    assert f"{path}/batal" not in late
    assert "Jam kedatangan Anda sudah mulai." in late


def test_a_cancelled_ticket_says_so_and_leads_to_booking_again(client: FlaskClient, book: Book) -> None:
    path = book()
    Citizen(client).post(f"{path}/batal")
    answer = client.get(path)
    assert "sudah dibatalkan" in answer.text
    assert 'href="/sragen/ktp-rekam"' in answer.text
    assert "<svg xmlns" not in answer.text
    assert answer.headers["Offline-Copy"] == "drop"
    for file in ("tiket.pdf", "kalender.ics", "cetak", "ubah", "batal"):
        assert client.get(f"{path}/{file}").location == path


def test_a_closed_day_is_explained_and_another_one_offered(
    client: FlaskClient, session: Session, book: Book, clock: FixedClock
) -> None:
    path = book()
    day = session.scalars(select(ServiceDay).where(ServiceDay.day == TUESDAY)).one()
    closing.close_day(session, day.id, reason_id="Listrik padam", reason_en="Power cut", actor=TESTER, now=clock.now())
    session.commit()
    clock.advance(hours=5)  # past the cut-off, which must not hold people on a day the office closed
    page = client.get(path)
    assert "Tidak ada pelayanan pada Selasa, 24 November 2026: Listrik padam." in page.text
    assert f'href="{path}/ubah"' in page.text
    assert "Hari ini" not in text_of(page.text)  # it is tomorrow
    assert "<svg xmlns" not in page.text
    for file in ("tiket.pdf", "kalender.ics", "cetak"):  # no file invites to a day that is closed
        assert client.get(f"{path}/{file}").location == path
    assert "Tempat ini tetap milik Anda" not in client.get(f"{path}/ubah").text
    assert "Power cut" in client.get(f"{path}?lang=en").text


@pytest.mark.parametrize(
    ("state", "words", "kept"),
    [
        (TicketState.CHECKED_IN, "Kode QR tiket", "keep"),
        (TicketState.NO_SHOW, "tercatat tidak hadir", "drop"),
        (TicketState.BOOKED, "Tunjukkan kode QR", "keep"),
    ],
)
def test_each_state_is_told(
    client: FlaskClient, session: Session, book: Book, state: TicketState, words: str, kept: str
) -> None:
    path = book()
    session.scalars(select(Ticket)).one().state = state
    session.commit()
    answer = client.get(path)
    assert words in answer.text
    assert answer.headers["Offline-Copy"] == kept
    assert (f"{path}/ubah" in answer.text) == (state is TicketState.BOOKED)


@pytest.mark.parametrize(
    ("visit", "outcome", "words"),
    [
        (VisitState.SERVED, Outcome.DONE, "Anda sudah dilayani. Terima kasih sudah datang."),
        (VisitState.SERVED, Outcome.FAILED_IRIS, "Lepas lensa kontak"),
        (VisitState.SERVED, Outcome.FAILED_DEVICE, "Anda berhak datang lagi tanpa menunggu kuota"),
        (VisitState.SERVED, Outcome.UNRECORDED, "Hasil belum dicatat"),
        (VisitState.SERVED, Outcome.REFUSED, "Lengkapi berkasnya, lalu pesan lagi."),
        (VisitState.ABSENT, None, "Nomor Anda dipanggil pada Selasa, 24 November 2026, tetapi Anda tidak datang"),
        (VisitState.WAITING, None, "Anda datang pada Selasa, 24 November 2026, tetapi belum sempat kami layani."),
    ],
)
def test_the_day_after_the_ticket_says_what_came_of_it(
    client: FlaskClient,
    session: Session,
    book: Book,
    clock: FixedClock,
    visit: VisitState,
    outcome: Outcome | None,
    words: str,
) -> None:
    path = book()
    ticket = session.scalars(select(Ticket)).one()
    ticket.state = TicketState.CHECKED_IN
    came = {"office_id": ticket.office_id, "service_id": ticket.service_id, "day": ticket.day}
    then = {"since": ticket.starts_at, "arrived_at": ticket.starts_at, "window_at": ticket.starts_at}
    session.add(Visit(ticket_id=ticket.id, state=visit, outcome=outcome, **came, **then))
    session.commit()
    clock.advance(days=2)
    answer = client.get(path)
    assert words in text_of(answer.text)
    for wrong in ("Tunggu nomor Anda dipanggil", "Selanjutnya", "<svg xmlns"):
        assert wrong not in answer.text
    assert answer.headers["Offline-Copy"] == "drop"
    for file in ("tiket.pdf", "kalender.ics", "cetak"):
        assert client.get(f"{path}/{file}").location == path
