"""Tickets that somebody puts on the telephone: found again without tab, code or internet, and only when wanted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.citizens_way import book, number_on, wait_for_the_copy
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

SHELF = "/t/"


def test_a_ticket_is_on_the_shelf_when_wanted_and_opens_without_a_network(visitor: Callable[..., Visitor]) -> None:
    citizen = visitor()
    book(citizen)
    wait_for_the_copy(citizen)
    number, address = number_on(citizen), citizen.page.url
    citizen.open(SHELF)
    expect(citizen.page.get_by_text("Belum ada tiket yang disimpan di HP ini.")).to_be_visible()
    citizen.judge()
    citizen.open(address.removeprefix(citizen.address))
    citizen.button("Simpan di HP ini").click()
    citizen.page.get_by_role("link", name="tiket di HP ini").click()
    citizen.page.get_by_role("link", name=number).wait_for()
    citizen.judge()
    citizen.page.wait_for_function("caches.match('/t/')")
    citizen.page.context.set_offline(True)
    citizen.page.goto(f"{citizen.address}{SHELF}")
    citizen.page.get_by_role("link", name=number).click()
    assert number_on(citizen) == number
    citizen.page.context.set_offline(False)
    citizen.open(SHELF)
    citizen.button(f"Hapus dari HP ini {number}").click()
    expect(citizen.page.get_by_text("Belum ada tiket yang disimpan di HP ini.")).to_be_visible()
    assert citizen.page.evaluate("document.activeElement.tagName") == "H1"


def test_a_ticket_that_is_no_longer_valid_leaves_the_shelf(visitor: Callable[..., Visitor]) -> None:
    citizen = visitor()
    book(citizen)
    citizen.button("Simpan di HP ini").click()
    citizen.link("batalkan").click()
    citizen.button("Ya, batalkan").click()
    citizen.page.get_by_text("sudah dibatalkan. Tiket ini tidak berlaku lagi.").wait_for()
    citizen.open(SHELF)
    expect(citizen.page.get_by_text("Belum ada tiket yang disimpan di HP ini.")).to_be_visible()


def test_the_code_is_copied(visitor: Callable[..., Visitor]) -> None:
    citizen = visitor()
    citizen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    book(citizen)
    citizen.button("Salin kode pemesanan").click()
    citizen.page.get_by_text("Tersalin").wait_for()
    copied = citizen.page.evaluate("navigator.clipboard.readText()")
    assert copied == citizen.page.locator("[data-code]").inner_text()
