"""No page reads more the longer its office keeps its bookings: by the plans of every statement of every page."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import db
from queue_app.domain.roles import Role
from queue_app.web.access.api_keys import TICKET_TOKEN
from queue_app.web.access.kiosks import DEVICE_COOKIE
from tests.harness.office import Visitor, make_world
from tests.harness.plans import read_whole, sent_to
from tests.web.access.test_access_matrix import WHO_MAY
from tests.web.access.test_every_page import address, things

# By the beginning of the statement, with the reason why it may read on.
ALLOWED = (
    # Only on a database from before keys left check values; and the first row answers, as long as one is kept.
    "SELECT ticket.nik, ticket.position, ticket.person_index, booking.code, booking.phone",
    # The same: the oldest seals, which are where the table begins.
    "SELECT audit_seal.sequence, audit_seal.entry_id, audit_seal.hash",
    "SELECT max(audit_seal.sequence)",  # which is where its index ends
    "SELECT max(day_figures.day)",  # the same, of one office
)


def test_no_page_reads_a_whole_table(app: Flask, session: Session, keyring: FileKeyring) -> None:
    world = make_world(session, keyring)
    named = things(app, world)
    with app.app_context():
        engine = db.engine
    looked_at: set[str] = set()
    found: list[str] = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        allowed = WHO_MAY[rule.endpoint]
        for role in [None] if None in allowed or not allowed else [role for role in Role if role in allowed]:
            visitor = Visitor(app.test_client())
            if role is not None:
                visitor.sign_in(world, world.staff(role, world.here, world.there))
            visitor.client.set_cookie(DEVICE_COOKIE, named["kiosk"], path="/kiosk")
            with sent_to(engine) as sent:
                visitor.get(address(app, rule, named), headers={TICKET_TOKEN: named["token"]})
            with engine.connect() as connection:
                for one in sent:
                    if one.statement in looked_at or one.statement.startswith(ALLOWED):
                        continue
                    looked_at.add(one.statement)
                    found += [f"{rule.endpoint}: {step}\n{one.statement}" for step in read_whole(connection, one)]
    assert len(looked_at) > 100
    assert not found, "\n\n".join(found)
