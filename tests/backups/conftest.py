"""An office with bookings, its commands as processes, and an empty place to restore into."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from queue_app import create_app
from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.db import db
from queue_app.domain.clock import Clock, SystemClock, office_date
from queue_app.models import Booking, OfficeService
from tests.harness.backups import Installation, empty_place
from tests.harness.factories import make_booking, make_offering, make_office, slots_of

Opened = Callable[..., Any]


@pytest.fixture
def installation(settings: Settings) -> Installation:
    return Installation.of(settings)


@pytest.fixture
def other(settings: Settings, tmp_path: Path) -> Iterator[Installation]:
    with empty_place(settings, tmp_path) as place:
        yield place


@pytest.fixture
def office(session: Session) -> OfficeService:
    """Open every day, by the machine's own clock, which the commands read."""
    offering = make_offering(
        session,
        make_office(session),
        now=SystemClock().now(),
        weekdays=tuple(range(7)),
        opens_days_before=6,
        capacity=50,
    )
    session.commit()
    return offering


@pytest.fixture
def booked(session: Session, office: OfficeService, keyring: FileKeyring) -> Callable[..., list[Booking]]:
    """Books so many people on a day ahead; committed."""

    def book(count: int = 3, **request: object) -> list[Booking]:
        now = SystemClock().now()
        day = office_date(now, office.office.time_zone) + timedelta(days=4)
        slot = slots_of(session, office, day)[0].id
        made = [make_booking(session, slot, keyring=keyring, now=now, **request) for _ in range(count)]
        session.commit()
        return made

    return book


@pytest.fixture
def app_of(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """The program on a restored installation: ``app_of(other, clock=...)``."""
    with ExitStack() as open_apps:

        @contextmanager
        def opened(place: Installation, clock: Clock | None, changes: dict[str, Any]) -> Iterator[Flask]:
            changed = replace(settings, instance=place.instance, database_url=place.url, **changes)
            app = create_app(changed, clock=clock or SystemClock())
            try:
                yield app
            finally:
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()

        yield lambda place, clock=None, **changes: open_apps.enter_context(opened(place, clock, changes))
