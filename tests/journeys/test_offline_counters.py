"""Counters and a display while the connection to the server is cut."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.roles import Role
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import Booking, OfflineEntry, Visit
from queue_app.services.access.staff import start_session
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.visits.counters import create_counter
from queue_app.services.visits.seats import sign_in
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.factories import TESTER, make_staff
from tests.harness.fakes import FixedClock
from tests.journeys.cut_line import cut, look_at, ready
from tests.journeys.officer import offering_at
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]


def test_counters_go_on_without_calling_one_number_twice(
    visitor: OpenBrowser, morning: Callable[..., Booking], session: Session, keyring: FileKeyring, clock: FixedClock
) -> None:
    bookings = [morning() for _ in range(4)]
    counters = [at_counter(visitor, session, clock, number) for number in (1, 2)]
    for serial, booking in enumerate(bookings):
        asked = Scan(keyring.ticket_token(booking.tickets[0].id), booking.tickets[0].office_id, None, f"{serial:016d}")
        check_in(session, asked, keyring=keyring, now=clock.now())
    session.commit()
    for officer in counters:
        officer.open("/loket/")
        ready(officer.page, "/loket/")
    for officer in counters:
        cut(officer)
        officer.page.get_by_text("Luring: sambungan ke server terputus.").wait_for()
    called = []
    for officer in counters:
        for _ in range(2):
            officer.page.keyboard.press("p")
            officer.page.locator("[data-act=start]").wait_for()
            called.append(officer.page.locator("[data-number]").inner_text())
            if len(called) == 1:
                look_at(officer, "counter-called")
            officer.page.keyboard.press("m")
            officer.page.locator("[data-act=finish]").wait_for()
            officer.page.keyboard.press("2")
            officer.page.keyboard.press("s")
            officer.page.locator("[data-act=call]").wait_for()
        officer.page.get_by_text("Bagian loket ini sudah habis.", exact=False).wait_for()
    look_at(counters[0], "counter-empty")
    assert len(set(called)) == 4
    counters[0].page.reload()
    counters[0].page.get_by_text("6 belum tersimpan di pusat.").wait_for()
    clock.advance(minutes=5)
    for officer in counters:
        cut(officer, False)
        officer.button("Keluar").wait_for()
    session.rollback()
    assert session.execute(select(Visit.state, Visit.outcome)).all() == [(VisitState.SERVED, Outcome.FAILED_IRIS)] * 4
    assert session.scalar(select(func.count()).select_from(OfflineEntry).where(OfflineEntry.conflict)) == 0


def at_counter(visitor: OpenBrowser, session: Session, clock: FixedClock, number: int) -> Visitor:
    """An officer at a counter of their own."""
    session.rollback()
    offering, now = offering_at(session), clock.now()
    staff = make_staff(session, offering.office, Role.COUNTER, now=now, username=f"loket.{number}")
    here = {"office_id": offering.office_id, "now": now}
    counter = create_counter(session, number=90 + number, service_ids=[offering.service_id], actor=TESTER, **here)
    sign_in(session, counter.id, staff_id=staff.id, **here)
    token = start_session(session, staff.id, now=now)
    session.commit()
    officer = visitor(width=1280)
    officer.page.context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": officer.address}])
    return officer


def test_a_display_that_is_switched_on_without_a_connection_shows_what_was_so(visitor: OpenBrowser) -> None:
    display = visitor(width=1280)
    display.open("/display/sragen")
    ready(display.page, "/display/sragen", lists=0)
    cut(display)
    display.page.reload()
    display.page.get_by_text("Semua layanan GRATIS", exact=False).wait_for()
    display.page.locator("[data-lost]").wait_for(timeout=20_000)
