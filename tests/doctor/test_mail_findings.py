"""What the doctor says of the mail server, each of them a real one; none gets a letter."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from tests.doctor.conftest import Doctor
from tests.harness.ports import free_port
from tests.harness.tls import contexts
from tests.jobs.mail_servers import Mailbox, mail_server

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LOG_IN = {"QUEUE_APP_SMTP_USER": "antrean@sragen.example", "QUEUE_APP_SMTP_PASSWORD": "geheim-sekali-4711"}


def at(port: int, **more: str) -> dict[str, str]:
    return {
        "QUEUE_APP_SMTP_HOST": "127.0.0.1",
        "QUEUE_APP_SMTP_PORT": str(port),
        "QUEUE_APP_SMTP_STARTTLS": "no",
        **more,
    }


def accepts(*, right: bool) -> dict[str, Any]:
    return {
        "authenticator": lambda *_: AuthResult(success=right, handled=False),
        "auth_required": True,
        "auth_require_tls": False,
    }


def test_without_one_messages_become_files(doctor: Doctor) -> None:
    assert doctor().says("mail", "look", "messages to citizens become files")


def test_one_that_takes_us_gets_no_letter(doctor: Doctor) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        assert doctor(**at(port)).says("mail", "look", "takes this program, but in the clear")
    assert (mailbox.letters, mailbox.tries) == ([], 0)


@pytest.mark.parametrize("right", [True, False])
def test_the_log_in_is_tried_and_not_shown(doctor: Doctor, right: bool) -> None:
    with mail_server(Mailbox(), **accepts(right=right)) as port:
        report = doctor(**at(port, **LOG_IN))
    if right:
        assert not report.about("mail", "wrong")
    else:
        assert report.says("mail", "wrong", "refuses the log-in (SMTP 535)")
    assert not [secret for secret in LOG_IN.values() if secret in report.text]


def test_one_without_starttls(doctor: Doctor) -> None:
    with mail_server(Mailbox()) as port:
        report = doctor(**at(port, QUEUE_APP_SMTP_STARTTLS="yes"))
    assert report.says("mail", "wrong", "knows no STARTTLS")


@pytest.mark.parametrize("trusted", [True, False])
def test_the_certificate_is_looked_at(doctor: Doctor, tmp_path: Path, trusted: bool) -> None:
    tls, _client = contexts(tmp_path)
    more = {"QUEUE_APP_SMTP_STARTTLS": "yes"} | ({"SSL_CERT_FILE": str(tmp_path / "server.pem")} if trusted else {})
    with mail_server(Mailbox(), tls) as port:
        report = doctor(**at(port, **more))
    if trusted:
        assert report.says("mail", "good", "takes this program, encrypted")
    else:
        assert report.says("mail", "wrong", "shows a certificate that is not valid")


def test_a_closed_port_an_unknown_name_and_one_that_is_silent(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor(**at(free_port())).says("mail", "wrong", "listens to nobody")
    unknown = at(25, QUEUE_APP_SMTP_HOST="mail.invalid")
    assert doctor(**unknown).says("mail", "wrong", "is a name that is not found")
    monkeypatch.setattr("queue_app.cli.doctor.mail.PATIENCE", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert doctor(**at(silent.getsockname()[1])).says("mail", "wrong", "says nothing within")
