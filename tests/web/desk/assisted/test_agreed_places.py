"""A place beyond the quota, above the number that one may give alone: a colleague agrees on the same page."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from queue_app.domain.roles import Role
from queue_app.models import Staff
from queue_app.services.access.passwords import hash_password
from queue_app.services.records import overrides
from tests.harness.factories import make_applicant, make_booking, make_nik
from tests.harness.office import LAST_WEEK, NONCE, TODAY, Visitor, World, refusals

PAGE = "/meja/bantu"


def test_a_colleague_agrees_and_nothing_that_was_typed_is_lost(
    desk: Visitor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overrides, "ALONE_A_DAY", 0)
    for slot in (world.slot(TODAY, 9), world.slot(TODAY, 13)):
        for _ in range(slot.capacity):
            make_booking(world.session, slot.id, make_applicant(), keyring=world.keyring, now=LAST_WEEK)
    world.session.commit()
    typed = {"service": str(world.offering.id), "priority": "", "phone": "", "when": "tambahan", "nonce": NONCE}
    typed |= {"persons-0-nik": make_nik().digits, "persons-0-name": "Sri Lestari", "reason": "Datang dari jauh"}
    asked = desk.post(PAGE, {"action": "book", **typed})
    assert asked.status_code == 403
    assert "petugas kedua" in refusals(asked)[0]
    for kept in ('name="username"', 'value="Datang dari jauh"', 'value="tambahan" checked', "Sri Lestari"):
        assert kept in asked.text
    second = world.staff(Role.DESK, world.here, world.there)
    world.session.execute(update(Staff).where(Staff.id == second.id).values(password_hash=hash_password("rahasia")))
    world.session.commit()
    agreed = {"username": second.username, "password": "rahasia"}
    assert desk.post(PAGE, {"action": "book", **typed, **agreed}).status_code == 303
