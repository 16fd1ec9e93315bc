"""The scan page's camera, in front of which a clean and a hard ticket are held; and what it says when there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

import pytest
from flask import Flask
from playwright.sync_api import Browser, ViewportSize, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.arrivals import ADMITTING
from queue_app.domain.booking import TicketState
from queue_app.domain.roles import Role
from queue_app.models import CheckIn, Ticket
from tests.harness.browsers import find_chromium
from tests.harness.fakes import FixedClock
from tests.journeys.camera_film import clean_ticket, hard_ticket, nothing, write_film
from tests.journeys.officer import booked, hours_of, sit_down
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]
HALF_PAST_NINE = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
FAKE_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--no-sandbox", "--disable-gpu")
WITHOUT_NATIVE_READER = "delete window.BarcodeDetector"
FAILS = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', '%s') }"


@pytest.fixture
def filmed(browser: Browser, live_server: str) -> Iterator[Callable[[Path], Visitor]]:
    """A browser in front of whose camera a film runs: the film is an argument of the program."""
    started = []

    def start(film: Path) -> Visitor:
        arguments = [*FAKE_CAMERA, f"--use-file-for-fake-video-capture={film}"]
        another = browser.browser_type.launch(executable_path=find_chromium(), args=arguments)
        started.append(another)
        page = another.new_context(viewport=ViewportSize(width=360, height=800)).new_page()
        page.add_init_script(WITHOUT_NATIVE_READER)
        return Visitor(page, live_server, language="id")

    yield start
    for another in started:
        another.close()


def test_clean_and_hard_tickets_are_read(
    filmed: Callable[[Path], Visitor],
    session: Session,
    keyring: FileKeyring,
    app: Flask,
    clock: FixedClock,
    tmp_path: Path,
) -> None:
    hour = hours_of(session, date(2026, 11, 24))[1]
    clean, hard = (booked(session, hour, keyring).tickets[0].id for _ in range(2))
    tokens = [app.extensions["keyring"].ticket_token(ticket) for ticket in (clean, hard)]
    scenes = [(clean_ticket(tokens[0]), 4), (nothing(), 1), (hard_ticket(tokens[1]), 4), (nothing(), 1)]
    clock.set(HALF_PAST_NINE)
    desk = sit_down(filmed(write_film(tmp_path / "tickets.y4m", scenes)), session, Role.DESK, clock)
    run: list[str] = []  # and not what is only fetched, to be kept for the time without a connection
    desk.page.on("request", lambda request: run.append(request.url) if request.resource_type == "script" else None)
    desk.open("/meja/pindai")
    desk.page.locator("[data-camera-switch]").wait_for()
    assert not [url for url in run if "zxing" in url or "camera.js" in url]
    desk.button("Nyalakan kamera").click()
    until = monotonic() + 30
    while admitted(session) != {clean, hard} and monotonic() < until:  # the second answer may cover the first at once
        desk.page.wait_for_timeout(250)
    assert admitted(session) == {clean, hard}
    assert {"camera.js", "index.js"} <= {url.rsplit("/", 1)[1] for url in run}  # index.js is the reader
    desk.page.locator("[data-place=number]").wait_for()
    desk.page.wait_for_timeout(8_000)  # the film shows both three times more, and neither was away for long
    assert admitted(session) == {clean, hard}
    assert {session.get_one(Ticket, ticket).state for ticket in (clean, hard)} == {TicketState.CHECKED_IN}
    expect(desk.page.locator("#code:focus")).to_have_count(1)
    desk.judge()
    desk.page.reload()  # the choice is remembered
    desk.page.locator("[data-camera-picture]:visible").wait_for()
    desk.judge()
    desk.button("Matikan kamera").click()
    expect(desk.page.locator("[data-camera]")).to_be_hidden()


def admitted(session: Session) -> set[int | None]:
    """Whose ticket the desk has read. Nobody was admitted twice, and a busy machine has hardly looked away."""
    session.rollback()
    scans = session.scalars(select(CheckIn).order_by(CheckIn.id)).all()
    taken = [scan.ticket_id for scan in scans if scan.result in ADMITTING]
    assert len(taken) == len(set(taken))
    assert len(scans) - len(taken) <= 2
    return set(taken)


@pytest.mark.parametrize(
    ("camera", "words"),
    [
        (FAILS % "NotAllowedError", "izinkan kamera"),
        (FAILS % "NotFoundError", "Tidak ada kamera"),
        ("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })", "https"),
    ],
    ids=["refused", "missing", "insecure"],
)
def test_without_a_camera_the_page_says_what_to_do(
    visitor: OpenBrowser, session: Session, clock: FixedClock, camera: str, words: str
) -> None:
    desk = sit_down(visitor(), session, Role.DESK, clock)
    desk.page.add_init_script(camera)
    desk.open("/meja/pindai")
    desk.button("Nyalakan kamera").click()
    desk.page.locator(".scan-camera--failed", has_text=words).wait_for()
    expect(desk.page.locator("#code:focus")).to_have_count(1)
    desk.judge()
