"""The end of the audit chain is written down outside the database, and the check compares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from queue_app.adapters.anchor_file import AnchorFolder
from queue_app.adapters.keyring import FileKeyring
from queue_app.cli import main
from queue_app.config import Settings, settings_from
from queue_app.domain.anchors import Anchor
from queue_app.jobs.registry import JobFailed
from queue_app.models import AuditEntry, AuditSeal
from queue_app.services.records import audit
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.jobs.mail_servers import ADDRESS, Mailbox, mail_server

Run = Callable[[str], int]
Note = Callable[[], None]
Check = Callable[[], Result]


@pytest.fixture
def note(session: Session, clock: FixedClock, run: Run) -> Note:
    """Somebody does something, and it is sealed."""

    def note() -> None:
        audit.record(session, "office.updated", "office", 1, actor=TESTER, now=clock.now())
        session.commit()
        run("seal-audit")

    return note


@pytest.fixture
def lines(settings: Settings) -> Callable[[], list[str]]:
    def lines() -> list[str]:
        return [
            line for path in sorted(settings.anchors_folder.glob("*.txt")) for line in path.read_text().splitlines()
        ]

    return lines


@pytest.fixture
def check(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.setenv("QUEUE_APP_INSTANCE", str(settings.instance))
    monkeypatch.setenv("QUEUE_APP_DATABASE_URL", settings.database_url)
    return lambda: CliRunner().invoke(main, ["check"])


def cut_off_the_end(session: Session) -> None:
    """The newest entry goes together with its seal, by somebody who can write to the database."""
    last = session.scalars(select(AuditSeal).order_by(AuditSeal.sequence.desc()).limit(1)).one()
    session.execute(delete(AuditSeal).where(AuditSeal.sequence == last.sequence))
    session.execute(delete(AuditEntry).where(AuditEntry.id == last.entry_id))
    session.commit()


def test_an_anchor_is_written_when_the_chain_has_grown(run: Run, note: Note, lines: Callable[[], list[str]]) -> None:
    assert run("anchor-audit") == 0, "nothing is sealed"
    note()
    assert [run("anchor-audit"), run("anchor-audit"), len(lines())] == [1, 0, 1]
    note()
    assert [run("anchor-audit"), len(lines())] == [1, 2]


def test_the_newest_entry_deleted_with_its_seal_is_noticed(
    run: Run, note: Note, check: Check, session: Session
) -> None:
    note()
    note()
    assert run("anchor-audit") == 1
    assert check().exit_code == 0, check().output
    cut_off_the_end(session)
    result = check()
    assert result.exit_code == 1
    assert "seal 2, written down at 2026-11-23 02:00 UTC, is gone" in result.output
    note()  # the chain goes on over the gap, under the same number
    result = check()
    assert result.exit_code == 1
    assert "seal 2 is not the one that was written down at 2026-11-23 02:00 UTC" in result.output


def test_each_check_that_finds_nothing_is_an_anchor(
    note: Note, check: Check, session: Session, lines: Callable[[], list[str]]
) -> None:
    note()
    note()
    assert check().exit_code == 0
    assert len(lines()) == 1
    cut_off_the_end(session)
    assert check().exit_code == 1
    assert len(lines()) == 1, "what is broken is not written down as right"


def test_a_line_that_was_altered_is_a_breach(
    run: Run, note: Note, check: Check, settings: Settings, clock: FixedClock
) -> None:
    note()
    run("anchor-audit")
    file = settings.anchors_folder / f"{clock.now().year}.txt"
    file.write_text(file.read_text().replace(" 1 ", " 2 "))
    result = check()
    assert (result.exit_code, "line 1: was altered" in result.output) == (1, True)


def test_many_anchors_are_all_compared(
    note: Note, run: Run, check: Check, settings: Settings, keyring: FileKeyring, clock: FixedClock, session: Session
) -> None:
    note()
    first = session.scalars(select(AuditSeal.hash)).one()
    folder = AnchorFolder(settings.anchors_folder, keyring)
    run("anchor-audit")
    anchor = Anchor(clock.now(), 1, first)
    for number in range(1, 1002):  # more than one statement takes
        folder.append(replace(anchor, at=clock.now() + timedelta(seconds=number)))
    assert check().exit_code == 0
    folder.append(replace(anchor, hash=bytes(32)))
    assert check().exit_code == 1


@pytest.fixture
def mailing(app: Flask, settings: Settings):
    """The app has a mail server and an address for its anchors."""
    mailbox = Mailbox(dies_after="")
    with mail_server(mailbox) as port:
        app.extensions["settings"] = replace(
            settings, smtp_host="127.0.0.1", smtp_port=port, smtp_starttls=False, anchor_mail=ADDRESS
        )
        yield mailbox


def test_the_newest_anchor_is_mailed_once_a_day(
    run: Run, note: Note, mailing: Mailbox, lines: Callable[[], list[str]], clock: FixedClock
) -> None:
    for _ in range(3):
        note()
        run("anchor-audit")
    assert len(mailing.letters) == 1
    letter = message_from_bytes(mailing.letters[0], policy=policy.default)
    assert (letter["To"], letter["Subject"]) == (ADDRESS, "Jangkar jejak audit 2026-11-23")
    assert lines()[0] in letter.get_content()
    clock.advance(days=1)
    assert [run("anchor-audit"), run("anchor-audit")] == [1, 0]
    letter = message_from_bytes(mailing.letters[1], policy=policy.default)
    assert lines()[-1] in letter.get_content()


def test_a_mail_that_does_not_go_is_sent_by_the_next_run(
    app: Flask, run: Run, note: Note, mailing: Mailbox, lines: Callable[[], list[str]]
) -> None:
    working = app.extensions["settings"]
    app.extensions["settings"] = replace(working, smtp_port=1)
    note()
    with pytest.raises(JobFailed, match="mail server not reached"):
        run("anchor-audit")
    assert (len(lines()), mailing.letters) == (1, [])
    app.extensions["settings"] = working
    assert run("anchor-audit") == 1
    assert len(mailing.letters) == 1


def test_an_address_for_anchors_needs_a_mail_server(tmp_path: Path) -> None:
    environment = {"QUEUE_APP_INSTANCE": str(tmp_path), "QUEUE_APP_ANCHOR_MAIL": ADDRESS}
    with pytest.raises(ValueError, match="QUEUE_APP_SMTP_HOST"):
        settings_from(environment)
    assert settings_from(environment | {"QUEUE_APP_SMTP_HOST": "mail"}).anchor_mail == ADDRESS
