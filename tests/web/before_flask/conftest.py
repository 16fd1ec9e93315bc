"""The layers with a clock of their own, a count of what came through to Flask, and what readers compare it with."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Protocol

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from queue_app import create_app
from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.domain.api_keys import Scope
from queue_app.models import Booking, OfficeService, Slot
from queue_app.services.access import api_keys
from queue_app.web.before_flask import KNOWN_REFUSALS, PAGES
from queue_app.web.booking.recent_days import RECENT_DAYS
from tests.conftest import close
from tests.harness.factories import TESTER, make_booking, slots_of
from tests.harness.fakes import FixedClock
from tests.harness.forgetting import forget_at_once
from tests.harness.reuse import Reuse
from tests.web.before_flask.reasons import Reason
from tests.web.citizen import Citizen

NAMES = ("Siti Wahyuni", "Budi Santoso", "Dewi Lestari")


class ByProgram(Protocol):
    def __call__(
        self, slot: Slot, client: FlaskClient, persons: int = ..., *, first: int = ..., key: str = ..., **headers: str
    ) -> TestResponse: ...


class Seconds:
    """A monotonic clock that stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds(app: Flask) -> Seconds:
    clock = Seconds()
    for layer in (KNOWN_REFUSALS, PAGES, RECENT_DAYS):
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
def stranger(app: Flask, seconds: Seconds) -> FlaskClient:
    return app.test_client(use_cookies=False)


@pytest.fixture
def by_program(session: Session, offering: OfficeService, clock: FixedClock) -> ByProgram:
    """``by_program(slot, client, 2)``: a program claims for so many persons; ``first=5``: for others than usual."""
    api_key = api_keys.create(
        session, name="bot", scopes=tuple(Scope), limit_per_minute=None, actor=TESTER, now=clock.now()
    )
    session.commit()

    def send(
        slot: Slot, client: FlaskClient, persons: int = 1, *, first: int = 1, key: str = "", **headers: str
    ) -> TestResponse:
        people: list[dict[str, Any]] = [
            {"name": name, "nik": f"331499170305001{number}"} for number, name in enumerate(NAMES[:persons], first)
        ]
        people[0]["phone"] = "081234567890"
        body = {"applicant": people[0], "companions": people[1:]}
        headers = {"Authorization": f"Bearer {api_key}", **({"Idempotency-Key": key} if key else {}), **headers}
        return client.post(f"/api/v1/slots/{slot.id}/bookings", json=body, headers=headers)

    return send


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


@pytest.fixture
def citizen(client: FlaskClient, seconds: Seconds, offering: OfficeService) -> Citizen:
    citizen = Citizen(client)
    citizen.give_details()
    return citizen


@pytest.fixture
def page(citizen: Citizen) -> str:
    """On which the citizen chose an hour while there were some."""
    return citizen.choice().text


@pytest.fixture
def refused(why: Reason, page: str, slot: Slot, session: Session, clock: FixedClock, seconds: Seconds) -> Slot:
    """A slot with places that nobody can have any more."""
    why.begin(session, slot, clock.now())
    seconds.now += 10.0
    return slot


def forget_details(client: FlaskClient) -> None:
    """As browsers do half an hour after the last page."""
    for cookie in [cookie for cookie in (client._cookies or {}).values() if cookie.key.startswith("draft-")]:
        client.delete_cookie(cookie.key, path=cookie.path)
