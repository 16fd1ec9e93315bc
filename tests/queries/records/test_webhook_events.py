"""All that happens at an office, as partners are told of it: in order, as the document of the API says, of nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.webhooks import Event
from queue_app.models import Booking, OfficeService, Webhook
from queue_app.queries.records.webhook_events import Told, events_between, last_seal
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.calendar.closing import close_day, open_day
from queue_app.services.calendar.quota import set_day_quota
from queue_app.services.records.audit import seal_entries
from queue_app.web.api.document.openapi import document
from queue_app.web.api.document.webhook_schemas import body_of
from tests.harness.factories import TESTER, make_applicant, make_booking, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.harness.hall import Hall

Tell = Callable[..., list[Told]]


@pytest.fixture
def tell(session: Session, keyring: FileKeyring, clock: FixedClock) -> Tell:
    """All that has happened, to one who wants everything."""

    def tell(*events: Event, office_id: int | None = None, api_key_id: int | None = None) -> list[Told]:
        session.flush()
        seal_entries(session, keyring=keyring, now=clock.now())
        wanted = ",".join(events or Event)
        webhook = Webhook(office_id=office_id, events=wanted, api_key_id=api_key_id)
        told = list(events_between(session, webhook, 0, last_seal(session)))
        for one in told:
            schema = {**body_of(one.event), "components": document()["components"]}
            jsonschema_rs.validator_for(schema).validate(one.body)
        return told

    return tell


@pytest.fixture
def booked(session: Session, offering: OfficeService, keyring: FileKeyring, clock: FixedClock) -> Booking:
    slot = slots_of(session, offering, THURSDAY)[0]
    return make_booking(session, slot.id, make_applicant(), keyring=keyring, now=clock.now())


def test_a_move_names_the_new_place(
    session: Session, offering: OfficeService, booked: Booking, clock: FixedClock, tell: Tell
) -> None:
    later = slots_of(session, offering, FRIDAY)[1]
    reschedule(session, booked.id, later.id, now=clock.now())
    first, moved, second = tell()
    assert [one.event for one in (first, moved, second)] == [
        Event.TICKET_BOOKED,
        Event.TICKET_MOVED,
        Event.TICKET_BOOKED,
    ]
    assert moved.body["data"]["date"] == "2026-11-26"
    assert moved.body["data"]["state"] == "rescheduled"
    place = {name: second.body["data"][name] for name in moved.body["data"]["moved_to"]}
    assert moved.body["data"]["moved_to"] == place
    assert place["date"] == "2026-11-27"


def test_a_day_that_is_closed_opened_and_given_another_quota(
    session: Session, offering: OfficeService, clock: FixedClock, tell: Tell
) -> None:
    day_id = slots_of(session, offering, THURSDAY)[0].service_day_id
    by: dict[str, Any] = {"actor": TESTER, "now": clock.now()}
    close_day(session, day_id, reason_id="Listrik padam", reason_en="Power cut", **by)
    open_day(session, day_id, reason="Listrik nyala", **by)
    set_day_quota(session, day_id, 7, reason="Alat tambahan", **by)
    closed, reopened, quota = tell()
    assert [one.event for one in (closed, reopened, quota)] == [
        Event.DAYS_CLOSED,
        Event.DAYS_REOPENED,
        Event.QUOTA_CHANGED,
    ]
    assert closed.body["data"] == {
        "office": "sragen",
        "services": ["KTP_REKAM"],
        "first_date": "2026-11-26",
        "last_date": "2026-11-26",
        "from_time": None,
        "until_time": None,
        "reason": {"id": "Listrik padam", "en": "Power cut"},
    }
    assert quota.body["data"] == {
        "office": "sragen",
        "service": "KTP_REKAM",
        "date": "2026-11-26",
        "quota": 7,
        "quota_before": 4,
    }


def test_a_visit_step_by_step_and_one_taken_back(hall: Hall, tell: Tell) -> None:
    (ticket_id,) = hall.arrive(1)
    hall.call()
    hall.undo(ticket_id)
    hall.call()
    hall.serve(ticket_id)
    told = [(one.event, one.body["data"]["state"]) for one in tell()]
    steps = [Event.TICKET_CALLED, Event.TICKET_UNDONE, Event.TICKET_CALLED, Event.TICKET_SERVED]
    assert [event for event, _state in told if event not in (Event.TICKET_BOOKED, Event.TICKET_ARRIVED)] == steps
    assert (Event.TICKET_UNDONE, "waiting") in told


def test_only_what_is_wanted_of_the_office_that_is_meant(booked: Booking, tell: Tell) -> None:
    office_id = booked.tickets[0].office_id
    assert tell(Event.TICKET_CANCELLED) == []
    assert tell(office_id=office_id + 1) == []
    assert len(tell(Event.TICKET_BOOKED, office_id=office_id)) == 1


def test_codes_are_told_to_the_key_that_has_booked(session: Session, booked: Booking, tell: Tell) -> None:
    booked.api_key_id = 3
    assert "booking_code" not in tell()[0].body["data"]
    assert "booking_code" not in tell(api_key_id=4)[0].body["data"]
    assert tell(api_key_id=3)[0].body["data"]["booking_code"].replace("-", "") == booked.code


def test_nothing_that_is_told_names_or_describes_a_person(
    session: Session, booked: Booking, clock: FixedClock, tell: Tell
) -> None:
    cancel(session, booked.id, now=clock.now())
    said = json.dumps([one.body for one in tell()])
    assert not [word for word in ("331499", "Siti", "Wahyuni", "+62", booked.code, "priority") if word in said]
