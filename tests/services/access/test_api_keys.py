"""The rules of keys, and the commands that make and withdraw them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.cli import main
from queue_app.config import Settings
from queue_app.domain.api_keys import PREFIX, Scope
from queue_app.models import ApiKey, AuditEntry
from queue_app.services.access import api_keys

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """``run("create", "--name", …)``: the command on the test's database."""
    monkeypatch.setenv("QUEUE_APP_INSTANCE", str(settings.instance))
    monkeypatch.setenv("QUEUE_APP_DATABASE_URL", settings.database_url)
    return lambda *words: CliRunner().invoke(main, ["api-key", *words])


def test_the_key_stands_alone_on_the_last_line_and_nowhere_else(run: Run, session: Session) -> None:
    made = run("create", "--name", "Desa Sambi", "--scope", ",".join(Scope), "--limit", "60")
    assert made.exit_code == 0, made.output
    key = made.stdout.splitlines()[-1]
    assert key.startswith(PREFIX)
    partner = api_keys.recognise(session, key)
    assert partner is not None
    assert (partner.name, partner.scopes, partner.limit_per_minute) == ("Desa Sambi", frozenset(Scope), 60)
    listed = run("list").output
    assert "Desa Sambi" in listed
    assert "60 a minute" in listed
    assert key not in listed
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == "api_key").order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["api_key.created"]
    assert key not in str([vars(entry) for entry in entries])


def test_a_revoked_key_is_unknown_and_its_name_is_free(run: Run, session: Session) -> None:
    key = run("create", "--name", "kiosk", "--scope", "check-ins:write").stdout.splitlines()[-1]
    assert "no limit" in run("list").output
    taken = run("create", "--name", "kiosk", "--scope", "check-ins:write")
    assert taken.exit_code == 1
    assert "in force" in taken.output
    assert run("revoke", "kiosk").exit_code == 0
    assert api_keys.recognise(session, key) is None
    session.rollback()
    again = run("revoke", "kiosk")
    assert again.exit_code == 1
    assert "api-key list" in again.output
    assert run("create", "--name", "kiosk", "--scope", "check-ins:write").exit_code == 0
    session.rollback()
    assert len(session.scalars(select(ApiKey)).all()) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scope", "bookings:write,bookings:erase"], "No such scope: bookings:erase. There are: bookings:write"),
        (["--scope", ","], "(none given)"),
        (["--scope", "bookings:write", "--limit", "0"], "--limit"),
        (["--scope", "bookings:write", "--limit", "many"], "--limit"),
        ([], "--scope"),
    ],
)
def test_what_the_command_refuses(run: Run, session: Session, words: list[str], said: str) -> None:
    refused = run("create", "--name", "bot", *words)
    assert refused.exit_code != 0
    assert said in refused.output
    assert not session.scalars(select(ApiKey)).all()


@pytest.mark.parametrize("name", ["", " ", "a\nb\x00", "<b>", "x" * 61, "-"])
def test_names_are_short_and_plain(run: Run, name: str) -> None:
    refused = run("create", "--scope", "bookings:write", f"--name={name}")
    assert refused.exit_code == 1
    assert "A name has" in refused.output
