"""Nothing stands in for anything: a real server with its scheduler, the commands, a power cut, and `check` after it."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.journeys.citizens_way import Person, book, code_on, number_on, somebody
from tests.journeys.installation import Installation
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow


def test_a_ticket_that_was_shown_survives(browser: Browser, tmp_path: Path) -> None:
    office = Installation(tmp_path)
    assert office.command("demo", "--without-citizens").returncode == 0
    # No copy on the phone may help: what is shown afterwards comes from the server.
    context = browser.new_context(viewport={"width": 360, "height": 800}, service_workers="block")
    citizen = Visitor(context.new_page(), office.address, language="id")
    person = Person(somebody().nik, email="siti@contoh.id")
    # Without it: a message that was claimed when the power went would be left alone for the minutes of its lease.
    with office.serving(scheduler=False) as server:
        ticket = book(citizen, person)
        number, code = number_on(citizen), code_on(citizen)
        office.cut_the_power(server)
    assert "ERR_CONNECTION_REFUSED" in _problem_of(context.new_page(), ticket)
    with office.serving():
        citizen.page.goto(ticket)
        assert (number_on(citizen), code_on(citizen)) == (number, code)
        citizen.judge()
        for job in ("queue-reminders", "send-outbox"):
            done = office.command("run-job", job)
            assert done.returncode == 0, done.stderr
        message = _confirmation(office)
        checked = office.command("check")
    context.close()
    assert code in message
    assert ticket in message
    assert person.nik not in message
    assert checked.returncode == 0, checked.stdout
    assert " 0 breaches" in checked.stdout
    written = office.log.read_text()
    assert "/petugas/admin-pertama/" in written  # the first administrator's link
    assert not [secret for secret in (person.nik, "81234567890", "siti@", ticket[-34:]) if secret in written]
    assert "Traceback" not in written


def _problem_of(page: Page, address: str) -> str:
    """What the browser says of the address; empty if it opens."""
    try:
        page.goto(address)
    except Error as problem:
        return str(problem)
    return ""


def _confirmation(office: Installation) -> str:
    """Written by the job or by the scheduler, which may have claimed it first and be about to."""
    deadline = time.monotonic() + 20
    while not (written := list((office.instance / "outbox").glob("*.txt"))) and time.monotonic() < deadline:
        time.sleep(0.1)
    (message,) = written
    text = message.read_text(encoding="utf-8")
    assert "Kind: confirmation" in text
    return text
