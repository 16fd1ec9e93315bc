"""What citizens and the desk do."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.domain.priority import Channel
from queue_app.domain.roles import Actor
from queue_app.models import CheckIn
from queue_app.services.arrivals import check_in, taking_back
from queue_app.services.assisted.book_for_others import AssistedRequest, book_assisted
from queue_app.services.booking.book import book
from queue_app.services.booking.change import cancel, reschedule
from tests.concurrency.races import Outcome, Step
from tests.harness import factories
from tests.stateful import lane
from tests.stateful.answers import Answers
from tests.stateful.machine import ANY
from tests.stateful.model import Scan, Slot, Ticket

PARTY = st.lists(st.integers(1, 12), min_size=1, max_size=3)


class People(Answers):
    # What citizens do

    @initialize(parties=st.lists(PARTY, min_size=2, max_size=4))
    def some_have_booked(self, parties: list[list[int]]) -> None:
        for which, party in enumerate(parties):
            self._book_what_can_be_had(which, party)

    @rule(which=ANY, persons=PARTY, repeat=st.booleans())
    def book_anything(self, which: int, persons: list[int], repeat: bool) -> None:
        self._book(self._slot(which), persons, repeat)

    @precondition(lambda self: self._bookable())
    @rule(which=ANY, persons=PARTY)
    def book_what_can_be_had(self, which: int, persons: list[int]) -> None:
        self._book_what_can_be_had(which, persons)

    @precondition(lambda self: self._bookable())
    @rule(which=ANY, persons=PARTY, others=PARTY)
    def two_families_book(self, which: int, persons: list[int], others: list[int]) -> None:
        """Booking is what happens most."""
        self._book_what_can_be_had(which, persons)
        if self._bookable():
            self._book_what_can_be_had(which, others)

    @precondition(lambda self: self.model.codes)
    @rule(which=ANY)
    def cancel(self, which: int) -> None:
        booking_id = self._booking(which)
        outcome = self.do(lambda session: cancel(session, booking_id, now=self.now).id)
        if offer := self.model.offered(booking_id):
            tickets, refused = self.model.concerned(offer), self._against_leaving(offer)
        else:
            tickets = self.model.standing(booking_id)
            refused = self.model.against_change(tickets, self.now) if tickets else None
        self._agree(outcome, {refused} if refused else set())
        if outcome.won:
            if offer:
                self._leaves_hall(offer, "cancelled")
            for ticket in tickets:
                ticket.state = "cancelled"

    @precondition(lambda self: self.model.codes)
    @rule(which=ANY, to=ANY)
    def reschedule(self, which: int, to: int) -> None:
        free = self._bookable()
        booking_id, slot = self._booking(which), [*free, self._slot(to)][to % (len(free) + 1)]
        outcome = self.do(lambda session: reschedule(session, booking_id, slot.id, now=self.now).id)
        offer = self.model.offered(booking_id)
        tickets = self.model.concerned(offer) if offer else self.model.standing(booking_id)
        refused = None if offer else self.model.against_change(tickets, self.now)
        if refused:
            assert outcome.code == refused
        elif tickets[0].slot_id == slot.id:
            assert outcome.won
        else:
            self._agree(outcome, self._against_moving(slot, tickets, offer))
            if outcome.won:
                if offer:
                    self._leaves_hall(offer, "accepted" if self._holds(offer, slot) else "elsewhere")
                for ticket in tickets:
                    ticket.state = "rescheduled"
                self._learn_tickets(booking_id, slot.id, [ticket.person for ticket in tickets])

    # What the desk does

    @precondition(lambda self: self.model.tickets)
    @rule(which=ANY, elsewhere=st.sampled_from([False] * 4 + [True]), by_code=st.booleans(), slip=st.booleans())
    def scan(self, which: int, elsewhere: bool, by_code: bool, slip: bool) -> None:
        """With ``slip`` the desk takes an admission back, and admits again."""
        tickets = list(self.model.tickets.values())
        today = [one for one in tickets if self.model.slots[one.slot_id].day == self._today()]
        ticket = [*today, tickets[which % len(tickets)]][which % (len(today) + 1)]
        named = self.model.named_by_code(ticket.booking_id) if by_code else [ticket]
        office_id = self.model.slots[ticket.slot_id].office_id
        office_id = next(one for one in self.offices if (one != office_id) == elsewhere)
        typed = self.model.codes[ticket.booking_id] if by_code else self.keyring.ticket_token(ticket.id)
        admitted = self._scan(named, typed, office_id)
        if admitted and slip:
            for one in admitted:
                self._undo(one)
            self._scan(named, typed, office_id)

    def _scan(self, named: list[Ticket], typed: str, office_id: int) -> list[Scan]:
        """A code admits whoever of the party is still to come."""
        scan = check_in.Scan(typed, office_id, self.staff_id, f"nonce-{next(self.nonces)}")

        def step(session: Session) -> list[tuple[int, str, int | None]]:
            rows = check_in.check_in(session, scan, keyring=self.keyring, now=self.now)
            return [(row.id, row.result.value, row.ticket_id) for row in rows]

        by_token = len(named) == 1 and typed not in self.model.codes.values()
        first = lane.scanning(scan, keyring=self.keyring, now=self.now) if by_token else step
        outcome = self._by_turns(first, step)
        assert [row[1:] for row in outcome.value] == [
            (self.model.scan(ticket, office_id, self.now), ticket.id) for ticket in named
        ]
        assert self.do(step).value == outcome.value
        admitted = []
        for (check_in_id, result, _), ticket in zip(outcome.value, named, strict=True):
            if result in {"checked_in", "late"}:
                ticket.state = "checked_in"
                admitted.append(Scan(check_in_id, ticket.id, office_id, self.now))
        self.model.admissions += admitted
        return admitted

    def _by_turns(self, in_lane: Step, usual: Step) -> Outcome:
        """Every second one as a program's request in the lane."""
        if next(self.ways) % 2 == 0:
            return self.do(usual)
        outcome = self.do(in_lane)
        return self.do(usual) if outcome.won and outcome.value is None else outcome

    @rule(which=ANY, families=st.lists(PARTY, min_size=1, max_size=3), beyond=st.sampled_from([False] * 3 + [True]))
    def some_walk_in(self, which: int, families: list[list[int]], beyond: bool) -> None:
        """They come without an appointment, in the morning unless an office is open just now; ``beyond``: the desk
        gives a place even where there is none."""
        if not any(self.model.running(office_id, self.now) for office_id in self.offices):
            morning = self._slot(which).starts_at + timedelta(minutes=[0, 10, -1][which % 3])
            self.clock.set(max(self.now, morning))
        open_today = [one for one in self.offices if self.model.running(one, self.now)] or self.offices
        for persons in families:
            free = {person for person in persons if not self.model.is_waiting(person)}
            people = sorted(free)[: 1 + which % 3 // 2] or sorted(set(persons))  # mostly one, else few find room
            self._walk_in(open_today[which % len(open_today)], people, beyond)

    def _walk_in(self, office_id: int, people: list[int], beyond: bool) -> None:
        request = AssistedRequest(
            offering_id=self.offerings[self.offices.index(office_id)],
            starts_at=None,
            applicants=tuple(factories.make_applicant(person) for person in people),
            phone=None,
            language="id",
            request_key=f"walk-in-{next(self.nonces)}",
            channel=Channel.DESK,
            exception="Tidak bisa menunggu" if beyond else None,
        )
        here = {"office_id": office_id, "keyring": self.keyring, "now": self.now, "actor": Actor.staff(self.staff_id)}
        outcome = self.do(lambda session: book_assisted(session, request, **here).booking_id)
        slot, refusal = self.model.walk_in(office_id, people, beyond, self.now)
        self._agree(outcome, {refusal} if refusal else set())
        if slot:
            self.model.walk_ins[slot.day_id] += len(people)
            self._learn_walk_ins(self._learn_tickets(outcome.value, slot.id, people), office_id)

    def _learn_walk_ins(self, tickets: list[Ticket], office_id: int) -> None:
        with self.app.app_context():
            ids = [ticket.id for ticket in tickets]
            rows = db.session().scalars(select(CheckIn).where(CheckIn.ticket_id.in_(ids)))
            admissions = {row.ticket_id: row.id for row in rows}
        for ticket in tickets:
            ticket.walk_in, ticket.state = True, "checked_in"
            self.model.admissions.append(Scan(admissions[ticket.id], ticket.id, office_id, self.now))

    @precondition(lambda self: self.model.admissions)
    @rule(which=ANY)
    def undo(self, which: int) -> None:
        self._undo(self.model.admissions[-1 - which % min(3, len(self.model.admissions))])

    def _undo(self, scan: Scan) -> None:
        outcome = self.do(
            lambda session: (
                taking_back.undo_check_in(
                    session, scan.id, office_id=scan.office_id, staff_id=self.staff_id, now=self.now
                ).id
            )
        )
        ticket = self.model.tickets[scan.ticket_id]
        reasons = set()
        if not scan.undone:
            if self.now - scan.at > timedelta(minutes=2):
                reasons.add("undo_expired")
            elif self.model.is_waiting(ticket.person):
                reasons.add("illegal_transition")
        self._agree(outcome, reasons)
        if outcome.won and not scan.undone:
            scan.undone, ticket.state = True, "booked"

    def _book_what_can_be_had(self, which: int, persons: list[int]) -> None:
        slots = self._bookable()
        slot = slots[which % len(slots)]
        room = self.model.places(slot) - self.model.held(slot.id)
        free = [person for person in dict.fromkeys(persons) if not self.model.is_waiting(person)]
        self._book(slot, free[:room] or persons)

    def _bookable(self) -> list[Slot]:
        return [slot for slot in self.model.slots.values() if not self.model.against_booking(slot, 1, self.now)]

    def _book(self, slot: Slot, persons: list[int], repeat: bool = False) -> None:
        request = factories.make_request(slot.id, *(factories.make_applicant(person) for person in persons))

        def step(session: Session) -> int:
            return book(session, request, keyring=self.keyring, now=self.now).booking_id

        first = lane.booking(request, keyring=self.keyring, now=self.now) if len(persons) == 1 else step
        outcome = self._by_turns(first, step)
        if len(set(persons)) < len(persons):
            assert outcome.code == "invalid_party"
            return
        reasons = self.model.against_booking(slot, len(persons), self.now)
        if any(self.model.is_waiting(person) for person in persons):
            reasons.add("already_booked")
        self._agree(outcome, reasons)
        if outcome.won:
            self._learn_tickets(outcome.value, slot.id, persons)
            if repeat:
                assert self.do(step).value == outcome.value
