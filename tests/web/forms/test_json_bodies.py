"""JSON where a form is expected: every route that takes something answers, and none breaks."""

from __future__ import annotations

import json

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.roles import Role
from queue_app.services.access import kiosks
from queue_app.web.access.kiosks import DEVICE_COOKIE
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import Visitor, make_world
from tests.web.kiosk.touch import new_kiosk

NAMES = ("nonce", "code", "q", "day", "entries", "reason", "ticket", "outcome", "when", "key", "nik", "slot_id")
BODIES = (
    *(
        "",
        "null",
        "[]",
        "7",
        '"x"',
        "{",
        "NaN",
        "[" * 5_000,
        '{"entries": "x"}',
        '{"a": "\\ud800"}',
        '{"nonce": 1e400}',
    ),
    *(
        json.dumps(dict.fromkeys(NAMES, value))
        for value in (None, 7, 2**64, True, [], {}, [[1]], {"a": [None]}, "\x00")
    ),
)


@pytest.mark.parametrize("role", [Role.DESK, Role.ADMINISTRATOR])
def test_no_json_breaks_a_route(
    app: Flask, client: FlaskClient, session: Session, keyring: FileKeyring, role: Role
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # its refusals would hide what comes after them
    app.config["PROPAGATE_EXCEPTIONS"] = False
    world = make_world(session, keyring)
    staff = world.staff(role, world.here, world.there)
    _device, code = new_kiosk(world)
    client.set_cookie(DEVICE_COOKIE, kiosks.enrol(world.session, "sragen", code, now=MONDAY_MORNING), path="/kiosk")
    world.session.commit()
    ticket = world.book().tickets[0].id
    broken = []
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint == "staff.log_out":
            continue
        with app.test_request_context():
            values = {"office": "sragen", "service": "ktp-rekam", "token": "x", "day": "2026-11-24", "page": "pindai"}
            path = url_for(rule.endpoint, **{name: values.get(name, ticket) for name in rule.arguments})
        Visitor(client).sign_in(world, staff)
        for body in BODIES:
            answer = client.post(path, data=body, content_type="application/json")
            if answer.status_code >= 500:
                broken.append(f"{rule.endpoint} {body[:40]}: {answer.status_code}")
    assert not broken, "\n".join(broken)
