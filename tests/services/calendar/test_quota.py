"""One day's quota, a closed day, a new schedule: previewed, reasoned, audited, and never at anybody's expense."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import DayStatus
from queue_app.domain.errors import InvalidSchedule, NotFound, QuotaBelowBooked, ReasonRequired
from queue_app.domain.keyring import Keyring
from queue_app.models import OfficeService, ServiceDay
from queue_app.queries.calendar.days import day_summaries
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.arrivals.no_shows import mark_no_shows
from queue_app.services.booking.offers import lapse_offers
from queue_app.services.calendar.closing import close_day, open_day
from queue_app.services.calendar.quota import preview_day_quota, set_day_quota
from queue_app.services.calendar.schedule import NewSchedule, set_schedule
from tests.harness.closing import carry_out_all
from tests.harness.factories import TESTER
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

WIB = ZoneInfo("Asia/Jakarta")
REASON = {"reason": "Mesin rusak", "actor": TESTER}
CLOSED = {"reason_id": "Listrik padam", "reason_en": "Power cut", "actor": TESTER}
NEXT_THURSDAY = THURSDAY + timedelta(days=7)


def test_a_preview_shows_each_window_and_changes_nothing(
    session: Session, book: Book, day: ServiceDay, slots: Slots, clock: FixedClock
) -> None:
    book(persons=2)
    changes = preview_day_quota(session, day.id, 3, now=clock.now())
    assert [(change.booked, change.before, change.after) for change in changes] == [(2, 2, 2), (0, 2, 1)]
    assert [slot.capacity for slot in slots()] == [2, 2]
    assert not day.set_by_hand


def test_the_quota_of_a_day_is_set_as_previewed(
    session: Session, book: Book, day: ServiceDay, slots: Slots, clock: FixedClock, audited
) -> None:
    book(window=1)
    preview = preview_day_quota(session, day.id, 7, now=clock.now())
    assert set_day_quota(session, day.id, 7, now=clock.now(), **REASON) == preview
    assert [slot.capacity for slot in slots()] == [change.after for change in preview] == [4, 3]
    assert day.set_by_hand
    entry = audited()[-1]
    assert (entry.action, entry.before, entry.after["quota"], entry.reason) == (
        "day.quota",
        {"quota": 4},
        7,
        "Mesin rusak",
    )
    assert sum(entry.after["slots"].values()) == 7


def test_lowered_and_raised_again_the_quota_ends_where_it_began(
    session: Session, day: ServiceDay, slots: Slots, clock: FixedClock
) -> None:
    for quota, places in ((1, [1, 0]), (0, [0, 0]), (4, [2, 2]), (9, [5, 4]), (4, [2, 2])):
        set_day_quota(session, day.id, quota, now=clock.now(), **REASON)
        assert [slot.capacity for slot in slots()] == places


def test_never_below_what_is_booked(
    session: Session, book: Book, day: ServiceDay, slots: Slots, clock: FixedClock
) -> None:
    book(persons=2)
    book(window=1)
    for ask in (preview_day_quota, partial(set_day_quota, **REASON)):
        with pytest.raises(QuotaBelowBooked) as refusal:
            ask(session, day.id, 2, now=clock.now())
        assert refusal.value.details == {"minimum": 3}
    set_day_quota(session, day.id, 3, now=clock.now(), **REASON)
    assert [(slot.capacity, slot.booked) for slot in slots()] == [(2, 2), (1, 1)]


@pytest.mark.parametrize("quota", [-1, 5001])
def test_a_quota_beyond_reason_is_refused(session: Session, day: ServiceDay, clock: FixedClock, quota: int) -> None:
    with pytest.raises(InvalidSchedule):
        preview_day_quota(session, day.id, quota, now=clock.now())


@pytest.mark.parametrize("reason", ["", "x", "untuk 3314991703050001", "hubungi 0812-3456-7890"])
def test_every_change_needs_a_reason_that_names_nobody(
    session: Session, day: ServiceDay, offering: OfficeService, clock: FixedClock, reason: str
) -> None:
    now, actor, nothing = clock.now(), TESTER, NewSchedule("Baru", FRIDAY, None, ())
    for ask in (
        lambda: set_day_quota(session, day.id, 9, reason=reason, actor=actor, now=now),
        lambda: close_day(session, day.id, reason_id=reason, reason_en="", actor=actor, now=now),
        lambda: open_day(session, day.id, reason=reason, actor=actor, now=now),
        lambda: set_schedule(session, offering.id, nothing, reason=reason, actor=actor, now=now),
    ):
        with pytest.raises(ReasonRequired):
            ask()


def test_a_past_day_is_left_as_it_was(session: Session, day: ServiceDay, clock: FixedClock) -> None:
    now = datetime(2026, 11, 26, 10, tzinfo=WIB)
    for ask in (
        lambda: set_day_quota(session, day.id, 9, now=now, **REASON),
        lambda: close_day(session, day.id, now=now, **CLOSED),
    ):
        with pytest.raises(InvalidSchedule) as refusal:
            ask()
        assert refusal.value.details == {"reason": "past_date"}


def test_a_day_that_does_not_exist_is_not_found(session: Session, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        close_day(session, 4711, now=clock.now(), **CLOSED)


def test_who_is_waiting_inside_when_a_day_is_closed_counts_too(
    session: Session, book: Book, day: ServiceDay, keyring: Keyring, clock: FixedClock
) -> None:
    (ticket,) = book().tickets
    scan = Scan(keyring.ticket_token(ticket.id), ticket.office_id, None, "nonce")
    check_in(session, scan, keyring=keyring, now=datetime(2026, 11, 26, 8, tzinfo=WIB))
    closure = close_day(session, day.id, now=datetime(2026, 11, 26, 9, tzinfo=WIB), **CLOSED)
    session.flush()
    here = {"office_id": day.office_id, "service_id": day.service_id}
    (summary,) = day_summaries(session, first=THURSDAY, last=THURSDAY, now=clock.now(), **here)
    assert (summary.status, summary.affected, summary.places.booked) == (DayStatus.CLOSED, 1, 1)
    assert summary.closure_id == closure.id


def test_without_english_the_reason_is_told_in_indonesian(session: Session, day: ServiceDay, clock: FixedClock) -> None:
    close_day(session, day.id, reason_id="Listrik padam", reason_en=" ", actor=TESTER, now=clock.now())
    assert (day.reason_id, day.reason_en) == ("Listrik padam", "Listrik padam")


def test_a_closed_day_can_be_opened_again(
    session: Session, book: Book, day: ServiceDay, slots: Slots, clock: FixedClock, audited
) -> None:
    book()
    close_day(session, day.id, now=clock.now(), **CLOSED)
    with pytest.raises(InvalidSchedule):
        close_day(session, day.id, now=clock.now(), **CLOSED)
    open_day(session, day.id, now=clock.now(), **REASON)
    session.commit()
    assert (day.status, day.reason_id, day.reason_en) == (DayStatus.OPEN, None, None)
    assert [slot.accepts for slot in slots()] == [True, True]
    assert (audited()[-1].action, audited()[-1].reason) == ("closure.revoked", "Mesin rusak")
    with pytest.raises(InvalidSchedule):
        open_day(session, day.id, now=clock.now(), **REASON)
    book()


def test_on_a_closed_day_nobody_was_absent(
    session: Session, book: Book, day: ServiceDay, slots: Slots, clock: FixedClock
) -> None:
    """The office sent them away: they are cancelled, their places come back, and they may book again."""
    (ticket,) = book().tickets
    closure = close_day(session, day.id, now=clock.now(), **CLOSED)
    evening = datetime(2026, 11, 26, 18, tzinfo=WIB)
    assert mark_no_shows(session, now=evening) == 0, "the offer is still to be made"
    carry_out_all(session, closure, now=clock.now())
    assert mark_no_shows(session, now=evening) == 0, "they may still choose another place"
    week_after = clock.now() + timedelta(days=7)
    lapse_offers(session, now=week_after)
    assert mark_no_shows(session, now=week_after) == 1
    assert ticket.state is TicketState.CANCELLED
    assert slots()[0].booked == 0
