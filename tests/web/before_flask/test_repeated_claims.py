"""Who won a place may ask again for an answer that got lost, whatever keeps everybody else outside."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.models import Booking, OfficeService, Slot
from queue_app.services.booking.change import reschedule
from tests.harness.factories import slots_of
from tests.harness.fakes import FixedClock
from tests.web.before_flask.conftest import ByProgram
from tests.web.before_flask.reasons import EACH, Reason, claims
from tests.web.citizen import Citizen, hidden

CameThrough = Callable[[], Counter[str]]


@EACH
def test_who_has_a_place_may_ask_again_for_the_answer(
    why: Reason,
    slot: Slot,
    citizen: Citizen,
    page: str,
    by_program: ByProgram,
    stranger: FlaskClient,
    session: Session,
    clock: FixedClock,
    came_through: CameThrough,
) -> None:
    """The answer was lost; since then nobody gets a place, and others keep the gate shut."""
    draft = {name: hidden(page, name) for name in ("offering", "request_key")}
    ticket = citizen.post(f"/slots/{slot.id}/bookings", **draft)
    why.begin(session, slot, clock.now())
    for _ in range(2):
        assert by_program(slot, stranger).json["code"] == why.code
    came_through()
    other = citizen.post(f"/slots/{slot.id}/bookings", **{**draft, "request_key": "control-key-of-nobody"})
    assert (other.status_code, came_through()[claims(slot)[0]]) == (409, 0), "the control stays outside"
    again = citizen.post(f"/slots/{slot.id}/bookings", **draft)
    assert (again.status_code, again.location) == (303, ticket.location)
    assert came_through()[claims(slot)[0]] == 1


@EACH
def test_a_program_may_ask_again_for_the_answer(
    why: Reason,
    slot: Slot,
    by_program: ByProgram,
    stranger: FlaskClient,
    session: Session,
    clock: FixedClock,
    came_through: CameThrough,
) -> None:
    booked = by_program(slot, stranger, key="key-of-the-winner")
    assert booked.status_code == 201
    why.begin(session, slot, clock.now())
    came_through()
    for key in ("late-one-of-three", "late-two-of-three", "late-all-of-three"):
        assert by_program(slot, stranger, 2, key=key).status_code == 409
    again = by_program(slot, stranger, key="key-of-the-winner")
    assert (again.status_code, again.json["code"]) == (201, booked.json["code"])
    # On a closed day the first one hears that they have a place already, which is no reason for everybody.
    assert came_through()[claims(slot)[1]] == (2 if why.code != "day_closed" else 4)


@EACH
def test_who_was_moved_away_may_ask_again_as_well(
    why: Reason,
    slot: Slot,
    offering: OfficeService,
    by_program: ByProgram,
    stranger: FlaskClient,
    session: Session,
    clock: FixedClock,
) -> None:
    """They hold no place of this slot any more, and the request that booked it is theirs still."""
    booked = by_program(slot, stranger, key="key-of-the-winner")
    session.rollback()  # what was read before belongs to an older snapshot
    booking = session.scalars(select(Booking)).one()
    elsewhere = slots_of(session, offering, date(2026, 11, 26))[0]
    reschedule(session, booking.id, elsewhere.id, now=clock.now())
    session.commit()
    why.begin(session, slot, clock.now())
    for _ in range(2):
        assert by_program(slot, stranger, first=5).json["code"] == why.code
    again = by_program(slot, stranger, key="key-of-the-winner")
    assert (again.status_code, again.json["code"]) == (201, booked.json["code"])
