"""What is written down of printing: one original, copies after it, and nothing of another office."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.errors import InvalidPrinter, NotFound, NothingToPrint
from queue_app.domain.printing import PrintOutcome, PrintProblem, PrintState
from queue_app.domain.roles import Actor
from queue_app.models import AuditEntry, Office, Printer, PrintJob, Staff
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.printing import printers, printing
from tests.harness.factories import TESTER, make_offering, make_office
from tests.harness.fakes import FRIDAY, FixedClock
from tests.services.conftest import Book, Slots

Ask = Callable[..., PrintJob]
PRINTED = PrintOutcome(PrintState.PRINTED)


@pytest.fixture
def add(session: Session, clock: FixedClock) -> Callable[..., Printer]:
    def add(office_id: int, *, port: int = 9100) -> Printer:
        facts = {"name": "Meja depan 1", "host": "127.0.0.1", "port": port, "columns": 32}
        return printers.add_printer(session, office_id=office_id, **facts, actor=TESTER, now=clock.now())

    return add


@pytest.fixture
def ask(session: Session, office: Office, desk: Staff, clock: FixedClock) -> Ask:
    here = {"office_id": office.id, "printer_id": None, "actor": Actor.staff(desk.id), "now": clock.now()}
    return partial(printing.ask_print, session, **here)


def test_the_first_is_the_original_and_every_later_one_a_copy(
    ask: Ask, add: Callable[..., Printer], book: Book, office: Office, audited: Callable[[], list[AuditEntry]]
) -> None:
    family, other, printer = book(persons=2), book(window=1), add(office.id)
    jobs = [ask(family.id), ask(family.id, printer_id=printer.id), ask(other.id), ask(family.id)]
    assert [job.copy for job in jobs] == [False, True, False, True]
    assert [job.state for job in jobs] == [PrintState.SENT, PrintState.SENDING, PrintState.SENT, PrintState.SENT]
    told = [entry.after for entry in audited() if entry.action == "print.asked"]
    assert told == [{"copy": False}, {"copy": True, "printer": "Meja depan 1"}, {"copy": False}, {"copy": True}]


def test_what_became_of_it_is_written_down_once(
    session: Session, ask: Ask, add: Callable[..., Printer], book: Book, office: Office
) -> None:
    booking, printer = book(), add(office.id)
    failed = ask(booking.id, printer_id=printer.id)
    no_paper = PrintOutcome(PrintState.FAILED, PrintProblem.PAPER_OUT)
    for outcome in (no_paper, PRINTED):  # the second one comes too late
        found = printing.finish_print(session, failed.id, outcome)
        assert (found.state, found.problem) == (PrintState.FAILED, PrintProblem.PAPER_OUT)
    again = ask(booking.id, printer_id=printer.id)
    assert again.copy  # also when nothing came out of the first
    assert printing.finish_print(session, again.id, PRINTED).state is PrintState.PRINTED
    with pytest.raises(NotFound):
        printing.finish_print(session, 4711, PRINTED)


def test_a_cancelled_booking_has_nothing_to_print(session: Session, ask: Ask, book: Book, clock: FixedClock) -> None:
    booking = book()
    cancel(session, booking.id, now=clock.now())
    session.flush()
    session.expire_all()
    with pytest.raises(NothingToPrint):
        ask(booking.id)


def test_a_moved_booking_is_printed_as_it_stands(
    session: Session, ask: Ask, book: Book, slots: Slots, clock: FixedClock
) -> None:
    booking = book()
    reschedule(session, booking.id, slots(FRIDAY)[0].id, now=clock.now())
    session.flush()
    session.expire_all()
    assert not ask(booking.id).copy


def test_nothing_of_another_office_and_no_printer_out_of_use(
    session: Session, ask: Ask, add: Callable[..., Printer], book: Book, office: Office, clock: FixedClock
) -> None:
    booking, printer = book(), add(office.id)
    elsewhere = make_office(session, "gemolong")
    make_offering(session, elsewhere, now=clock.now())
    theirs = add(elsewhere.id)
    by = {"actor": TESTER, "now": clock.now()}
    with pytest.raises(NotFound):
        ask(booking.id, printer_id=theirs.id)
    with pytest.raises(NotFound):
        ask(booking.id, office_id=elsewhere.id)
    with pytest.raises(NotFound):
        printers.deactivate_printer(session, theirs.id, office_id=office.id, **by)
    printers.deactivate_printer(session, printer.id, office_id=office.id, **by)
    with pytest.raises(NotFound):
        ask(booking.id, printer_id=printer.id)


def test_a_printer_is_tried_and_taken_out_of_use_once(
    session: Session, add: Callable[..., Printer], office: Office, clock: FixedClock, audited: Callable[[], list]
) -> None:
    printer = add(office.id)
    here = {"office_id": office.id, "actor": TESTER, "now": clock.now()}
    printers.record_trial(session, printer.id, PRINTED, **here)
    for _ in range(2):
        assert not printers.deactivate_printer(session, printer.id, **here).active
    session.flush()
    told = [entry.action for entry in audited() if entry.subject == "printer"]
    assert told == ["printer.added", "printer.tried", "printer.deactivated"]


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_no_printer_listens_there(add: Callable[..., Printer], office: Office, port: int) -> None:
    with pytest.raises(InvalidPrinter):
        add(office.id, port=port)
