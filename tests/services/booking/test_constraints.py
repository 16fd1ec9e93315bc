"""What the database itself refuses, whatever the services above it do."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.identity import parse_nik
from queue_app.domain.keyring import Keyring
from queue_app.models import Booking, OfficeService, Ticket
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.booking.request import Applicant
from tests.harness.factories import make_applicant
from tests.harness.fakes import FRIDAY, FixedClock
from tests.services.conftest import Book, Slots

Refused = Callable[..., None]


@pytest.fixture
def refused(session: Session) -> Refused:
    """Runs one statement and expects an integrity error about the thing that `because` names."""

    def refused(statement: str, because: str, **values: object) -> None:
        with pytest.raises(IntegrityError, match=because):
            session.execute(text(statement), values)
        session.rollback()

    return refused


def copy_of(session: Session, ticket: Ticket, **different: object) -> Ticket:
    """A second row like a ticket's, straight into the table."""
    columns = {column.key: getattr(ticket, column.key) for column in Ticket.__table__.columns if column.key != "id"}
    copied = Ticket(**{**columns, **different})
    session.add(copied)
    return copied


def test_no_slot_gives_more_places_than_it_has(book: Book, slots: Slots, refused: Refused) -> None:
    book(persons=2)
    slot_id = slots()[0].id
    within = "booked_within_capacity"
    refused("UPDATE slot SET booked = 3 WHERE id = :id", within, id=slot_id)
    refused("UPDATE slot SET booked = -1 WHERE id = :id", within, id=slot_id)
    refused("UPDATE slot SET planned = 0, capacity = 1 WHERE id = :id", within, id=slot_id)
    refused("UPDATE slot SET planned = 3 WHERE id = :id", "planned_within_capacity", id=slot_id)
    refused("UPDATE slot SET planned = -1 WHERE id = :id", "planned_within_capacity", id=slot_id)
    refused("UPDATE slot SET ends_at = starts_at WHERE id = :id", "times", id=slot_id)


def test_one_active_ticket_per_person_and_service(session: Session, book: Book, clock: FixedClock) -> None:
    (ticket,) = book().tickets
    copy_of(session, ticket, queue_number=999)
    with pytest.raises(IntegrityError, match="person_index"):
        session.flush()
    session.rollback()
    cancel(session, ticket.booking_id, now=clock.now())
    session.commit()
    for number, state in ((997, "cancelled"), (998, "no_show"), (999, "booked")):
        copy_of(session, ticket, queue_number=number, state=state)
    session.flush()


def test_one_number_once_a_day_even_when_it_was_cancelled(session: Session, book: Book, clock: FixedClock) -> None:
    (ticket,) = book().tickets
    cancel(session, ticket.booking_id, now=clock.now())
    copy_of(session, ticket, person_index=b"somebody else")
    with pytest.raises(IntegrityError, match="queue_number"):
        session.flush()


@pytest.mark.parametrize("column", ["code", "request_key"])
def test_codes_and_requests_are_unique(session: Session, book: Book, column: str) -> None:
    first = book(request_key="key-1")
    row = {"code": "00000000", "request_key": "key-2", column: getattr(first, column)}
    session.add(Booking(**row, service_id=first.service_id, language="id", created_at=first.created_at))
    with pytest.raises(IntegrityError, match=column):
        session.flush()


def test_one_row_for_each_day_slot_message_and_scan(
    session: Session, book: Book, refused: Refused, slots: Slots
) -> None:
    (ticket,) = book().tickets
    copies = {
        "service_day": "office_id, service_id, day, status, next_block, set_by_hand",
        "slot": "service_day_id, office_id, service_id, day, starts_at, ends_at, share, capacity, booked, accepts, "
        "next_number, last_number",
        "outbox_message": "booking_id, office_id, kind, due_at, state, next_try_at, attempts",
    }
    for table, columns in copies.items():
        refused(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}", "(?i)unique")
    insert = (
        "INSERT INTO check_in (nonce, ticket_id, office_id, at, result) VALUES (:nonce, :ticket, :office, :at, :result)"
    )
    scan = {"ticket": ticket.id, "office": ticket.office_id, "at": ticket.state_since.replace(tzinfo=None)}
    session.execute(text(insert), {**scan, "nonce": "first", "result": "checked_in"})
    session.commit()
    refused(insert, "nonce", **scan, nonce="first", result="already")
    refused(insert, "ticket_id|admitted", **scan, nonce="second", result="late")
    session.execute(text(insert), {**scan, "nonce": "second", "result": "already"})


