"""The pages of the hall are written by the server and kept up to date by scripts: both say the same of every hall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from flask import request
from flask.testing import FlaskClient
from playwright.sync_api import Page

from queue_app.queries.visits import hall as hall_queries
from queue_app.web.display import visits
from queue_app.web.hall.state import HallState
from tests.harness.hall_cases import ANOTHER, EMPTY, ON_BOARD, ON_DISPLAY, ON_PHONE, a_call, a_hall
from tests.journeys.visitor import Visitor
from tests.journeys.wall import is_look

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]
Read = Callable[[str, HallState, HallState], tuple[dict[str, Any], dict[str, Any]]]
# What somebody can see of a page.
TEXT = """const find = (name) => page.querySelector(`[data-${name}]`);
    const text = (one) => !one || one.closest('[hidden]') ? '' : one.textContent.replace(/\\s+/g, ' ').trim();
    const texts = (all) => [...all].map(text).filter(Boolean);"""
DISPLAY = f"""(page) => {{ {TEXT}
    return {{
        number: text(find('number')), counter: text(find('counter-line')), stop: text(find('stop')),
        before: texts(find('recent').children), following: texts(find('next').children),
        aside: text(find('out-of-order-line')), news: texts(find('news').children),
    }}; }}"""
PHONE = f"""(page) => {{ {TEXT}
    return {{
        kind: find('number').dataset.kind, where: text(find('where')), wait: text(find('wait')),
        calls: text(find('calls')), stop: text(find('stop')), to: text(find('to')),
    }}; }}"""

BOARD = f"""(page) => {{ {TEXT}
    return {{ queues: texts(find('queues').children), none: Boolean(text(find('no-queues'))) }}; }}"""


@pytest.fixture
def read(visitor: OpenBrowser, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Read]:
    """What the server writes of a hall, and what the script makes of a page on which something else stood before."""

    def with_script(script: str) -> Read:
        browser = visitor(width=1280, service_workers="block")
        page = browser.page

        def both(path: str, hall: HallState, before: HallState) -> tuple[dict[str, Any], dict[str, Any]]:
            monkeypatch.setattr(visits, "hall_now", lambda _office: hall)
            written = client.get(path).text
            parsed = "new DOMParser().parseFromString(text, 'text/html')"
            by_server = page.evaluate(f"(text) => ({script})({parsed})", written)
            polled = {True: hall, False: before}
            monkeypatch.setattr(visits, "hall_now", lambda _office: polled[request.path.endswith("/now")])
            look(page, f"{browser.address}{path}")
            return by_server, page.evaluate(f"() => ({script})(document)")

        return both

    return with_script


def look(page: Page, address: str) -> None:
    """Until the script has shown what its first look has found."""
    with page.expect_event("requestfinished", is_look):
        page.goto(address)
    page.wait_for_timeout(50)


def test_a_display(read: Callable[[str], Read]) -> None:
    both = read(DISPLAY)
    for name, case in ON_DISPLAY.items():
        path = f"/display/sragen?suara=tanpa&lang=id&layanan={case.services}"
        wanted = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(case.shown).items()}
        by_server, by_script = both(path, case.hall, ANOTHER)
        assert by_server == wanted, f"the server, {name}"
        assert by_script == wanted, f"display.js, {name}"


def test_a_display_of_another_number_of_calls(read: Callable[[str], Read], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hall_queries, "RECENT_CALLS", 8)
    hall = a_hall(recent=[a_call(number) for number in range(29, 19, -1)])
    for found in read(DISPLAY)("/display/sragen?suara=tanpa&lang=id", hall, EMPTY):
        assert found["before"] == [f"A-{number:03d} Loket 1" for number in range(28, 21, -1)]


def test_a_place_in_the_queue(read: Callable[[str], Read]) -> None:
    both = read(PHONE)
    for name, case in ON_PHONE.items():
        by_server, by_script = both(f"/antrean/sragen?lang=id&nomor={case.number}", case.hall, EMPTY)
        assert by_server == asdict(case.said), f"the server, {name}"
        assert by_script == asdict(case.said), f"place-in-queue.js, {name}"


def test_the_queues_of_today(read: Callable[[str], Read]) -> None:
    both = read(BOARD)
    for name, (hall, said) in ON_BOARD.items():
        wanted = {"queues": list(said), "none": not said}
        by_server, by_script = both("/antrean/sragen?lang=id", hall, ANOTHER)
        assert by_server == wanted, f"the server, {name}"
        assert by_script == wanted, f"queues.js, {name}"
