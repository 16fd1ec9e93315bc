"""What hangs in the hall, in a browser: follows the calls, speaks, is readable from afar, says when it is cut off."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from queue_app.domain.visits import Outcome
from queue_app.models import DisruptionKind
from queue_app.services.visits import calling, serving
from queue_app.services.visits.disruptions import begin_disruption, disruptions_of, end_disruption
from queue_app.web.before_flask import PAGES
from queue_app.web.hall.shared import HALLS
from tests.harness.accessibility import violations
from tests.harness.factories import TESTER
from tests.harness.hall import Hall
from tests.journeys.visitor import Visitor
from tests.journeys.wall import DISPLAY_LOOKS, ink, next_look, said, shoot, weak_contrasts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["empty"], indirect=True),
    pytest.mark.offering(opens_days_before=7, weekdays=(3,), capacity=20),
]

OpenBrowser = Callable[..., Visitor]
LANDSCAPE, PORTRAIT = (1920, 1080), (1080, 1920)
KEEP_WHAT_IS_SAID = "window.said = []; document.addEventListener('announced', (event) => said.push(event.detail))"


@pytest.fixture
def display(visitor: OpenBrowser, hall: Hall) -> Page:
    """Seven were served and four wait; the browser's time is in our hands."""
    for number in range(1, 8):
        (ticket_id,) = hall.arrive(number)
        hall.call()
        hall.clock.advance(seconds=150)
        hall.serve(ticket_id)
    hall.arrive(8, 9, 10, 11)
    wall = visitor()
    page = wall.page
    page.set_viewport_size({"width": LANDSCAPE[0], "height": LANDSCAPE[1]})
    page.clock.install(time=hall.clock.now())
    wall.open("/display/sragen?suara=id,en")
    page.evaluate(KEEP_WHAT_IS_SAID)
    next_look(page, DISPLAY_LOOKS)
    return page


def shows(page: Page, number: str, counter: int) -> None:
    expect(page.locator("[data-number]")).to_have_text(number)
    expect(page.locator("[data-counter-line]")).to_have_text(f"Loket {counter}")


def before(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator("[data-recent] li").all_text_contents()]


def test_the_display_follows_the_hall(display: Page, hall: Hall, session: Session) -> None:
    page = display
    shows(page, "A-007", 1)
    assert before(page) == [f"A-00{number} Loket 1" for number in (6, 5, 4, 3, 2)]
    assert page.evaluate("said") == []  # what was called before it was there
    one, two = hall.call(1), hall.call(2)
    assert one
    assert two
    next_look(page, DISPLAY_LOOKS)
    shows(page, "A-008", 1)
    assert before(page)[0] == "A-009 Loket 2"  # it stands there, and its turn to be said comes
    assert said(page) == ["A008 → 1"]
    page.clock.run_for(3_100)
    shows(page, "A-009", 2)
    page.clock.run_for(6_100)
    assert said(page) == ["A008 → 1", "A009 → 2"]
    assert before(page)[:2] == ["A-008 Loket 1", "A-007 Loket 1"]

    hall.press(calling.recall, one)
    next_look(page, DISPLAY_LOOKS)
    shows(page, "A-008", 1)
    page.clock.run_for(6_100)
    assert said(page)[2:] == ["A008 → 1"]

    hall.undo(one)  # the second call: the first is no new one
    next_look(page, DISPLAY_LOOKS)
    shows(page, "A-008", 1)
    hall.undo(one)  # and the first
    next_look(page, DISPLAY_LOOKS)
    shows(page, "A-009", 2)
    assert "A-008 Loket 1" not in before(page)
    expect(page.locator("[data-next-line]")).to_contain_text("A-008")
    assert len(said(page)) == 3
    hall.press(serving.start, two, at=2)
    next_look(page, DISPLAY_LOOKS)
    assert len(said(page)) == 3  # being served is no call

    begin_disruption(
        session, hall.office_id, DisruptionKind.POWER, expected_until=None, actor=TESTER, now=hall.clock.now()
    )
    session.commit()
    next_look(page, DISPLAY_LOOKS)
    expect(page.locator("[data-stop]")).to_contain_text("Listrik sedang padam sejak pukul")
    page.context.set_offline(True)
    page.clock.run_for(9_000)
    expect(page.locator("[data-lost]")).to_be_hidden()
    page.clock.run_for(2_500)
    expect(page.locator("[data-lost]")).to_contain_text("Koneksi terputus")
    for screen, name in ((LANDSCAPE, "landscape"), (PORTRAIT, "portrait")):
        page.set_viewport_size({"width": screen[0], "height": screen[1]})
        assert ink(shoot(page, f"display-{name}-trouble"))[0] > 0.6 * min(screen)
    assert not (found := violations(page)), found
    assert not weak_contrasts(page)
    page.context.set_offline(False)
    (lasting,) = disruptions_of(session, hall.office_id)
    by = {"disruption_id": lasting.id, "actor": TESTER, "now": hall.clock.now()}
    end_disruption(session, hall.office_id, close=None, **by)
    session.commit()
    hall.call(1)
    next_look(page, 6_000)
    expect(page.locator("[data-lost]")).to_be_hidden()
    expect(page.locator("[data-stop]")).to_be_hidden()
    shows(page, "A-008", 1)
    assert said(page)[3:] == ["A008 → 1"]