@pytest.mark.parametrize(
    ("statement", "because"),
    [
        ("UPDATE ticket SET state = 'lost'", "state"),
        ("UPDATE ticket SET position = 5", "position"),
        ("UPDATE slot SET share = 'friends'", "share"),
        ("UPDATE service_day SET status = 'maybe'", "status"),
        ("UPDATE outbox_message SET kind = 'spam'", "kind"),
        ("UPDATE office_service SET opens_days_before = 0", "opens_days_before"),
        ("UPDATE office_service SET closes_days_before = -1", "closes_days_before"),
        ("UPDATE schedule SET valid_until = '2019-12-31'", "valid_range"),
        ("UPDATE schedule_window SET weekday = 7", "weekday"),
        ("UPDATE schedule_window SET capacity = -1", "capacity"),
        ("UPDATE schedule_window SET ends_at = starts_at", "times"),
    ],
)
def test_words_and_numbers_stay_within_their_range(book: Book, refused: Refused, statement: str, because: str) -> None:
    book()
    refused(statement, because)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM booking",
        "DELETE FROM slot",
        "DELETE FROM service_day",
        "DELETE FROM office",
        "DELETE FROM service",
        "UPDATE ticket SET slot_id = 4711",
        "UPDATE ticket SET replaced_by_id = 4711",
    ],
)
def test_nothing_that_is_referred_to_goes_away(book: Book, refused: Refused, statement: str) -> None:
    book()
    refused(statement, "(?i)foreign key")


def test_the_id_of_a_ticket_never_comes_back(session: Session, book: Book) -> None:
    """A token names an id: a row made after a deletion must not answer to an old ticket."""
    booking = book()
    (ticket,) = booking.tickets
    old_id = ticket.id
    session.execute(text("DELETE FROM outbox_message"))
    session.execute(text("DELETE FROM ticket"))
    session.execute(text("DELETE FROM booking"))
    session.execute(text("UPDATE slot SET booked = 0"))
    session.commit()
    session.expunge(ticket)
    session.expunge(booking)
    assert book().tickets[0].id > old_id


def test_a_naive_time_never_reaches_the_database(session: Session, book: Book) -> None:
    booking = book()
    booking.created_at = booking.created_at.replace(tzinfo=None)
    with pytest.raises(Exception, match="naive"):
        session.flush()


def test_times_come_back_aware_and_in_utc(session: Session, book: Book, clock: FixedClock) -> None:
    booking = book()
    session.expire_all()
    assert booking.created_at == clock.now()
    assert booking.created_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_is_set_for_durability(session: Session) -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    assert [session.execute(text(f"PRAGMA {name}")).scalar() for name in pragmas] == ["wal", 2, 1, 5_000]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_file_of_the_database_holds_no_personal_data(
    session: Session,
    database_url: str,
    book: Book,
    slots: Slots,
    clock: FixedClock,
    offering: OfficeService,
    keyring: Keyring,
) -> None:
    """SlotSeen at as bytes, the way a thief would: the rows, the log beside them, and what was overwritten."""
    name, nik, phone, email = "Wulandari Kusumaningrum", "3314994107900007", "+6281234567891", "wulan@example.id"
    reader = session.get_bind().connect()  # as long as somebody reads, the log is not folded into the file
    reader.execute(text("SELECT 1 FROM office"))
    booking = book(Applicant(name, parse_nik(nik)), make_applicant(name=name), phone=phone, email=email)
    reschedule(session, booking.id, slots(FRIDAY)[0].id, now=clock.now())
    session.commit()
    cancel(session, booking.id, now=clock.now())
    session.commit()
    file = Path(make_url(database_url).database or "")
    log = file.with_name(file.name + "-wal")
    assert log.exists()
    raw = file.read_bytes() + log.read_bytes()
    reader.close()
    assert booking.code.encode() in raw  # so the bookings are in there
    for plain in (name, "Wulandari", nik, nik[:12], phone, phone[3:], email, "wulan"):
        assert plain.encode() not in raw
        assert plain.encode("utf-16-le") not in raw
    secret = keyring.person_index_key  # type: ignore[attr-defined]
    assert secret not in raw
