"""Counters of the office "here" with people who wait, for tests of the pages; and an officer who presses keys there."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from queue_app.domain.roles import Role
from queue_app.models import Counter, Office, OfficeService, Ticket, Visit, VisitStep
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.visits.counters import create_counter
from tests.harness.factories import TESTER, make_offering, make_service
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import LAST_WEEK, Visitor, World

PAGE = "/loket/"


def open_counter(world: World, number: int = 1, *offerings: OfficeService, office: Office | None = None) -> Counter:
    """A counter in use at which nobody sits; of the one service there is unless others are given."""
    session = world.afresh()
    counter = create_counter(
        session,
        office_id=(office or world.here).id,
        number=number,
        service_ids=[one.service_id for one in offerings or (world.offering,)],
        actor=TESTER,
        now=LAST_WEEK,
    )
    session.commit()
    return counter


def another_service(world: World, code: str = "KK", letter: str = "B") -> OfficeService:
    """Of the office "here"."""
    offering = make_offering(
        world.afresh(), world.here, make_service(world.session, code), now=LAST_WEEK, letter=letter
    )
    world.session.commit()
    return offering


def arrive(world: World, *, hour: int = 9, now: datetime = MONDAY_MORNING, **whom: Any) -> Ticket:
    """Somebody with an appointment comes in at the door."""
    ticket = world.book(hour=hour, **whom).tickets[0]
    scan = Scan(world.keyring.ticket_token(ticket.id), ticket.office_id, None, f"door-{ticket.id}")
    check_in(world.afresh(), scan, keyring=world.keyring, now=now)
    world.session.commit()
    return world.session.get_one(Ticket, ticket.id)


def visit_of(world: World, ticket: Ticket | int) -> Visit:
    ticket_id = ticket if isinstance(ticket, int) else ticket.id
    return world.afresh().get_one(Visit, ticket_id, populate_existing=True)


def steps_of(world: World, ticket: Ticket) -> list[str]:
    """The kinds of the steps that stand."""
    query = select(VisitStep.kind).where(VisitStep.ticket_id == ticket.id, VisitStep.undone_at.is_(None))
    return [kind.value for kind in world.afresh().scalars(query.order_by(VisitStep.id))]


class Officer:
    """Reads the page and presses its keys, as counter.js does."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.shown = visitor, ""

    def look(self) -> str:
        self.shown = self.visitor.get(PAGE).text
        return self.shown

    @property
    def keys(self) -> dict[str, str]:
        """Each key that can be pressed now, with the address to which its form goes."""
        self.look()
        return self._keys_shown()

    def _keys_shown(self) -> dict[str, str]:
        forms = re.findall(r'<form action="([^"]+)"(.*?)</form>', self.shown, re.S)
        found = [(re.search(r'data-key="(\w+)"(?![^>]*disabled)', body), action) for action, body in forms]
        return {key.group(1): action for key, action in found if key}

    def press(self, key: str, *, as_shown: bool = False, **values: str) -> TestResponse:
        """What the form of that key sends; ``as_shown``: on the page that was looked at last. Raises KeyError where the
        page has none.
        """
        address = (self._keys_shown() if as_shown else self.keys)[key]
        (form,) = (body for action, body in re.findall(r'<form action="([^"]+)"(.*?)</form>', self.shown, re.S)
                   if action == address)  # fmt: skip
        hidden = dict(re.findall(r'name="(csrf_token|nonce|request_key)"[^>]*value="([^"]+)"', form))
        return self.visitor.client.post(address, data={**hidden, **values})

    def presses(self, *keys: str) -> None:
        for key in keys:
            assert self.press(key).status_code == 303

    @property
    def notice(self) -> str:
        """What the page says above itself after the last press; once."""
        found = re.search(r'class="govuk-notification-banner__heading">\s*(.*?)\s*</p>', self.look(), re.S)
        return found.group(1) if found else ""


def officer_at(world: World, visitor: Visitor, counter: Counter, role: Role = Role.COUNTER, **who: Any) -> Officer:
    """Logged in, and sits there."""
    officer = Officer(visitor.sign_in(world, world.staff(role), **who))
    officer.presses(str(counter.number))
    return officer
