"""Passing somebody on by keyboard alone: A, a choice, Enter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.roles import Role
from queue_app.models import Visit
from tests.harness.fakes import FixedClock
from tests.journeys.officer import hours_of, sit_down
from tests.journeys.test_counter import QUARTER_PAST_EIGHT, TUESDAY, arrived, has
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]


@pytest.fixture
def called(visitor: OpenBrowser, session: Session, keyring: FileKeyring, clock: FixedClock) -> Page:
    """The page of a counter that has called somebody, with the list of targets under the finger."""
    hours_of(session, TUESDAY)
    clock.set(QUARTER_PAST_EIGHT)
    arrived(session, keyring, clock)
    officer = sit_down(visitor(width=1280), session, Role.COUNTER, clock)
    officer.open("/loket/")
    for key, then in (("1", "p"), ("p", "m")):
        officer.page.locator("[data-keys]:not([hidden])").wait_for()
        with officer.page.expect_navigation():
            officer.page.keyboard.press(key)
        has(officer.page, then)
    officer.page.locator("[data-keys]:not([hidden])").wait_for()
    officer.page.keyboard.press("a")
    expect(officer.page.locator("#target")).to_be_focused()
    return officer.page


@pytest.mark.parametrize("choosing", ["ArrowDown", "k", "Tab"])
def test_enter_sends_what_is_chosen(called: Page, session: Session, choosing: str) -> None:
    target = called.locator("#target")
    before = target.input_value()
    called.keyboard.press(choosing)
    chosen = target.input_value()
    assert (chosen != before) is (choosing != "Tab")  # to the button
    with called.expect_navigation():
        called.keyboard.press("Enter")
    has(called, "p")
    session.rollback()
    visit = session.scalars(select(Visit)).one()
    kind, _sign, number = chosen.partition(":")
    assert visit.state == "waiting"
    assert (visit.counter_id if kind == "counter" else visit.service_id) == int(number)


def test_while_the_choices_are_open_enter_takes_one_and_only_the_next_one_sends(called: Page) -> None:
    called.keyboard.press("Space")
    assert called.locator("#target").evaluate("list => list.matches(':open')")
    called.keyboard.press("ArrowDown")
    called.keyboard.press("Enter")
    called.wait_for_timeout(300)
    has(called, "m")  # still there
    with called.expect_navigation():
        called.keyboard.press("Enter")
    has(called, "p")
