"""What runs by the clock: retention, leases, and inserting what may be there already."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.models import Booking, Holiday, JobLease, JobRun
from queue_app.services.records.leases import LEASE, record_end, record_start, release_lease, take_lease
from queue_app.services.records.retention import purge
from queue_app.services.records.upsert import insert_absent, insert_if_absent
from tests.harness.factories import make_applicant
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book

RETENTION = timedelta(days=90)


def holds_data(booking: Booking) -> bool:
    held = [booking.phone, booking.email]
    for ticket in booking.tickets:
        held += [ticket.nik, ticket.name, ticket.person_index]
    assert all(value is None for value in held) or any(value is not None for value in held)
    return any(value is not None for value in held)


def test_personal_data_goes_when_its_time_is_over_and_the_rows_stay(
    session: Session, book: Book, clock: FixedClock, audited
) -> None:
    old, young = book(persons=2, email="siti@example.id"), book(day=FRIDAY)
    over = old.tickets[0].starts_at + RETENTION
    assert purge(session, retention=RETENTION, now=over) == 0
    assert purge(session, retention=RETENTION, now=over + timedelta(seconds=1)) == 1
    session.commit()
    session.expire_all()
    assert not holds_data(old)
    assert holds_data(young)
    assert [ticket.queue_number for ticket in old.tickets] == [1, 2]
    assert (audited()[-1].action, audited()[-1].subject_id) == ("booking.purged", old.id)
    assert purge(session, retention=RETENTION, now=over + timedelta(seconds=1)) == 0


def test_the_last_appointment_of_a_booking_counts(session: Session, book: Book, slots, clock: FixedClock) -> None:
    from queue_app.services.booking.change import reschedule

    booking = book(day=THURSDAY)
    reschedule(session, booking.id, slots(FRIDAY)[0].id, now=clock.now())
    session.commit()
    thursday_over = booking.tickets[0].starts_at + RETENTION + timedelta(seconds=1)
    assert purge(session, retention=RETENTION, now=thursday_over) == 0
    assert purge(session, retention=RETENTION, now=thursday_over + timedelta(days=1)) == 1
    session.expire_all()
    assert not holds_data(booking)


def test_the_purge_works_in_small_steps(session: Session, book: Book) -> None:
    bookings = [book(), book(), book(window=1)]
    over = bookings[-1].tickets[0].starts_at + RETENTION + timedelta(days=1)
    assert [purge(session, retention=RETENTION, now=over, limit=2) for _ in range(3)] == [2, 1, 0]


def test_an_emptied_person_may_book_again(session: Session, book: Book, clock: FixedClock) -> None:
    siti = make_applicant()
    booking = book(siti)
    purge(session, retention=timedelta(0), now=booking.tickets[0].starts_at + timedelta(seconds=1))
    assert book(siti, day=FRIDAY)


def test_one_holder_has_the_lease_until_it_runs_out(session: Session, clock: FixedClock) -> None:
    def take(holder: str) -> bool:
        return take_lease(session, "scheduler", holder, now=clock.now())

    assert take("one")
    assert not take("two")
    assert take("one")  # renewed
    clock.advance(seconds=LEASE.total_seconds() - 1)
    assert not take("two")
    clock.advance(seconds=1)
    assert take("two")
    assert not take("one")
    assert take_lease(session, "another", "one", now=clock.now())


def test_a_lease_that_is_given_back_is_free_at_once(session: Session, clock: FixedClock) -> None:
    take_lease(session, "scheduler", "one", now=clock.now())
    release_lease(session, "scheduler", "two", now=clock.now())
    assert not take_lease(session, "scheduler", "two", now=clock.now())
    release_lease(session, "scheduler", "one", now=clock.now())
    assert take_lease(session, "scheduler", "two", now=clock.now())


@pytest.mark.parametrize(
    ("set_back", "free"), [(timedelta(minutes=4), False), (timedelta(hours=1), True), (timedelta(days=400), True)]
)
def test_a_lease_from_the_future_does_not_block_for_ever(
    session: Session, clock: FixedClock, set_back: timedelta, free: bool
) -> None:
    """The clock was wrong, and its holder died before it was set right."""
    take_lease(session, "scheduler", "one", now=clock.now())
    assert take_lease(session, "scheduler", "two", now=clock.now() - set_back) is free


def test_the_last_good_run_of_a_job_is_kept_until_the_next_good_one(session: Session, clock: FixedClock) -> None:
    """Whoever watches has to see how long ago it was, also while the job runs, fails, or is killed at each try."""
    record_start(session, "purge", now=clock.now())
    good = clock.advance(seconds=2)
    record_end(session, "purge", done=3, error=None, now=good)
    row = session.scalars(select(JobRun)).one()
    for _ in range(2):
        record_start(session, "purge", now=clock.advance(hours=1))
        session.flush()
        assert (row.started_at, row.finished_at, row.done) == (clock.now(), good, 3)
        record_end(session, "purge", done=None, error="ValueError", now=clock.advance(seconds=2))
        session.flush()
        assert (row.finished_at, row.done, row.error) == (good, 3, "ValueError")
    record_end(session, "purge", done=0, error=None, now=clock.now())
    record_end(session, "unknown", done=3, error=None, now=clock.now())
    session.flush()
    assert (row.done, row.finished_at, row.error) == (0, clock.now(), None)


def test_inserting_what_is_there_changes_nothing(session: Session, clock: FixedClock) -> None:
    day = date(2026, 12, 25)
    assert insert_if_absent(session, Holiday, ["date"], date=day, name_id="Natal", name_en="Christmas")
    assert not insert_if_absent(session, Holiday, ["date"], date=day, name_id="Lain", name_en="Other")
    assert session.scalars(select(Holiday)).one().name_id == "Natal"
    assert insert_if_absent(session, JobLease, ["name"], name="x", holder="one", until=clock.now())
    assert session.scalar(select(func.count()).select_from(JobLease)) == 1
    assert session.get_one(JobLease, "x").until == clock.now()  # aware on either database


def test_of_several_rows_the_absent_ones_are_inserted(session: Session) -> None:
    days = [date(2026, 12, day) for day in (24, 25, 26)]
    assert insert_if_absent(session, Holiday, ["date"], date=days[1], name_id="Natal", name_en="Christmas")
    rows = [{"date": day, "name_id": "Lain", "name_en": "Other"} for day in days]
    assert sorted(insert_absent(session, Holiday, ["date"], rows)) == [(days[0],), (days[2],)]
    assert insert_absent(session, Holiday, ["date"], rows) == []
    assert insert_absent(session, Holiday, ["date"], []) == []
    named = {row.date: row.name_id for row in session.scalars(select(Holiday))}
    assert named == {days[0]: "Lain", days[1]: "Natal", days[2]: "Lain"}
