"""The messages of a closure: one for each booking, true at the moment it is sent, with three links that work."""

import re
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.domain.closures import ClosureKind, OfferState
from queue_app.domain.tickets import show_code
from queue_app.models import Booking, MessageState, OfficeService, OutboxMessage
from queue_app.services.booking.answering import accept
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.booking.offers import latest_offer
from queue_app.services.calendar.closures import confirm, revoke
from tests.harness.closing import closed, drafted
from tests.harness.factories import TESTER, slots_of
from tests.harness.fakes import FixedClock
from tests.jobs.conftest import THURSDAY

Run = Callable[[str], int]
Book = Callable[..., Booking]
EMAIL = "siti.wahyuni@example.id"


@pytest.fixture
def sent(settings: Settings, run: Run, messages: Callable[[], list[OutboxMessage]]) -> Callable[[str], list[str]]:
    """The texts of a kind that have gone, after a run of the sender."""

    def sent(kind: str) -> list[str]:
        run("send-outbox")
        gone = [row for row in messages() if row.kind == kind and row.state is MessageState.SENT]
        return [(settings.outbox_folder / f"{row.id}.txt").read_text(encoding="utf-8") for row in gone]

    return sent


@pytest.fixture
def link(keyring: FileKeyring, settings: Settings) -> Callable[[Booking], str]:
    return lambda booking: f"{settings.public_url}/t/{keyring.ticket_token(booking.tickets[0].id)}"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", [ClosureKind.PLANNED, ClosureKind.TODAY])
def test_reason_place_and_three_links(
    session: Session,
    offering: OfficeService,
    book: Book,
    clock: FixedClock,
    sent: Callable[[str], list[str]],
    link: Callable[[Booking], str],
    language: str,
    kind: ClosureKind,
) -> None:
    booking = book(language=language, persons=2, email=EMAIL)
    closed(session, offering, THURSDAY, now=clock.now(), kind=kind, hold_hours=14 * 24)
    (text,) = sent("sent_home" if kind is ClosureKind.TODAY else "day_closed")
    for way in ("terima", "ubah", "batal"):
        assert f"\n{link(booking)}/{way}\n" in text
    assert "A-001, A-002" in text.partition("\n\n")[0]
    if language == "id":
        assert "Alasan: Listrik padam" in text
        assert "Kamis, 26 November 2026" in text
        assert "Jumat, 27 November 2026\nJam kedatangan: 08.00–09.00 WIB" in text
        assert "Tempat ini kami simpan sampai Jumat, 27 November 2026 pukul 06.00 WIB" in text, "two hours before it"
    else:
        assert "Reason: Power cut" in text
        assert "Friday, 27 November 2026\nArrival time: 08:00–09:00 WIB" in text
        assert "We hold this place until" in text
    body = text.partition("\n\n")[2]
    assert len(body) < 1700, "too long for a phone"
    for hidden in ("Wahyuni", "3314", "81234567890", "siti.wahyuni"):
        assert hidden not in body
    assert not re.search(r"[{}<>]|&#|\n\n\n|None", text), text


def test_who_got_no_place_is_told_to_choose_first(
    session: Session, offering: OfficeService, book: Book, clock: FixedClock, sent: Callable[[str], list[str]]
) -> None:
    offering.opens_days_before = 3
    for day in (-2, -1, 0):
        for slot in (0, 1):
            book(THURSDAY + timedelta(days=day), slot=slot, persons=2)
    closed(session, offering, THURSDAY, now=clock.now())
    text = sent("day_closed")[0]
    assert "Anda boleh memilih lebih dulu" in text
    assert "/ubah\n" in text
    assert "/terima" not in text


@pytest.mark.parametrize("language", ["id", "en"])
def test_who_got_an_earlier_day_is_told_so_and_chooses_first(
    session: Session,
    offering: OfficeService,
    book: Book,
    clock: FixedClock,
    sent: Callable[[str], list[str]],
    language: str,
) -> None:
    offering.opens_days_before = 3  # Thursday is the last day that is open
    booking = book(language=language)
    closed(session, offering, THURSDAY, now=clock.now())
    (text,) = sent("day_closed")
    assert ("Rabu, 25 November 2026" if language == "id" else "Wednesday, 25 November 2026") in text
    if language == "id":
        assert "hari ini lebih awal daripada jadwal semula. Sampai Senin, 30 November 2026 pukul 09.00 WIB" in text
    else:
        assert "this day is before the one you had booked. Until Monday, 30 November 2026 at 09:00 WIB" in text
    later = slots_of(session, offering, THURSDAY + timedelta(days=1))[0]
    reschedule(session, booking.id, later.id, now=clock.now())
    offer = latest_offer(session, booking.id)
    assert offer is not None
    assert offer.state is OfferState.ELSEWHERE


