"""What those do to whom a closure offers another place."""

from __future__ import annotations

from hypothesis.stateful import precondition, rule

from queue_app.services.booking.answering import accept
from tests.stateful.machine import ANY, Ground
from tests.stateful.model import Offer, Slot, Ticket


class Answers(Ground):
    @precondition(lambda self: any(self.model.offered(booking_id) for booking_id in self.model.offers))
    @rule(which=ANY)
    def accept(self, which: int) -> None:
        offers = [offer for one in self.model.offers if (offer := self.model.offered(one))]
        offer = offers[which % len(offers)]
        outcome = self.do(lambda session: accept(session, offer.booking_id, now=self.now).id)
        if offer.state != "open" or offer.held_until <= self.now:
            assert outcome.code == "offer_gone"
            return
        refused = self._against_leaving(offer)
        self._agree(outcome, {refused} if refused else set())
        if outcome.won:
            tickets = self.model.concerned(offer)
            self._leaves_hall(offer, "accepted")
            for ticket in tickets:
                ticket.state = "rescheduled"
            self._learn_tickets(offer.booking_id, offer.slot_id, [ticket.person for ticket in tickets])

    def _against_moving(self, slot: Slot, tickets: list[Ticket], offer: Offer | None) -> set[str]:
        if offer and self._holds(offer, slot):
            refused = self._against_leaving(offer)
            return {refused} if refused else set()
        early = bool(offer and offer.state == "waiting" and self.now < offer.choose_until)
        old = self.model.slots[tickets[0].slot_id]
        reasons = self.model.against_moving(old, slot, len(tickets), self.now, before_others=early)
        refused = self._against_leaving(offer) if offer else None
        return reasons or ({refused} if refused else set())

    def _holds(self, offer: Offer, slot: Slot) -> bool:
        return offer.state == "open" and offer.slot_id == slot.id

    def _against_leaving(self, offer: Offer) -> str | None:
        """Whoever waits in the hall may have booked anew."""
        here = [ticket for ticket in self.model.concerned(offer) if ticket.state == "checked_in"]
        return "already_booked" if any(self.model.is_waiting(ticket.person) for ticket in here) else None

    def _leaves_hall(self, offer: Offer, state: str) -> None:
        offer.state = state
        ids = {ticket.id for ticket in self.model.concerned(offer) if ticket.state == "checked_in"}
        for scan in self.model.admissions:
            scan.undone = scan.undone or scan.ticket_id in ids
