"""Finding tickets: the nearest days first, bounded work for what is sealed, and as few statements as a search needs."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.finding import read_search
from queue_app.models import OfficeService
from queue_app.queries.booking import search
from queue_app.queries.booking.search import Hits, holder_of, search_tickets
from queue_app.services.booking.change import cancel
from tests.harness.factories import make_applicant, make_booking, make_nik, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock


@pytest.fixture
def people(session: Session, offering: OfficeService, keyring: FileKeyring, clock: FixedClock):
    """Two on Thursday and two on Friday; today is the Friday."""

    def book(name: str, day: date) -> int:
        slot = next(one for one in slots_of(session, offering, day) if one.booked < one.capacity)
        who = make_applicant(name=name)
        booking = make_booking(session, slot.id, who, keyring=keyring, now=clock.now())
        session.commit()
        return booking.tickets[0].id

    return [book(name, day) for day in (THURSDAY, FRIDAY) for name in ("Siti Wahyuni", "Budi Santoso")]


@pytest.fixture
def find(session: Session, offering: OfficeService, keyring: FileKeyring, clock: FixedClock):
    def find(typed: str) -> Hits:
        wanted = read_search(typed, keyring.read_ticket_token)
        return search_tickets(session, offering.office_id, wanted, keyring=keyring, today=FRIDAY, now=clock.now())

    return find


def test_of_the_past_only_so_many_are_opened_and_the_first_day_is_said(
    people, find, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ([line.ticket_id for line in find("siti").lines], find("siti").since) == ([people[2], people[0]], None)
    monkeypatch.setattr(search, "OPENED", 1)
    found = find("siti")
    assert ([line.ticket_id for line in found.lines], found.since) == ([people[2]], FRIDAY)
    assert (find("081234567890").since, find("A-001").since) == (FRIDAY, None)


def test_more_than_fit_on_a_page_are_said_to_be_there(people, find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SHOWN", 1)
    for typed in ("siti", "1", "081234567890"):
        found = find(typed)
        assert (len(found.lines), found.more) == (1, True)
        assert found.lines[0].day == FRIDAY


def test_what_was_found_is_not_opened_any_further(people, find, keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    """A common name would else cost as much as one that nobody has."""
    monkeypatch.setattr(search, "SHOWN", 0)
    opened = []
    seen = FileKeyring.open

    def counting(self: FileKeyring, sealed: bytes, *, bound_to: str) -> str:
        opened.append(bound_to)
        return seen(self, sealed, bound_to=bound_to)

    monkeypatch.setattr(FileKeyring, "open", counting)
    find("siti")
    assert len(opened) == 1


def test_a_search_that_finds_nobody_is_a_few_statements(people, find, session: Session) -> None:
    find("Zubaidah")  # and the office is known to the session
    statements: list[str] = []

    def told(*of_execution: object) -> None:
        statements.append(str(of_execution[2]))

    event.listen(session.get_bind(), "before_cursor_execute", told)
    assert find("Zubaidah").lines == ()
    event.remove(session.get_bind(), "before_cursor_execute", told)
    assert len(statements) == 5  # since when, the days ahead, the days before; and the bookings of a thousand of each


def test_who_keeps_a_person_from_booking(session: Session, offering, keyring, clock: FixedClock) -> None:
    nik = make_nik()
    slot = slots_of(session, offering, THURSDAY)[0]
    who = make_applicant()
    booking = make_booking(session, slot.id, who, keyring=keyring, now=clock.now())
    here = (offering.office_id, offering.service_id)
    index = keyring.person_index(who.nik.digits)
    assert holder_of(session, *here, [keyring.person_index(nik.digits), index]) == booking.tickets[0].id
    assert holder_of(session, offering.office_id + 1, offering.service_id, [index]) is None
    cancel(session, booking.id, now=clock.now() + timedelta(minutes=1))
    assert holder_of(session, *here, [index]) is None
