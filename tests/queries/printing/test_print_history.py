"""Who printed a booking, on what, and what of it can be printed at an office."""

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor
from queue_app.models import OfficeService, Staff
from queue_app.queries.printing.printing import print_history, print_job_of, printers_of
from queue_app.services.printing.printers import add_printer, deactivate_printer
from queue_app.services.printing.printing import ask_print
from tests.harness.factories import TESTER, make_booking, make_office, slots_of
from tests.harness.fakes import THURSDAY, FixedClock


def test_the_newest_comes_first_with_its_printer_and_who_asked(
    session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    here = {"office_id": offering.office_id, "now": clock.now()}
    slot, *_ = slots_of(session, offering, THURSDAY)
    booking, other = (make_booking(session, slot.id, keyring=keyring) for _ in range(2))
    printer = add_printer(session, name="Meja 1", host="127.0.0.1", port=9, columns=32, actor=TESTER, **here)
    desk = Staff(username="meja", name="Petugas Meja", password_hash="-", created_at=clock.now())
    session.add(desk)
    session.flush()
    by_program = ask_print(session, booking.id, printer_id=None, actor=TESTER, **here)
    by_desk = ask_print(session, booking.id, printer_id=printer.id, actor=Actor.staff(desk.id), **here)
    found = [(row.job.id, row.by, row.printer) for row in print_history(session, booking.id)]
    assert found == [(by_desk.id, "Petugas Meja", "Meja 1"), (by_program.id, None, None)]
    assert print_history(session, other.id) == ()
    assert print_job_of(session, by_desk.id, booking.id) is by_desk
    with pytest.raises(NotFound):
        print_job_of(session, by_desk.id, other.id)


def test_the_printers_of_an_office_by_name(session: Session, offering: OfficeService, clock: FixedClock) -> None:
    elsewhere = make_office(session, "gemolong")
    facts = {"host": "127.0.0.1", "port": 9, "columns": 48, "actor": TESTER, "now": clock.now()}
    second, first, _ = (
        add_printer(session, office_id=office_id, name=name, **facts)
        for name, office_id in (("B", offering.office_id), ("A", offering.office_id), ("C", elsewhere.id))
    )
    deactivate_printer(session, second.id, office_id=offering.office_id, actor=TESTER, now=clock.now())
    session.flush()
    assert printers_of(session, offering.office_id) == [first, second]
    assert printers_of(session, offering.office_id, active=True) == [first]
    assert printers_of(session, offering.office_id, active=False) == [second]
