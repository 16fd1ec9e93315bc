"""A closure, an hour that was cut and the survey in the words of the office: what is offered, and how to answer."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.closures import ClosureKind
from queue_app.domain.message_texts import PLACES
from queue_app.domain.reminders import MessageKind
from queue_app.domain.tickets import show_code
from queue_app.jobs.messages import Letter
from queue_app.models import Booking, OfficeService
from queue_app.services.booking.answering import accept
from queue_app.services.calendar.closures import revoke
from queue_app.services.texts.messages import word_message
from tests.harness.closing import carry_out_all, closed
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.jobs.conftest import THURSDAY

Book = Callable[..., Booking]
Word = Callable[[MessageKind], None]


@pytest.fixture
def word(session: Session, offering: OfficeService, clock: FixedClock) -> Word:
    """A text with every place that messages of the kind may have, each behind its name."""

    def word(kind: MessageKind) -> None:
        text = {"subject": "Kabar {nomor}", "body": "\n".join(f"{place}: {{{place}}}" for place in PLACES[kind])}
        for language in ("id", "en"):
            word_message(session, offering.office_id, kind, language, **text, actor=TESTER, now=clock.now())

    return word


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", [MessageKind.DAY_CLOSED, MessageKind.SENT_HOME])
def test_a_closure_tells_the_reason_and_what_is_offered(
    session: Session,
    offering: OfficeService,
    book: Book,
    clock: FixedClock,
    word: Word,
    write: Callable[..., Letter],
    kind: MessageKind,
    language: str,
) -> None:
    booking = book(language=language, persons=2)
    word(kind)
    today = ClosureKind.TODAY if kind is MessageKind.SENT_HOME else ClosureKind.PLANNED
    closed(session, offering, THURSDAY, now=clock.now(), kind=today)
    letter = write(booking, kind)
    assert letter.subject.startswith("Kabar A-001 (S. W.), A-002 (S. W.)")
    because = {"id": ("sebab: Listrik padam", "hari: Kamis, 26"), "en": ("sebab: Power cut", "hari: Thursday, 26")}
    for told in (*because[language], f"kode: {show_code(booking.code)}", "/terima\n", "/ubah\n", "/batal\n"):
        assert told in letter.text, told
    assert "{" not in letter.text


@pytest.mark.parametrize("moves", [False, True])
def test_a_day_that_is_open_after_all(
    session: Session,
    offering: OfficeService,
    book: Book,
    clock: FixedClock,
    word: Word,
    write: Callable[..., Letter],
    moves: bool,
) -> None:
    booking = book()
    word(MessageKind.DAY_OPENED)
    closure = closed(session, offering, THURSDAY, now=clock.now())
    if moves:
        accept(session, booking.id, now=clock.now())
    revoke(session, closure.id, office_id=offering.office_id, reason="Jadi buka", actor=TESTER, now=clock.now())
    carry_out_all(session, closure, now=clock.now())
    session.refresh(booking)
    text = write(booking, MessageKind.DAY_OPENED).text
    assert "hari: Kamis, 26 November 2026" in text
    assert ("Jadwal Anda sekarang Jumat, 27 November 2026" in text) is moves
    assert ("Jadwal dan nomor antrean Anda tetap." in text) is not moves


def test_an_hour_that_was_cut_and_the_survey(
    session: Session, book: Book, clock: FixedClock, word: Word, write: Callable[..., Letter]
) -> None:
    booking = book(persons=2)
    for kind in (MessageKind.HOUR_CUT, MessageKind.SURVEY):
        word(kind)
    assert "/ubah" in write(booking, MessageKind.HOUR_CUT).text.partition("ubah: ")[2]
    for ticket in booking.tickets:
        ticket.state = TicketState.CHECKED_IN
    asked = write(booking, MessageKind.SURVEY).text
    assert asked.count("/survei") == 2
    assert "survei: A-001: https://antre.example/t/" in asked
