"""A scan that lets nobody in, while the next ticket was scanned already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from playwright.sync_api import Route
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.roles import Role
from tests.harness.fakes import FixedClock
from tests.journeys.officer import booked, hours_of, scan, sit_down, token_of
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
HALF_PAST_NINE = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
# Writes down the words of the answers, as they are painted.
EVERY_PICTURE = """() => {
  const seen = [];
  const look = () => {
    const word = document.querySelector("[data-place=word]");
    if (word?.checkVisibility() && seen.at(-1) !== word.textContent) seen.push(word.textContent);
    document.body.dataset.seen = seen.join(", ");
    requestAnimationFrame(look);
  };
  look();
}"""


def test_a_refusal_is_seen_before_the_next_answer(
    visitor: Callable[..., Visitor], session: Session, clock: FixedClock, keyring: FileKeyring, app: Flask
) -> None:
    refused, present = (token_of(booked(session, hours_of(session, day)[1], keyring), app) for day in (TOMORROW, TODAY))
    clock.set(HALF_PAST_NINE)
    desk = sit_down(visitor(width=1280, service_workers="block"), session, Role.DESK, clock)
    desk.open("/meja/pindai")
    desk.page.evaluate(EVERY_PICTURE)
    held: list[Route] = []
    desk.page.route("**/meja/pindai", lambda route: route.continue_() if held else held.append(route))
    scan(desk, refused, delay=1)
    scan(desk, present, delay=1)
    desk.page.wait_for_timeout(100)
    held[0].continue_()
    desk.page.locator("body[data-seen$=Hadir]").wait_for()
    assert desk.page.locator("body").get_attribute("data-seen") == "Salah hari, Hadir"
