"""Keys are changed under those who are looking: tickets go on, staff log in anew, nothing that was typed is lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app import create_app
from queue_app.adapters.key_file import load_key_file
from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.jobs import keys
from queue_app.models import OfficeService, StaffSession
from queue_app.services.arrivals.first_look import look
from tests.conftest import close
from tests.harness.factories import make_booking, slots_of
from tests.harness.fakes import THURSDAY, FixedClock
from tests.harness.rotation import add_keys, adopt, rotate
from tests.web.citizen import DETAILS, SERVICE, hidden

Give = Callable[[FileKeyring], int]


@pytest.fixture
def former(app: Flask) -> FileKeyring:
    return adopt(app)


@pytest.fixture
def give(session: Session, offering: OfficeService, clock: FixedClock) -> Give:
    """Books for somebody on Thursday; the ticket's id."""

    def give(keyring: FileKeyring) -> int:
        slot = next(slot for slot in slots_of(session, offering, THURSDAY) if slot.booked < slot.capacity)
        booking = make_booking(session, slot.id, keyring=keyring, now=clock.now())
        session.commit()
        ticket_id = booking.tickets[0].id
        session.rollback()
        return ticket_id

    return give


def test_links_and_codes_that_are_out_go_on(
    app: Flask, client: FlaskClient, session: Session, give: Give, former: FileKeyring
) -> None:
    old = give(former)
    keyring = rotate(app)
    new = give(keyring)
    tokens = {keyring.ticket_token(new): 200, former.ticket_token(old): 200, former.ticket_token(new): 404}
    assert {token: client.get(f"/t/{token}").status_code for token in tokens} == tokens, "the last one is forged"
    connection = session.connection()
    (scanned,) = look(connection, former.ticket_token(old), "nonce", keyring=keyring)
    assert scanned.id == old
    assert not look(connection, former.ticket_token(new), "nonce", keyring=keyring)


def test_another_process_learns_of_it_by_itself(
    app: Flask, give: Give, former: FileKeyring, settings: Settings, clock: FixedClock
) -> None:
    """A key that is added is not in force yet; from then on each request looks, and the first after the change goes by
    the new keys."""
    other = create_app(settings, clock=clock)
    client = other.test_client()
    try:
        assert client.get("/tiket-saya").status_code == 200
        add_keys(app)
        assert client.get("/tiket-saya").status_code == 200
        assert other.extensions["keyring"].check_values == former.check_values
        with app.app_context():
            keys.change_to(load_key_file(settings.keys_file))
        new = give(app.extensions["keyring"])
        assert client.get(f"/t/{app.extensions['keyring'].ticket_token(new)}").status_code == 200
        assert other.extensions["keyring"].check_values == app.extensions["keyring"].check_values
    finally:
        close(other)


@pytest.mark.usefixtures("former")
def test_what_was_typed_is_sent_once_more(client: FlaskClient, app: Flask, offering: OfficeService) -> None:
    token = hidden(client.get("/tiket-saya").text, "csrf_token")
    rotate(app)
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = client.post(f"{SERVICE}/data", data={"csrf_token": token, **DETAILS}, headers=headers)
    assert answer.status_code == 400
    assert "Kirim sekali lagi" in answer.text
    for name, value in DETAILS.items():
        assert hidden(answer.text, name) == value
    again = {"csrf_token": hidden(answer.text, "csrf_token"), **DETAILS}
    assert client.post(f"{SERVICE}/data", data=again, headers=headers).status_code == 303


@pytest.mark.usefixtures("former")
def test_staff_log_in_anew(app: Flask, desk: Any, session: Session) -> None:
    assert desk.client.get("/meja/kedatangan").status_code == 200
    rotate(app, "cookie")
    assert all(row.ended_at for row in session.query(StaffSession))
    session.rollback()
    answer = desk.client.get("/meja/kedatangan")
    assert (answer.status_code, "/petugas/masuk" in answer.headers.get("Location", "")) == (303, True)


def test_a_machine_with_an_old_file_answers_nothing_and_says_why(
    app: Flask, client: FlaskClient, settings: Settings, tmp_path: Path, former: FileKeyring
) -> None:
    shutil.copy(settings.keys_file, tmp_path / "old.json")
    rotate(app)
    assert client.get("/readyz").status_code == 200
    shutil.copy(settings.keys_file, tmp_path / "right.json")
    shutil.copy(tmp_path / "old.json", settings.keys_file)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["missing"]) == (503, "keys")
    assert "queue-app rotate-keys" in answer.json["why"]
    assert client.get("/tiket-saya").status_code == 503
    assert client.get("/healthz").status_code == 200
    shutil.copy(tmp_path / "right.json", settings.keys_file)
    assert client.get("/readyz").status_code == 200
    assert client.get("/tiket-saya").status_code == 200
