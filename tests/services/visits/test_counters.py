"""Counters, who sits there, and what stops the calling of a whole office."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.visits import Outcome
from queue_app.models import Closure, Counter, DisruptionKind
from queue_app.services.visits.calling import recall, resume
from queue_app.services.visits.counters import counter_of, set_counter
from queue_app.services.visits.disruptions import begin_disruption, disruptions_of, end_disruption, left_today
from queue_app.services.visits.seats import go_on, pause, send_away, sign_in, sign_out
from queue_app.services.visits.serving import finish, hold, start
from tests.harness.closing import carry_out_all
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.hall import EIGHT, Hall
from tests.services.conftest import Book


def test_one_officer_sits_at_a_counter_and_at_no_other(hall: Hall, session: Session) -> None:
    facts = {"office_id": hall.office_id, "now": hall.clock.now()}
    one, two = hall.counters[1], hall.counters[2]
    with hall.refused("counter_taken"):
        sign_in(session, one, staff_id=hall.officers[2], **facts)
    assert sign_in(session, one, staff_id=hall.officers[1], **facts).staff_id == hall.officers[1]
    with hall.refused("not_your_counter"):
        sign_out(session, one, staff_id=hall.officers[2], now=hall.clock.now())
    sign_out(session, one, staff_id=hall.officers[1], now=hall.clock.now())
    third = hall.officer("ketiga")
    sign_in(session, one, staff_id=hall.officers[2], **facts)  # and leaves the second one
    moved = counter_of(session, hall.officers[2], hall.office_id, now=hall.clock.now())
    assert moved
    assert (moved.id, session.get_one(Counter, two).staff_id) == (one, None)
    assert sign_in(session, two, staff_id=third, **facts).staff_id == third
    for counter_id, office_id in ((4711, hall.office_id), (two, 4711)):
        with hall.refused("not_found"):
            sign_in(session, counter_id, office_id=office_id, staff_id=third, now=hall.clock.now())


def test_nobody_leaves_an_open_call_unless_sent_away(hall: Hall, session: Session) -> None:
    (one,) = hall.arrive(1)
    hall.call()
    counter_id, now = hall.counters[1], hall.clock.now()
    with hall.refused("call_open"):
        sign_out(session, counter_id, staff_id=hall.officers[1], now=now)
    of_office = {"office_id": hall.office_id, "actor": TESTER, "now": now}
    with hall.refused("call_open"):
        set_counter(session, counter_id, service_ids=[hall.service_id], active=False, **of_office)
    send_away(session, counter_id, reason="Pulang sakit", **of_office)
    hall.officers[1] = hall.officer("pengganti")
    sign_in(session, counter_id, office_id=hall.office_id, staff_id=hall.officers[1], now=now)
    session.commit()
    hall.serve(one)  # whoever comes next goes on with the same person
    set_counter(session, counter_id, service_ids=[hall.service_id], active=False, **of_office)
    with hall.refused("not_your_counter"):
        hall.call()
    with hall.refused("counter_number_taken"):
        hall.counter(2, hall.service_id)
    with hall.refused("not_found"):
        hall.counter(3, 4711)


def test_a_pause_needs_a_reason_and_stops_the_calling_of_one_counter(hall: Hall, session: Session) -> None:
    one, two, three = hall.arrive(1, 2, 3)
    hall.call()
    facts = {"staff_id": hall.officers[1], "now": hall.clock.now()}
    with hall.refused("reason_required"):
        pause(session, hall.counters[1], reason=" ", **facts)
    pause(session, hall.counters[1], reason="Salat", **facts)
    hall.serve(one)  # to the end
    with hall.refused("counter_paused"):
        hall.call()
    assert hall.call(counter=2) == two
    go_on(session, hall.counters[1], **facts)
    assert hall.call() == three


def test_a_disruption_stops_every_call_and_takes_nobodys_place(hall: Hall, session: Session) -> None:
    one, two, three, four = hall.arrive(1, 2, 3, 4)
    hall.call()
    hall.press(start, one)
    hall.call(counter=2)
    hall.press(hold, two, at=2)
    hall.call(counter=2)
    facts = {"actor": TESTER, "now": hall.clock.now()}
    first = begin_disruption(session, hall.office_id, DisruptionKind.POWER, expected_until=None, **facts)
    again = begin_disruption(session, hall.office_id, DisruptionKind.POWER, expected_until=None, **facts)
    assert again.id == first.id
    session.commit()
    hall.press(finish, one, Outcome.DONE)  # to the end
    for press in (hall.call, lambda: hall.press(resume, two), lambda: hall.press(recall, three, at=2)):
        with hall.refused("disrupted"):
            press()
    assert hall.order() == [four]
    end_disruption(session, hall.office_id, disruption_id=first.id, close=None, **facts)
    session.commit()
    assert disruptions_of(session, hall.office_id) == []
    assert hall.call() == four
    with hall.refused("not_disrupted"):
        end_disruption(session, hall.office_id, disruption_id=first.id, close=None, **facts)


def test_when_the_day_is_closed_those_left_are_listed_and_told(
    hall: Hall, session: Session, book: Book, messages
) -> None:  # type: ignore[no-untyped-def]
    hall.clock.set(MONDAY_MORNING)
    expected = book(window=1)
    hall.clock.set(EIGHT)
    served, waiting = hall.arrive(1, 2)
    hall.call()
    hall.press(start, served)
    facts = {"actor": TESTER, "now": hall.clock.now()}
    begun = begin_disruption(session, hall.office_id, DisruptionKind.POWER, expected_until=None, **facts)
    left = [ticket.id for ticket in left_today(session, hall.office_id, now=hall.clock.now())]
    assert left == [waiting, expected.tickets[0].id]
    closing = {"disruption_id": begun.id, "close": ("Listrik padam", "Power cut")}
    ended = end_disruption(session, hall.office_id, **closing, **facts)
    session.commit()
    assert ended.closed_day
    (closure,) = session.scalars(select(Closure))
    carry_out_all(session, closure, now=hall.clock.now())
    assert messages(expected)[-1] == "sent_home"
    assert messages(hall.visit(waiting).ticket.booking) == ["sent_home"]
    assert messages(hall.visit(served).ticket.booking) == []
