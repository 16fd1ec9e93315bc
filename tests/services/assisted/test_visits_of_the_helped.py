"""What happens to those who are here: order, steps, parties, and whether they are who they say."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.arrivals import IdentityResult
from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import Share
from queue_app.domain.errors import IllegalVisitStep, NotFound, ReasonRequired
from queue_app.domain.keyring import Keyring
from queue_app.domain.priority import Priority
from queue_app.domain.roles import Actor
from queue_app.domain.visits import VisitState
from queue_app.models import AuditEntry, CheckIn, OfficeService, Slot, Staff, Ticket, Visit
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.arrivals.no_shows import mark_no_shows
from queue_app.services.arrivals.taking_back import record_identity, undo_check_in
from queue_app.services.assisted.book_for_others import set_priority
from queue_app.services.booking.change import cancel
from queue_app.services.visits.without_counter import step_in_list
from tests.harness.factories import give_places, make_applicant
from tests.harness.fakes import FixedClock
from tests.services.assisted.conftest import EIGHT, NINE, Give
from tests.services.conftest import Slots

# What happens then


@pytest.mark.usefixtures("sound")
def test_priority_is_changed_with_a_reason(
    session: Session, give: Give, offering: OfficeService, desk: Staff, audited, clock: FixedClock
) -> None:
    clock.set(EIGHT)
    ticket_id = give().tickets[0].id
    change = {"actor": Actor.staff(desk.id), "now": clock.now()}
    for reason, office_id, refusal in (
        (" ", offering.office_id, ReasonRequired),
        ("Telepon 0812-3456-7890", offering.office_id, ReasonRequired),
        ("Lansia", 4711, NotFound),
    ):
        with pytest.raises(refusal):
            set_priority(session, ticket_id, Priority.VULNERABLE, office_id=office_id, reason=reason, **change)
    kept = {"office_id": offering.office_id, "reason": "Datang berkursi roda"}
    assert set_priority(session, ticket_id, Priority.VULNERABLE, **kept, **change).priority is Priority.VULNERABLE
    entry = audited()[-1]
    assert (entry.before, entry.after, entry.reason) == (
        {"priority": None},
        {"priority": "vulnerable"},
        "Datang berkursi roda",
    )


@pytest.mark.usefixtures("sound")
def test_steps_of_a_visit_and_an_admission_that_stands_once_somebody_is_served(
    session: Session, give: Give, offering: OfficeService, desk: Staff, admission, clock: FixedClock
) -> None:
    clock.set(EIGHT)
    booked = give()
    here = {"office_id": offering.office_id, "now": clock.now()}

    def step(target: VisitState) -> VisitState:
        return step_in_list(session, booked.tickets[0].id, target, actor=Actor.staff(desk.id), **here).state

    with pytest.raises(IllegalVisitStep):
        step(VisitState.SERVED)
    entries = session.scalar(select(func.count()).select_from(AuditEntry))
    assert [step(VisitState.IN_SERVICE) for _ in range(2)] == [VisitState.IN_SERVICE] * 2
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == entries + 1
    row = admission(booked)
    with pytest.raises(IllegalVisitStep):
        undo_check_in(session, row.id, staff_id=desk.id, **here)
    session.rollback()
    step(VisitState.IN_SERVICE)
    step(VisitState.SERVED)
    session.commit()
    with pytest.raises(IllegalVisitStep):
        record_identity(session, row.id, IdentityResult.OTHER_PERSON, staff_id=desk.id, **here)
    session.rollback()
    assert session.get_one(CheckIn, row.id).identity is None
    with pytest.raises(NotFound):
        step_in_list(session, 4711, VisitState.IN_SERVICE, actor=Actor.staff(desk.id), **here)
    elsewhere = here | {"office_id": 4711}
    with pytest.raises(NotFound):
        step_in_list(session, booked.tickets[0].id, VisitState.IN_SERVICE, actor=Actor.staff(desk.id), **elsewhere)


@pytest.mark.usefixtures("sound")
def test_a_walk_in_taken_back_keeps_number_and_place_and_may_come_again(
    session: Session, give: Give, offering: OfficeService, desk: Staff, admission, keyring, clock: FixedClock
) -> None:
    """Even where the place was one of a later hour; and whoever does not come again is absent like others."""
    clock.set(EIGHT - timedelta(minutes=50))
    first, other = give(), give()
    assert session.get_one(Slot, other.slot_id).starts_at == NINE
    here = {"office_id": offering.office_id, "now": clock.now()}
    for booked in (first, other):
        undo_check_in(session, admission(booked).id, staff_id=desk.id, **here)
    session.commit()
    assert session.scalars(select(Ticket.state)).all() == [TicketState.BOOKED] * 2
    assert session.scalar(select(func.count()).select_from(Visit)) == 0
    scan = Scan(keyring.ticket_token(other.tickets[0].id), offering.office_id, desk.id, "again")
    assert [row.result for row in check_in(session, scan, keyring=keyring, now=clock.now())] == ["checked_in"]
    clock.set(NINE + timedelta(hours=1))
    assert mark_no_shows(session, now=clock.now()) == 1


# Parties at the desk


@pytest.mark.usefixtures("sound")
def test_a_code_admits_the_whole_party_once(
    session: Session, give: Give, slots: Slots, scan, keyring: Keyring, clock: FixedClock
) -> None:
    give_places(session, 4, *Share)
    session.commit()
    booked = give(*(make_applicant() for _ in range(4)), at=EIGHT)
    tickets = [ticket.id for ticket in booked.tickets]
    cancel(session, booked.booking_id, position=1, now=clock.now())
    session.commit()
    clock.set(EIGHT)
    scan(keyring.ticket_token(tickets[2]))
    rows = scan(booked.code, "party")
    assert [(row.nonce, row.ticket_id, row.result) for row in rows] == [
        ("party", tickets[0], "checked_in"),
        ("party.1", tickets[2], "already"),
        ("party.2", tickets[3], "checked_in"),
    ]
    assert scan(booked.code, "party") == rows
    assert {row.result for row in scan(booked.code)} == {"already"}


# Whether they are who they say


@pytest.mark.usefixtures("sound")
def test_another_person_is_sent_away_and_the_owner_may_come(
    session: Session, give: Give, offering: OfficeService, desk: Staff, scan, audited, clock: FixedClock
) -> None:
    booked = give(at=EIGHT)
    clock.set(EIGHT)
    (row,) = scan(booked.code)
    here = {"office_id": offering.office_id, "staff_id": desk.id, "now": clock.advance(minutes=10)}  # no time limit
    for _ in range(2):
        assert record_identity(session, row.id, IdentityResult.OTHER_PERSON, **here).undone_at == clock.now()
        session.commit()
    assert [entry.action for entry in audited()[-2:]] == ["ticket.identity", "ticket.booked"]
    assert [(found.id != row.id, found.result) for found in scan(booked.code)] == [(True, "checked_in")]
    with pytest.raises(NotFound):
        record_identity(session, row.id, IdentityResult.MATCHES, **here)


@pytest.mark.usefixtures("sound")
def test_a_comparison_is_recorded_once_where_somebody_was_admitted(
    session: Session, give: Give, offering: OfficeService, desk: Staff, scan, audited, clock: FixedClock
) -> None:
    booked = give(at=EIGHT)
    clock.set(EIGHT)
    (row,), (already,) = scan(booked.code), scan(booked.code)
    here = {"office_id": offering.office_id, "staff_id": desk.id, "now": clock.now()}
    for _ in range(2):
        record_identity(session, row.id, IdentityResult.TYPING_ERROR, **here)
    record_identity(session, row.id, IdentityResult.MATCHES, **here)
    session.commit()
    assert [(entry.before, entry.after) for entry in audited() if entry.action == "ticket.identity"] == [
        (None, {"identity": "typing_error"}),
        ({"identity": "typing_error"}, {"identity": "matches"}),
    ]
    undo_check_in(session, row.id, **here)
    session.commit()
    for check_in_id, office_id in ((row.id, here["office_id"]), (already.id, here["office_id"]), (row.id, 4711)):
        elsewhere = here | {"office_id": office_id}
        with pytest.raises(NotFound):
            record_identity(session, check_in_id, IdentityResult.TYPING_ERROR, **elsewhere)
