"""Days in the life of an office, lived by the services of the checkout at hand: rows in every table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.domain.arrivals import IdentityResult
from queue_app.domain.calendar import Share
from queue_app.domain.disruptions import DisruptionKind
from queue_app.domain.errors import CallAgainFirst, NotFound
from queue_app.domain.figures.refusals import RefusalReason
from queue_app.domain.printing import PrintOutcome, PrintProblem, PrintState
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.surveys import Element, SurveyChannel
from queue_app.domain.visits import Outcome, VisitState
from queue_app.jobs.figures import store_days
from queue_app.jobs.registry import JOBS, run_job
from queue_app.models import CheckIn, OfflineAct, Ticket, Visit
from queue_app.queries.figures.due import DueDay
from queue_app.services.access import kiosks
from queue_app.services.arrivals import check_in, taking_back
from queue_app.services.assisted.book_for_others import AssistedRequest, book_assisted
from queue_app.services.assisted.kiosk_numbers import give_number
from queue_app.services.coverage.take_over import take_over
from queue_app.services.figures.refusals import add_refusals
from queue_app.services.offline.presses import OfflinePress, leave_to_somebody
from queue_app.services.offline.scans import OfflineScan, Sender, settle, sync_scan
from queue_app.services.printing import printing
from queue_app.services.records import leases
from queue_app.services.surveys.answers import Answers, take_answers
from queue_app.services.visits import calling, disruptions, seats, serving
from tests.harness.factories import TESTER, make_kiosk, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.harness.hall import EIGHT, Hall
from tests.harness.sragen import sragen_table
from tests.upgrades import afternoon
from tests.upgrades.week import Week

MINUTE = timedelta(minutes=1)
# They go by the database that they are run on; all others send, delete, copy, or look at the machine's clock.
SWEEPS = {
    *("carry-out-closures", "count-days", "end-days", "lapse-offers", "mark-no-shows", "queue-reminders"),
    "queue-survey-invitations",
    "seal-audit",
}


_nonces = count(1)


def nonce() -> str:
    """Told apart, and without digits by chance that read like a telephone number."""
    return f"nonce-of-the-week-{next(_nonces)}"


def live(app: Flask, clock: FixedClock) -> None:
    """Fill the empty, migrated database of ``app``. The clock ends on Thursday at noon, in the middle of the day."""
    with app.app_context():
        with Session(db.engine.execution_options(writes=True)) as session:
            week = Week(app, session, clock)
            Thursday(week).go_by()
            thursday = DueDay(week.office.id, week.office.time_zone, THURSDAY)
            afternoon.go_by(app, session, clock, week)
            leases.take_lease(session, "scheduler", "sragen-1/4711", now=clock.set(EIGHT + 240 * MINUTE))
            session.commit()
        for job in JOBS:
            if job.name in SWEEPS:
                run_job(app, job.name)
        store_days([thursday])  # as it stands: the job counts it again when it is over
        db.session.remove()


class Thursday:
    """A day in the hall: one person in every stage at noon."""

    def __init__(self, week: Week) -> None:
        self.week, self.session, self.clock, self.keyring = week, week.session, week.clock, week.keyring
        self.office_id, self.zone = week.office.id, week.office.time_zone
        self.hall = Hall(self.session, self.clock, week.offering, slots_of(self.session, week.offering, THURSDAY))
        self.desk = self.hall.officers[1]

    def go_by(self) -> None:
        self._arrive()
        self._print()
        self._serve()
        self._come_without_appointment()
        self._lose_the_connection()
        self._stand_still()
        self._be_judged()

    def _arrive(self) -> None:
        """One is too early and comes again, one code is nobody's."""
        self.clock.set(EIGHT - 10 * MINUTE)
        first, *later = self.week.booked[THURSDAY][:3]
        for typed in (first.code, later[0].code, "ZZZZ2222"):
            self._scan(typed)
        row = self.session.scalars(select(CheckIn).where(CheckIn.ticket_id.is_not(None)).order_by(CheckIn.id)).first()
        assert row is not None
        who = {"office_id": self.office_id, "staff_id": self.desk, "now": self.clock.now()}
        taking_back.record_identity(self.session, row.id, IdentityResult.MATCHES, **who)
        self.clock.set(EIGHT + 31 * MINUTE)
        for booking in later:
            self._scan(booking.code)

    def _scan(self, typed: str) -> None:
        scan = check_in.Scan(typed, self.office_id, self.desk, nonce())
        check_in.check_in(self.session, scan, keyring=self.keyring, now=self.clock.now())
        self.session.commit()

    def _be_judged(self) -> None:
        """By one who was served; and the attempts of those for whom there was no place."""
        served = select(Ticket).join(Visit).where(Visit.state == VisitState.SERVED).order_by(Ticket.id).limit(1)
        ticket = self.session.scalars(served).one()
        given = Answers(dict.fromkeys(Element, 3), "Ruang tunggu panas", SurveyChannel.KIOSK)
        take_answers(self.session, ticket, given, now=self.clock.now())
        add_refusals(self.session, {(ticket.slot_id, RefusalReason.FULL.value): 12})
        take_over(self.session, self.office_id, sragen_table(), actor=TESTER, now=self.clock.now())
        self.session.commit()

    def _print(self) -> None:
        """An original, and a copy that failed."""
        outcomes = (PrintOutcome(PrintState.PRINTED), PrintOutcome(PrintState.FAILED, PrintProblem.UNREACHABLE))
        place = {"office_id": self.office_id, "printer_id": self.week.printer.id}
        for outcome in outcomes:
            booking_id = self.week.booked[THURSDAY][0].id
            job = printing.ask_print(self.session, booking_id, **place, actor=TESTER, now=self.clock.now())
            printing.finish_print(self.session, job.id, outcome)
        self.session.commit()

    def _serve(self) -> None:
        """Done, failed, skipped, held, being served, called; and an officer who pauses."""
        hall = self.hall
        for act in (self._finish(Outcome.DONE), self._finish(Outcome.FAILED_IRIS), self._skip, self._hold):
            act(self._call(1))
        hall.press(serving.start, self._call(2), at=2)
        self._call(1)
        counter, officer, now = hall.counter(3, self.week.offering.service_id), hall.officer("loket3"), self.clock.now()
        seats.sign_in(self.session, counter.id, office_id=self.office_id, staff_id=officer, now=now)
        seats.pause(self.session, counter.id, staff_id=officer, reason="Salat", now=now)
        self.session.commit()

    def _call(self, counter: int) -> int:
        ticket_id = self.hall.call(counter)
        assert ticket_id is not None
        return ticket_id

    def _finish(self, outcome: Outcome) -> Callable[[int], None]:
        def finish(ticket_id: int) -> None:
            self.hall.press(serving.start, ticket_id)
            self.hall.press(serving.finish, ticket_id, outcome)

        return finish

    def _skip(self, ticket_id: int) -> None:
        while True:
            try:
                self.hall.press(calling.skip, ticket_id)
                return
            except CallAgainFirst:
                self.session.rollback()
                self.hall.press(calling.recall, ticket_id)

    def _hold(self, ticket_id: int) -> None:
        self.hall.press(serving.start, ticket_id)
        self.hall.press(serving.hold, ticket_id)

    def _come_without_appointment(self) -> None:
        """Somebody helped at the desk, and a number from the kiosk."""
        now, session, week = self.clock.set(EIGHT + 40 * MINUTE), self.session, self.week
        starts_at = week.free(FRIDAY + timedelta(days=5), Share.ASSISTED).starts_at
        offering_id, who = week.offering.id, {"keyring": self.keyring, "now": now}
        helped = AssistedRequest(
            *(offering_id, starts_at, (week.applicant(),), None, "id", nonce(), Channel.DESK),
            priority=Priority.VULNERABLE,
        )
        book_assisted(session, helped, office_id=self.office_id, staff_id=self.desk, actor=TESTER, **who)
        device = kiosks.identify(session, make_kiosk(session, week.office, now=now))
        assert device is not None
        number = AssistedRequest(
            *(offering_id, None, (week.applicant(named=False),), None, "id", nonce(), Channel.KIOSK)
        )
        give_number(session, number, device=device, **who)
        session.commit()

    def _lose_the_connection(self) -> None:
        """A scan that fits, one of a booking that is gone, partly settled, and a press that nobody can place."""
        now, session, week = self.clock.set(EIGHT + 90 * MINUTE), self.session, self.week
        sender = Sender(self.office_id, self.zone, self.desk, earliest=now - 60 * MINUTE)
        present, gone = week.booked[THURSDAY][3], week.booked[FRIDAY][0]
        for booking in (present, gone):
            admitted = frozenset(ticket.id for ticket in booking.tickets)
            kept = OfflineScan(nonce(), booking.code, now - 20 * MINUTE, admitted)
            entries = sync_scan(session, kept, sender=sender, keyring=self.keyring, now=now)
            for entry in [entry for entry in entries if entry.conflict][:1]:
                settle(session, entry.id, office_id=self.office_id, staff_id=self.desk, note="Dijelaskan", now=now)
        where = (gone.tickets[0].id, self.hall.counters[1])
        press = OfflinePress(nonce(), OfflineAct.FINISH, *where, now, Outcome.DONE)
        leave_to_somebody(session, press, NotFound(), sender=sender, now=now)
        session.commit()

    def _stand_still(self) -> None:
        """An hour without the central server, over; and one without blank cards, that goes on."""
        how = {"service_ids": [self.week.offering.service_id], "expected_until": None, "actor": TESTER}
        begun = self.clock.now()
        first = disruptions.begin_disruption(
            self.session, self.office_id, DisruptionKind.CENTRAL_SERVER, now=begun, **how
        )
        now = self.clock.advance(minutes=60)
        disruptions.end_disruption(
            self.session, self.office_id, disruption_id=first.id, close=None, actor=TESTER, now=now
        )
        disruptions.begin_disruption(self.session, self.office_id, DisruptionKind.BLANK_CARDS, now=now, **how)
        self.session.commit()
