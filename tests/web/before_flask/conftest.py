"""The layers with a clock of their own, a count of what came through to Flask, and what readers compare it with."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app import create_app
from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.models import Booking, OfficeService, Slot
from queue_app.web.before_flask import FULL_SLOTS, PAGES
from tests.conftest import close, forget_at_once
from tests.harness.factories import make_booking, slots_of
from tests.harness.fakes import FixedClock
from tests.harness.reuse import Reuse


class Seconds:
    """A monotonic clock that stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds(app: Flask) -> Seconds:
    clock = Seconds()
    for layer in (FULL_SLOTS, PAGES):
        app.extensions[layer].now = clock
    return clock


@pytest.fixture
def came_through(app: Flask) -> Callable[[], Counter[str]]:
    """How often Flask was asked, by method and path, since the last look."""
    seen: Counter[str] = Counter()
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: seen.update([f"{request.method} {request.path}"]))

    def look() -> Counter[str]:
        looked = Counter(seen)
        seen.clear()
        return looked

    return look


@pytest.fixture
def fresh(settings: Settings, clock: FixedClock, reuse: Reuse) -> Iterator[FlaskClient]:
    """The same application again, to which everything that it has kept is too old."""
    app = create_app(settings, clock=clock)
    reuse.prepare(app)
    forget_at_once(app)
    yield app.test_client(use_cookies=False)
    close(app)


@pytest.fixture
def waiting_message(app: Flask) -> str:
    """A cookie, of somebody for whom a message waits: "Hanya untuk Anda"."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"queue={signer.dumps({'_flashes': [('success', 'Hanya untuk Anda')]})}"


@pytest.fixture
def slot(session: Session, offering: OfficeService) -> Slot:
    return slots_of(session, offering, date(2026, 11, 24))[0]


@pytest.fixture
def holder(session: Session, slot: Slot, keyring: FileKeyring, clock: FixedClock) -> Booking:
    """One of the two who have the places of the slot."""
    make_booking(session, slot.id, keyring=keyring, now=clock.now())
    booking = make_booking(session, slot.id, keyring=keyring, now=clock.now())
    session.commit()
    return booking
