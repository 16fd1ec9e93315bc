"""What people are told: page, files, lists, desk and messages say of a ticket what the model says of it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable

from flask import Flask
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.db import db, unit_of_work
from queue_app.domain.closures import STANDING, UNANSWERED
from queue_app.jobs import outbox as post
from queue_app.models import Closure, Offer, OutboxMessage
from queue_app.models import Ticket as StoredTicket
from queue_app.models.outbox import MessageState
from queue_app.queries.arrivals.arrival import arrival_of
from queue_app.queries.booking.lives import life_of
from queue_app.services.arrivals.first_look import look_at_each
from queue_app.services.records import outbox
from tests.harness.fakes import FixedClock
from tests.stateful.letters import against_letter
from tests.stateful.machine import Ground
from tests.stateful.model import EXPECTED, VALID, Ticket

LOOK_EACH = 5  # steps
TICKETS = 2  # each time, one after the other
AT_THE_END = 6
PAPERS = ("cetak", "kalender.ics", "tiket.pdf")
# A sentence that the page of this stage has, and no other.
HEADLINES = {
    "moved": "Anda sudah pindah ke jadwal lain.",
    "cancelled": "sudah dibatalkan. Tiket ini tidak berlaku lagi.",
    "missed": "tercatat tidak hadir",
    "withdrawn": "Mohon maaf. (Silakan pilih|Kami sudah menyimpan)",
    "over": "sudah lewat. Tiket ini tidak berlaku lagi.",
    "unserved": "belum sempat kami layani",
}
STEPS = ">Selanjutnya<"
# Of somebody whose place was taken, the desk must not say that they may come in; and so on.
FITS = {
    "booked": {"wrong_day"},
    "today": {"too_early", "checked_in", "late"},
    "arrived": {"already", "wrong_day"},
    "missed": {"too_early", "checked_in", "late", "wrong_day", "day_closed"},
    "over": {"wrong_day"},
    "withdrawn": {"day_closed"},
    "moved": {"rescheduled"},
    "cancelled": {"cancelled"},
}


class Telling(Ground):
    def __init__(self, app: Flask, clock: FixedClock) -> None:
        super().__init__(app, clock)
        self.client, self.turns, self.asked = app.test_client(), itertools.count(), itertools.count(1)

    @invariant()
    def nobody_is_told_otherwise(self) -> None:
        if next(self.asked) % LOOK_EACH:
            return
        tickets = list(self.model.tickets.values())
        for _ in range(min(TICKETS, len(tickets))):
            self._look_at(tickets[next(self.turns) % len(tickets)])
        with self.app.app_context():
            self._read_messages(self._due(limit=TICKETS))
            self._count_offers(db.session())

    @precondition(lambda self: self.model.tickets)
    @rule()
    def the_post_goes(self) -> None:
        """Reminders that are due are queued, and all goes out that nobody has made untrue meanwhile."""
        with self.app.app_context():
            with unit_of_work() as session:
                outbox.queue_due_reminders(session, now=self.now)
            self._read_messages(self._due(limit=100))
            post.send_outbox()
            states = db.session().scalars(select(OutboxMessage.state).where(OutboxMessage.next_try_at <= self.now))
            assert set(states) <= {MessageState.SENT, MessageState.OVERTAKEN}
            db.session().rollback()

    def teardown(self) -> None:
        super().teardown()
        for ticket in list(self.model.tickets.values())[:AT_THE_END]:
            self._look_at(ticket)
        with self.app.app_context():
            self._read_messages(self._due(limit=100))
            self._count_offers(db.session())

    def _look_at(self, ticket: Ticket) -> None:
        stage = self.model.stage(ticket, self.now)
        with self.app.app_context():
            session = db.session()
            stored = session.get_one(StoredTicket, ticket.id)
            assert life_of(session, stored).stage(now=self.now) == stage
            assert arrival_of(session, ticket.id, keyring=self.keyring, now=self.now).stage == stage
            (seen,) = look_at_each(session.connection(), [(stored.id, "nonce")])
            assert seen.judge(stored.office_id, now=self.now) in FITS[stage]
        path = f"/t/{self.keyring.ticket_token(ticket.id)}"
        page = self.client.get(path)
        assert page.status_code == 200
        self._read(page.text, ticket, stage, path)
        which = [PAPERS[next(self.turns) % 2]] if stage in VALID else PAPERS
        for paper in which:
            answer = self.client.get(f"{path}/{paper}")
            assert answer.status_code == (200 if stage in VALID else 303), (stage, paper)

    def _read(self, page: str, ticket: Ticket, stage: str, path: str) -> None:
        said = {name for name, sentence in HEADLINES.items() if re.search(sentence, page)}
        assert said == ({self._headline(ticket, stage)} & HEADLINES.keys()), (stage, said)
        assert (STEPS in page) == (stage in {"booked", "today"})
        party = [one for one in self._party(ticket) if self.model.stage(one, self.now) in VALID]
        codes = len(party) + (len(party) > 1) if stage in VALID else 0
        assert page.count('class="ticket__qr"') == codes, (stage, codes)
        offer = self.model.offers.get(ticket.booking_id)
        held = bool(offer and offer.state == "open" and offer.held_until > self.now)
        assert (f"{path}/terima" in page) == (held and stage == "withdrawn"), (stage, offer)

    def _headline(self, ticket: Ticket, stage: str) -> str:
        return "unserved" if stage == "over" and ticket.state == "checked_in" else stage

    def _party(self, ticket: Ticket) -> list[Ticket]:
        """Everybody's latest ticket beside this one."""
        others = [one for one in self.model.of_booking(ticket.booking_id) if one.state != "rescheduled"]
        return [one for one in others if one.person != ticket.person] + [ticket]

    def _due(self, limit: int) -> list[int]:
        waiting = select(OutboxMessage.id).where(OutboxMessage.state == MessageState.QUEUED)
        waiting = waiting.where(OutboxMessage.next_try_at <= self.now).order_by(OutboxMessage.id.desc())
        return list(db.session().scalars(waiting.limit(limit)))

    def _read_messages(self, ids: Iterable[int]) -> None:
        for message_id in ids:
            row = db.session().get_one(OutboxMessage, message_id)
            kind, booking_id = row.kind.value, row.booking_id
            letter = post.write(post.Claim(message_id, 1))
            if letter is not None:
                against = against_letter(self.model, kind, booking_id, letter.subject, letter.text, self.now)
                assert not against, (against, letter)

    def _count_offers(self, session: Session) -> None:
        """One for each booking whose people a closure concerns, and never two that wait for an answer."""
        rows = session.scalars(
            select(Offer.booking_id)
            .join(Closure, Closure.id == Offer.closure_id)
            .where(Offer.state.in_(UNANSWERED), Closure.state.in_(STANDING))
        )
        offers = Counter(rows)
        assert set(offers.values()) <= {1}
        concerned = {
            ticket.booking_id
            for ticket in self.model.tickets.values()
            if ticket.state in EXPECTED and not self.model.slots[ticket.slot_id].accepts
        }
        assert concerned <= offers.keys()
