"""`queue-app staff`: the operator lets somebody in again who cannot come in by themselves."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.cli import main
from queue_app.config import Settings
from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, SecondFactor, Staff
from tests.harness.factories import make_office, make_staff
from tests.harness.fakes import FixedClock
from tests.harness.office import Visitor


@pytest.fixture
def command(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("QUEUE_APP_INSTANCE", str(settings.instance))
    monkeypatch.setenv("QUEUE_APP_DATABASE_URL", settings.database_url)
    return lambda *words: CliRunner().invoke(main, ["staff", *words])


@pytest.fixture
def boss(session: Session, keyring: FileKeyring, clock: FixedClock) -> Staff:
    office = make_office(session)
    staff = make_staff(session, office, Role.ADMINISTRATOR, now=clock.now(), username="kepala", keyring=keyring)
    session.commit()
    return staff


def test_the_only_administrator_gets_a_link_for_a_new_password(
    command: Callable[..., Result], boss: Staff, client: FlaskClient, clock: FixedClock, session: Session
) -> None:
    told = command("reset-password", " Kepala ")
    assert told.exit_code == 0, told.output
    link, words = told.output.splitlines()
    assert "24 hours" in words
    made = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.reset_link_made")).one()
    assert made.actor == "system:command-line"
    clock.set(made.at)  # the command goes by the machine's clock
    new = "empat kata yang baru"
    answer = Visitor(client).post(urlsplit(link).path, {"password": new, "repeat": new})
    assert (answer.status_code, answer.location) == (303, "/petugas/masuk")


def test_and_whoever_lost_the_telephone_begins_anew(
    command: Callable[..., Result], boss: Staff, session: Session
) -> None:
    assert "3 to 300" in command("reset-second-factor", "kepala", "--reason", "x").output
    told = command("reset-second-factor", "kepala")
    assert (told.exit_code, "password alone" in told.output) == (0, True)
    session.rollback()
    assert session.scalars(select(SecondFactor)).all() == []
    reset = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.second_factor_reset")).one()
    assert (reset.actor, reset.reason) == ("system:command-line", "HP hilang, diatur ulang oleh operator")


@pytest.mark.parametrize("act", ["reset-password", "reset-second-factor"])
def test_a_name_that_does_not_exist_is_named(command: Callable[..., Result], boss: Staff, act: str) -> None:
    told = command(act, "nobody")
    assert (told.exit_code, "There is no account nobody." in told.output) == (1, True)


def test_a_deactivated_account_gets_no_link(command: Callable[..., Result], boss: Staff, session: Session) -> None:
    boss.active = False
    session.commit()
    assert "is deactivated" in command("reset-password", "kepala").output
