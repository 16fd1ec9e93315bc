"""A populated installation, and people in every role at its door."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask, got_request_exception
from sqlalchemy import select

from queue_app.db import unit_of_work
from queue_app.domain.announcements import Announcing, Level
from queue_app.domain.api_keys import Scope
from queue_app.domain.closures import ClosedTime
from queue_app.domain.roles import Role
from queue_app.domain.rosters import Shift
from queue_app.models import Counter, FormerAddress, Printer, StaffAssignment
from queue_app.services.access import api_keys
from queue_app.services.booking import request
from queue_app.services.calendar.carrying_out import carry_out
from queue_app.services.calendar.closing import close_day
from queue_app.services.calendar.closures import NewClosure, draft
from queue_app.services.rosters.shifts import add_shifts
from queue_app.services.setup.offered import offer_services
from queue_app.services.texts.announcements import announce
from queue_app.web.access.kiosks import DEVICE_COOKIE
from tests.harness import factories
from tests.harness.fakes import FixedClock
from tests.web.attackers import ROLES, Attacker
from tests.web.counter_forms import cut_off, open_counters
from tests.web.found_forms import plausible


@pytest.fixture
def attackers(app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Attacker]]:
    app.config.update(PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)  # a forged token would stop us at the door
    now, keyring = clock.now(), app.extensions["keyring"]
    # A code as typed leads to somebody who is here today, and neither to the first rows, who wait already,
    # nor to the next one, which is admitted from the list.
    first = [request.new_booking_code() for _ in range(4)]
    codes = itertools.chain(first, [plausible("code", "")], iter(request.new_booking_code, None))
    monkeypatch.setattr(request, "new_booking_code", codes.__next__)
    with app.app_context(), unit_of_work() as session:
        office, elsewhere = factories.make_office(session), factories.make_office(session, "gemolong")
        last_week = now - timedelta(days=5)
        offering = factories.make_offering(session, office, now=last_week, capacity=9, opens_days_before=7)
        for day in (23, 25):
            for slot in factories.slots_of(session, offering, now.date().replace(day=day)):
                for _ in range(3):
                    factories.make_booking(session, slot.id, keyring=keyring, now=last_week)
        session.add(Printer(office_id=office.id, name="Loket", host="127.0.0.1", port=9))
        (closed, *_) = factories.slots_of(session, offering, now.date().replace(day=24))
        reason = {"reason_id": "Listrik padam", "reason_en": ""}
        for _ in range(2):
            factories.make_booking(session, closed.id, keyring=keyring, now=last_week)
        closure = close_day(session, closed.service_day_id, actor=factories.TESTER, now=now, **reason)
        session.flush()
        while carry_out(session, closure.id, now=now):
            session.flush()
        later = ClosedTime(now.date().replace(day=26), now.date().replace(day=26))
        draft(session, office.id, NewClosure(later, "Pelatihan"), actor=factories.TESTER, now=now)
        by = {"actor": factories.TESTER, "now": now}
        offer_services(session, office.id, ["IKD", "SUKET"], **by)
        door = Announcing("Pintu timur", "", Level.INFO, True, True, now, now + timedelta(days=9))
        announce(session, office.id, door, **by)
        session.add(FormerAddress(slug="kantor-lama", office_id=office.id, left_at=now))
        open_counters(session, offering, keyring=keyring, now=now)
        roles = [role for role in ROLES if role]
        staff = {role: factories.make_staff(session, office, role, now=now, keyring=keyring).id for role in roles}
        session.add(cut_off(office.id, staff[Role.DESK], now))
        counter = session.scalars(select(Counter.id).order_by(Counter.id)).first() or 0
        planned = Shift(counter, staff[Role.COUNTER], now.date() + timedelta(days=1), time(8), time(12))
        add_shifts(session, [planned], office_id=office.id, actor=factories.TESTER, now=now)
        for role, staff_id in staff.items():
            session.add(StaffAssignment(staff_id=staff_id, office_id=elsewhere.id, role=role))
        kiosk_token, _ = (factories.make_kiosk(session, office, now=now, locked=locked) for locked in (False, True))
    failures: list[str] = []
    found = [Attacker(app, role, staff.get(role) if role else None, app.test_client(), failures) for role in ROLES]
    found[0].client.set_cookie(DEVICE_COOKIE, kiosk_token, path="/kiosk")  # anybody may touch a kiosk

    def remember(_sender: Flask, exception: Exception, **_: Any) -> None:
        for attacker in found:
            attacker.troubles.append(f"{type(exception).__name__}: {exception}"[:300])

    with got_request_exception.connected_to(remember, app):
        yield found


@pytest.fixture
def partner_key(app: Flask, attackers: list[Attacker], clock: FixedClock) -> str:
    """Of a program that may do everything."""
    by = {"limit_per_minute": None, "actor": factories.TESTER, "now": clock.now()}
    with app.app_context(), unit_of_work() as session:
        return api_keys.create(session, name="desa", scopes=tuple(Scope), **by)


@pytest.fixture
def partner(app: Flask, attackers: list[Attacker], partner_key: str) -> Attacker:
    headers = {"Authorization": f"Bearer {partner_key}"}
    return Attacker(app, None, None, app.test_client(), attackers[0].failures, headers)


def each_share(shares: int, requests: int, on_postgresql: int) -> pytest.MarkDecorator:
    """``share`` and ``requests``: all of them on SQLite, in so many shares, and some more on PostgreSQL."""
    assert requests % shares == 0
    return pytest.mark.parametrize(
        ("database_url", "share", "requests"),
        [
            *(pytest.param("sqlite", share, requests // shares, id=f"sqlite-{share}") for share in range(shares)),
            pytest.param("postgresql", shares, on_postgresql, id="postgresql", marks=pytest.mark.postgresql),
        ],
        indirect=["database_url"],
    )
