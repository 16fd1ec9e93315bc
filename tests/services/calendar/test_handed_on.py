"""A closure that is taken back while another one covers the same place: the offer stands, now by the other one."""

from __future__ import annotations

from datetime import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.closures import OfferState
from queue_app.models import Offer, OfficeService, OutboxMessage
from queue_app.services.booking.answering import accept
from queue_app.services.calendar.closures import revoke
from tests.harness.closing import assert_sound, carry_out_all, closed
from tests.harness.factories import TESTER, make_booking, slots_of
from tests.harness.fakes import THURSDAY, FixedClock


def test_what_another_closure_covers_is_not_told_to_be_open(
    session: Session, offering: OfficeService, keyring: FileKeyring, clock: FixedClock
) -> None:
    slot = slots_of(session, offering, THURSDAY)[0]
    stays = make_booking(session, slot.id, keyring=keyring, now=clock.now())
    moves = make_booking(session, slot.id, keyring=keyring, now=clock.now())
    first = closed(session, offering, THURSDAY, now=clock.now(), hours=(time(8), time(9)))
    clock.advance(minutes=1)
    second = closed(session, offering, THURSDAY, now=clock.now())
    accept(session, moves.id, now=clock.now())
    clock.advance(minutes=1)
    revoke(session, first.id, office_id=offering.office_id, reason="Jadi buka", actor=TESTER, now=clock.now())
    carry_out_all(session, first, now=clock.now(), limit=1)
    offers = {offer.booking_id: offer for offer in session.scalars(select(Offer))}
    assert (offers[stays.id].state, offers[stays.id].closure_id) == (OfferState.OPEN, second.id)
    assert (offers[moves.id].state, offers[moves.id].closure_id) == (OfferState.ACCEPTED, second.id)
    assert not session.scalars(select(OutboxMessage.id).where(OutboxMessage.kind == "day_opened")).all()
    assert_sound(session, keyring, clock)
    revoke(session, second.id, office_id=offering.office_id, reason="Jadi buka", actor=TESTER, now=clock.now())
    carry_out_all(session, second, now=clock.now())
    assert {offer.state for offer in offers.values()} == {OfferState.KEPT, OfferState.OFFERED_BACK}
    assert len(session.scalars(select(OutboxMessage.id).where(OutboxMessage.kind == "day_opened")).all()) == 2