def test_of_a_part_of_a_day_the_hour_is_named(
    session: Session, offering: OfficeService, book: Book, clock: FixedClock, sent: Callable[[str], list[str]]
) -> None:
    book(slot=1)
    closed(session, offering, THURSDAY, now=clock.now(), hours=(time(9), time(10)))
    (text,) = sent("day_closed")
    assert "tidak melayani pada Kamis, 26 November 2026 pukul 09.00–10.00 WIB." in text


def test_whoever_has_answered_gets_no_message(
    session: Session, offering: OfficeService, book: Book, clock: FixedClock, sent: Callable[[str], list[str]]
) -> None:
    accepts, cancels, stays = book(), book(), book(slot=1)
    closed(session, offering, THURSDAY, now=clock.now())
    accept(session, accepts.id, now=clock.now())
    cancel(session, cancels.id, now=clock.now())
    session.commit()
    (text,) = sent("day_closed")
    assert show_code(stays.code) in text


def test_revoked_before_anybody_heard_of_it_nobody_is_troubled(
    session: Session, offering: OfficeService, book: Book, clock: FixedClock, run: Run, sent: Callable[[str], list[str]]
) -> None:
    book()
    closure = closed(session, offering, THURSDAY, now=clock.now())
    revoke(session, closure.id, office_id=offering.office_id, reason="Jadi buka", actor=TESTER, now=clock.now())
    session.commit()
    run("carry-out-closures")
    assert sent("day_closed") == []
    assert sent("day_opened") == []


def test_open_after_all(
    session: Session,
    offering: OfficeService,
    book: Book,
    clock: FixedClock,
    run: Run,
    sent: Callable[[str], list[str]],
    link: Callable[[Booking], str],
) -> None:
    stays, moves = book(), book()
    closure = closed(session, offering, THURSDAY, now=clock.now())
    assert len(sent("day_closed")) == 2
    accept(session, moves.id, now=clock.now())
    clock.advance(hours=1)
    revoke(session, closure.id, office_id=offering.office_id, reason="Jadi buka", actor=TESTER, now=clock.now())
    session.commit()
    run("carry-out-closures")
    kept, back = sent("day_opened")
    assert "Jadwal dan nomor antrean Anda tetap." in kept
    assert link(stays) in kept
    assert "Jadwal Anda sekarang Jumat, 27 November 2026" in back
    assert "kembali ke Kamis, 26 November 2026" in back
    assert "/terima\n" in back
    assert sent("day_opened") == [kept, back], "nobody hears of it twice"


@pytest.mark.parametrize("since", ["cancelled", "closed again"])
def test_of_a_day_that_is_open_again_only_those_hear_for_whom_it_is(
    session: Session,
    offering: OfficeService,
    book: Book,
    clock: FixedClock,
    run: Run,
    sent: Callable[[str], list[str]],
    messages: Callable[[], list[OutboxMessage]],
    since: str,
) -> None:
    """Queued while it was true; then they cancelled, or the day was closed once more and the job has not come to it."""
    booking = book()
    closure = closed(session, offering, THURSDAY, now=clock.now())
    assert len(sent("day_closed")) == 1
    clock.advance(hours=1)
    revoke(session, closure.id, office_id=offering.office_id, reason="Jadi buka", actor=TESTER, now=clock.now())
    session.commit()
    run("carry-out-closures")
    if since == "cancelled":
        cancel(session, booking.id, now=clock.now())
    else:
        again = drafted(session, offering, THURSDAY, now=clock.now())
        confirm(session, again.id, office_id=offering.office_id, actor=TESTER, now=clock.now())
    session.commit()
    assert sent("day_opened") == []
    assert [row.state for row in messages() if row.kind == "day_opened"] == [MessageState.OVERTAKEN]
