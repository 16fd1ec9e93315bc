"""Somebody's booking for tomorrow, and what the page of a person shows."""

import re

import pytest
from sqlalchemy import select

from queue_app.models import AuditEntry, Booking
from tests.harness.factories import make_applicant, make_booking
from tests.harness.office import LAST_WEEK, TOMORROW, World

PHONE, EMAIL = "+6281298765432", "siti@contoh.id"


@pytest.fixture
def booking(world: World) -> Booking:
    """Tomorrow at nine, past the citizens' cut-off once the clock says so."""
    who = {"keyring": world.keyring, "now": LAST_WEEK, "phone": PHONE, "email": EMAIL}
    booking = make_booking(world.session, world.slot(TOMORROW).id, make_applicant(), **who)
    world.session.commit()
    return booking


def at(booking: Booking, act: str = "") -> str:
    return f"/meja/orang/{booking.tickets[0].id}" + (f"/{act}" if act else "")


def keys(page: str) -> set[str]:
    return set(re.findall(r'data-key="(\w)"', page))


def history(page: str) -> list[str]:
    lines = re.findall(r'history__line">(.*?)</li>', page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines]


def hour(day: object, at: int) -> str:
    return f"{day}T{at - 7:02d}:00Z"


def form_of(page: str) -> dict[str, str]:
    return {"nonce": found.group(1)} if (found := re.search(r'name="nonce"[^>]*value="([^"]+)"', page)) else {}


def actions(world: World) -> list[tuple[str, str, str | None]]:
    of_staff = (AuditEntry.actor.startswith("staff:"), AuditEntry.subject != "staff")
    entries = world.afresh().scalars(select(AuditEntry).where(*of_staff))
    return [(entry.action, entry.subject, entry.reason) for entry in entries]