@pytest.mark.parametrize("wrong_by", [timedelta(days=-400), timedelta(hours=3, minutes=7)])
def test_the_clock_is_the_servers(visitor: OpenBrowser, hall: Hall, wrong_by: timedelta) -> None:
    """However wrong the device on the wall is, and when somebody sets it while it hangs there."""
    wall = visitor()
    wall.page.clock.install(time=hall.clock.now() + wrong_by)
    wall.open("/display/sragen")
    next_look(wall.page, DISPLAY_LOOKS)
    assert hall_clock(wall.page) == hall_time(hall)
    hall.clock.advance(minutes=5)
    for _ in range(3):  # the body is the same: a 304 tells the time as well
        next_look(wall.page, DISPLAY_LOOKS)
    assert hall_clock(wall.page) == hall_time(hall)
    wall.page.clock.set_system_time(hall.clock.now() - timedelta(hours=9))
    wall.page.clock.run_for(1_100)
    assert hall_clock(wall.page) == hall_time(hall)
    wall.page.clock.run_for(1_000)
    expect(wall.page.locator("[data-lost]")).to_be_hidden()  # nor is a step of the clock a lost connection


def test_switched_on_without_a_connection_it_knows_how_wrong_the_device_is(visitor: OpenBrowser, hall: Hall) -> None:
    wall = visitor(service_workers="block")
    wall.page.clock.install(time=hall.clock.now() - timedelta(hours=5))
    wall.open("/display/sragen")
    next_look(wall.page, DISPLAY_LOOKS)
    wall.page.route("**/now", lambda route: route.abort())
    wall.page.reload()
    wall.page.clock.run_for(1_100)
    assert hall_clock(wall.page) == hall_time(hall)


def hall_clock(page: Page) -> str:
    return page.locator("[data-clock]").inner_text()


def hall_time(hall: Hall) -> str:
    return f"{hall.clock.now().astimezone(ZoneInfo('Asia/Jakarta')):%H.%M} WIB"


@pytest.mark.parametrize(("screen", "name"), [(LANDSCAPE, "landscape"), (PORTRAIT, "portrait")])
def test_the_number_is_read_across_the_hall(display: Page, hall: Hall, screen: tuple[int, int], name: str) -> None:
    page = display
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    hall.call(1)
    hall.call(2)
    next_look(page, DISPLAY_LOOKS)
    page.clock.run_for(20_000)
    expect(page.locator(".display--calling")).to_have_count(0)
    wide, high = ink(shoot(page, f"display-{name}"))
    if screen == LANDSCAPE:
        assert high >= 0.3 * screen[1]
    else:
        assert wide >= 0.8 * screen[0]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "[...document.querySelectorAll('[data-recent] li, .display__code, [data-next-line], h1')]"
        ".map((one) => one.getBoundingClientRect()).every((box) => box.top >= 0 && box.bottom <= innerHeight)"
    )
    assert not (found := violations(page)), found
    assert not weak_contrasts(page)
    page.get_by_role("button", name="Nyalakan suara").wait_for()
    page.get_by_role("button").click()
    page.get_by_role("button").wait_for(state="hidden")


def test_a_call_stands_there_in_seconds(visitor: OpenBrowser, hall: Hall, app: Flask) -> None:
    """With everything that keeps answers for a while."""
    for layer in (PAGES, HALLS):
        app.extensions[layer].now = time.monotonic
    hall.arrive(1, 2, 3)
    page = visitor().page
    page.goto(f"http://127.0.0.1:{app.extensions['settings'].port}/display/sragen?suara=tanpa")
    for number in (1, 2, 3):
        ticket_id = hall.call()
        assert ticket_id
        stands = page.locator("[data-number], [data-recent] li").filter(has_text=f"A-00{number}")
        expect(stands).to_have_count(1, timeout=10_000)  # three where nothing else runs
        hall.press(serving.start, ticket_id)
        hall.press(serving.finish, ticket_id, Outcome.DONE)
        page.wait_for_timeout(700)  # any moment between two looks
    expect(page.get_by_role("button")).to_have_count(0)


def test_every_clip_is_there_and_can_be_played(visitor: OpenBrowser, hall: Hall) -> None:
    wall = visitor(service_workers="block")
    with wall.page.expect_response("**/en/z.mp3"):  # the last one that it fetches
        wall.open("/display/sragen?suara=id,en")
    fetched = wall.page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    clips = [address for address in fetched if address.endswith(".mp3")]
    assert len(clips) > 80
    assert not wall.heard  # none was missing
    lengths = wall.page.evaluate(
        """(clips) => { const context = new OfflineAudioContext(1, 1, 22050);
        return Promise.all(clips.map(async (clip) =>
            (await context.decodeAudioData(await (await fetch(clip)).arrayBuffer())).duration)); }""",
        clips,
    )
    assert all(0.2 < seconds < 2.5 for seconds in lengths), sorted(zip(lengths, clips, strict=True))


def test_without_scripts_the_display_renews_itself(visitor: OpenBrowser, hall: Hall) -> None:
    hall.arrive(1)
    hall.call()
    wall = visitor(scripts=False)
    wall.open("/display/sragen?layanan=ktp-rekam")
    expect(wall.page.locator("[data-number]")).to_have_text("A-001")
    expect(wall.page.locator("meta[http-equiv=refresh]")).to_have_count(1)
