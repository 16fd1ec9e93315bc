"""Two devices type the same code at once; one person asks several kiosks for a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import time

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import db
from queue_app.domain.priority import Channel
from queue_app.models import AuditEntry, Device
from queue_app.services.access import kiosks
from queue_app.services.access.kiosks import DeviceIdentity
from queue_app.services.assisted import kiosk_numbers
from queue_app.services.assisted.book_for_others import AssistedRequest
from queue_app.services.booking.request import Applicant
from tests.concurrency.conftest import Place
from tests.concurrency.races import Meeting, Step, assert_sound, tickets_of, together
from tests.harness.factories import TESTER, make_nik
from tests.harness.fakes import FixedClock


@pytest.fixture
def enrolment_code(app: Flask, opened: Callable[..., Place], clock: FixedClock) -> str:
    place = opened()

    def create(session: Session) -> str:
        return kiosks.create_device(
            session, office_id=place.office_id, name="Pintu masuk", actor=TESTER, now=clock.now()
        )[1]

    return str(together(app, create)[0].value)


@pytest.fixture
def enrolling(enrolment_code: str, clock: FixedClock) -> Step:
    return lambda session: kiosks.enrol(session, "sragen", enrolment_code, now=clock.now())


def test_of_two_devices_with_one_code_one_becomes_the_kiosk(app: Flask, enrolling: Step) -> None:
    outcomes = together(app, *[enrolling] * 4)
    assert Counter(outcome.code for outcome in outcomes) == {None: 1, "not_found": 3}
    (token,) = (outcome.value for outcome in outcomes if outcome.won)
    with app.app_context():
        assert kiosks.identify(db.session(), token) is not None
    assert _enrolments(app) == 1


def test_control_reading_the_code_before_using_it_up_enrols_both(
    app: Flask, enrolling: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two devices believe that they are the kiosk, and only one of them is."""
    meeting = Meeting(2)

    def read_then_write(
        session: Session, code_hash: bytes, _slug: str, token_hash: bytes, **_now: object
    ) -> tuple[int, int] | None:
        found = session.execute(select(Device.id, Device.office_id).where(Device.code_hash == code_hash)).one_or_none()
        meeting.wait(session)
        if found is None:
            return None
        session.execute(update(Device).where(Device.id == found.id).values(code_hash=None, token_hash=token_hash))
        return found.id, found.office_id

    monkeypatch.setattr(kiosks, "_use_code", read_then_write)
    outcomes = together(app, enrolling, enrolling)
    assert all(outcome.won for outcome in outcomes)
    assert _enrolments(app) == 2
    with app.app_context():
        let_in = [kiosks.identify(db.session(), outcome.value) is not None for outcome in outcomes]
    assert sorted(let_in) == [False, True]


@pytest.fixture
def asking(app: Flask, opened: Callable[..., Place], clock: FixedClock, keyring: FileKeyring) -> Callable[[str], Step]:
    """A step by which the same person asks a kiosk for a number, in the hour after that of release."""
    place = opened(capacity=9, releases_at=time(0, 0))
    clock.advance(days=1)
    device = DeviceIdentity(1, "Kios", place.office_id, "sragen", "Sragen", "Asia/Jakarta", None, None)
    person = (Applicant(name=None, nik=make_nik()),)

    def make(key: str) -> Step:
        request = AssistedRequest(place.offering_id, None, person, None, "id", key, Channel.KIOSK)
        return lambda session: kiosk_numbers.give_number(
            session, request, device=device, keyring=keyring, now=clock.now()
        )

    return make


def test_one_person_gets_one_number_of_several_kiosks(app: Flask, asking: Callable[[str], Step]) -> None:
    outcomes = together(app, *(asking(f"key-of-kiosk-{number}") for number in range(4)))
    assert Counter(outcome.code for outcome in outcomes) == {None: 1, "already_booked": 3}
    assert len(tickets_of(app)) == 1
    assert_sound(app)


def test_control_without_the_look_one_person_gets_every_number(
    app: Flask, asking: Callable[[str], Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kiosk_numbers, "waits_already", lambda *_: False)
    together(app, *(asking(f"key-of-kiosk-{number}") for number in range(4)))
    assert len(tickets_of(app)) > 1


def _enrolments(app: Flask) -> int:
    with app.app_context():
        return len(db.session().scalars(select(AuditEntry).where(AuditEntry.action == "device.enrolled")).all())
