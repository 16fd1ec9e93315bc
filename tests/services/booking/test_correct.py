"""Mending a name or contact: sealed anew where it belongs, audited without its content, and the ticket sent again."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.keyring import Keyring, bound_to, person_of
from queue_app.domain.reasons import ContactPurpose
from queue_app.domain.roles import Actor
from queue_app.models import AuditEntry, Booking
from queue_app.queries.booking.contacts import Contact, contact_of
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.booking.contacts import reveal_contact
from queue_app.services.booking.correct import Correction, correct
from queue_app.services.records.outbox import claim_messages
from tests.harness.factories import make_applicant
from tests.harness.fakes import FRIDAY, FixedClock
from tests.services.conftest import Book, Slots

OFFICER = Actor.staff(7)
NOBODY = {"actor": OFFICER, "office_id": 4711}


@pytest.fixture
def mend(session: Session, keyring: Keyring, clock: FixedClock):
    """Corrects one ticket a second later; commits."""

    def mend(booking: Booking, position: int = 0, **right: str) -> tuple[str, ...]:
        ticket = [one for one in booking.tickets if one.position == position][-1]
        who = {"office_id": ticket.office_id, "keyring": keyring, "actor": OFFICER}
        changed = correct(session, ticket.id, Correction(**right), **who, now=clock.advance(seconds=1))
        session.commit()
        return changed

    return mend


def corrected(session: Session) -> list[AuditEntry]:
    return list(
        session.scalars(select(AuditEntry).where(AuditEntry.action == "booking.corrected").order_by(AuditEntry.id))
    )


def test_the_right_name_is_sealed_for_that_person_alone(
    session: Session, book: Book, slots: Slots, mend, keyring: Keyring, clock: FixedClock, messages
) -> None:
    booking = book(make_applicant(name="Siti Wahyni"), make_applicant(name="Budi Santoso"))
    reschedule(session, booking.id, slots(FRIDAY)[0].id, now=clock.advance(seconds=1))
    assert mend(booking, name="Siti Wahyuni") == ("name",)
    names = {(one.position, person_of(one, booking.code, keyring).name) for one in booking.tickets}
    assert names == {(0, "Siti Wahyuni"), (1, "Budi Santoso")}  # in the moved ones too
    for wrong in (bound_to(booking.code, "name", 1), bound_to(booking.code, "nik", 0), bound_to("00000000", "name", 0)):
        with pytest.raises(ValueError, match="not sealed"):
            keyring.open(booking.tickets[0].name, bound_to=wrong)
    assert messages(booking)[-1] == "confirmation"


def test_the_right_contact_gets_the_ticket(
    session: Session, book: Book, mend, keyring: Keyring, clock: FixedClock, messages
) -> None:
    booking = book(phone="+6281234567890", email="siti@contoh.id")
    claim_messages(session, now=clock.now())
    assert mend(booking, phone="+6281299998888", email="") == ("phone", "email")
    assert contact_of(booking, keyring) == Contact("+6281299998888", None)
    assert keyring.open(booking.phone, bound_to=bound_to(booking.code, "phone")) == "+6281299998888"
    assert messages(booking) == ["confirmation", "confirmation"]
    (message,) = claim_messages(session, now=clock.now())
    assert (message.booking_id, message.kind) == (booking.id, "confirmation")


def test_the_audit_names_the_fields_and_nothing_of_them(session: Session, book: Book, mend) -> None:
    booking = book()
    mend(booking, name="Siti Wahyuningsih", phone="+6281299998888")
    (entry,) = corrected(session)
    assert (entry.actor, entry.subject_id, entry.before) == ("staff:7", booking.id, None)
    assert entry.after == {"corrected": ["name", "phone"]}


def test_what_is_right_already_changes_nothing(session: Session, book: Book, mend, messages) -> None:
    booking = book(phone="+6281234567890")
    assert mend(booking, name="Siti Wahyuni", phone="+6281234567890") == ()
    assert mend(booking) == ()
    assert corrected(session) == []
    assert messages(booking) == ["confirmation"]


def test_a_ticket_that_does_not_hold_any_more_is_not_sent(
    session: Session, book: Book, mend, clock: FixedClock, messages
) -> None:
    booking = book()
    cancel(session, booking.id, now=clock.now())
    assert mend(booking, name="Siti Wahyuningsih") == ("name",)
    assert messages(booking) == ["confirmation", "cancelled"]


def test_other_offices_and_deleted_data_are_left_alone(
    session: Session, book: Book, mend, keyring: Keyring, clock: FixedClock
) -> None:
    booking = book()
    with pytest.raises(NotFound):
        correct(session, booking.tickets[0].id, Correction(name="X Y Z"), **NOBODY, keyring=keyring, now=clock.now())
    for column in ("nik", "name", "person_index"):
        setattr(booking.tickets[0], column, None)
    session.commit()
    with pytest.raises(NotFound):
        mend(booking, name="Siti Wahyuni")


def test_whoever_sees_a_whole_contact_stands_in_the_audit(
    session: Session, book: Book, keyring: Keyring, clock: FixedClock, audited
) -> None:
    booking = book(phone="+6281234567890", email="siti@contoh.id")
    assert contact_of(booking, keyring).masked == Contact("+62812•••890", "s•••@contoh.id")
    office = {"office_id": booking.tickets[0].office_id, "actor": OFFICER, "purpose": ContactPurpose.REACH}
    seen = reveal_contact(session, booking.id, **office, keyring=keyring, now=clock.now())
    session.commit()
    assert seen == Contact("+6281234567890", "siti@contoh.id")
    entry = audited()[-1]
    assert (entry.action, entry.subject_id, entry.actor, entry.after) == (
        "booking.contact_shown", booking.id, "staff:7", {"purpose": "reach"},
    )  # fmt: skip
    with pytest.raises(NotFound):
        reveal_contact(session, booking.id, purpose=ContactPurpose.REACH, **NOBODY, keyring=keyring, now=clock.now())
