"""A computer that stands still brings the keys of a scanner late: they are a scan, and none of the page's keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from queue_app.domain.roles import Role
from tests.journeys.morning import Morning
from tests.journeys.officer import sit_down
from tests.journeys.scanner import Scanner
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]


@pytest.mark.parametrize("late", [(1, 200), (2, 1_500), (3, 200), (36, 140)], ids=str)
def test_none_of_its_keys_is_pressed(visitor: OpenBrowser, hall_of_today: Morning, late: tuple[int, int]) -> None:
    """Seen: its first key called somebody; its last one did, after 36 had looked like a scan without an end."""
    ticket, owner = hall_of_today.tickets(2)
    hall_of_today.arrive(ticket)
    officer = sit_down(visitor(width=1280), hall_of_today.session, Role.COUNTER, hall_of_today.clock)
    officer.open("/loket/")
    officer.page.locator('[data-key="1"]').click()
    for _ in range(2):
        officer.open("/loket/")
        officer.page.locator("[data-keys]").wait_for()
        Scanner(officer.page, prefix="ppp", late=late).scan(hall_of_today.token(owner))
        officer.page.wait_for_url(f"**/meja/orang/{owner.id}")
    assert hall_of_today.called() == ["waiting"]


def test_none_of_its_keys_stays_in_a_field(visitor: OpenBrowser, hall_of_today: Morning) -> None:
    (owner,) = hall_of_today.tickets(1)
    officer = sit_down(visitor(width=1280), hall_of_today.session, Role.COUNTER, hall_of_today.clock)
    officer.open("/loket/")
    officer.page.locator('[data-key="1"]').click()
    reason = officer.page.locator("#reason")
    reason.press_sequentially("Salat", delay=100)
    Scanner(officer.page, prefix="]Q1", late=(1, 200)).scan(hall_of_today.token(owner))
    expect(officer.page.get_by_text("Tiket terbaca.")).to_be_visible()
    expect(reason).to_have_value("Salat")


def test_the_rest_of_a_scan_belongs_to_it(visitor: OpenBrowser, hall_of_today: Morning) -> None:
    """What came before the rest looked whole, and was sent: it is the ticket of nobody."""
    (owner,) = hall_of_today.tickets(1)
    desk = sit_down(visitor(width=1280), hall_of_today.session, Role.DESK, hall_of_today.clock)
    desk.open("/meja/pindai")
    Scanner(desk.page, prefix="]Q1", late=(36, 600)).scan(hall_of_today.token(owner))
    expect(desk.page.locator("[data-place=word]")).to_have_text("Hadir")
    assert hall_of_today.present() == {owner.id}
