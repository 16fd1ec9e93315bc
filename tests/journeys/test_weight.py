"""How many bytes a citizen's page brings over the wire, headers included: people pay for them by the megabyte."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.journeys.citizens_way import SERVICE, book, send_details, somebody, type_details, wait_for_the_copy
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

FIRST_VISIT = 50_000  # bytes, with everything that belongs to the page
LATER_PAGE = 15_000  # bytes, when another page was seen before
REFUSAL = 5_000  # bytes; without compression it would be 13,000
HOURS = f"{SERVICE}/pilih?hari=2026-11-24"
PAGES = (
    "/",
    "/gemolong",
    SERVICE,
    f"{SERVICE}/hari",
    f"{SERVICE}/sudah-rekam",
    f"{SERVICE}/data",
    f"{SERVICE}/pilih",
    HOURS,
    "/?cari=akte",
    "/antrean/sragen",
    "/tiket-saya",
    "/bantuan",
    "/privasi",
    "/no-such-page",
)


@dataclass
class Meter:
    """What the browser received since the last reading, in bytes. What a page asks for again and again counts once."""

    page: Page
    received: int = 0

    def __post_init__(self) -> None:
        self._open, self._asked = set[str](), set[str]()
        self._chromium = self.page.context.new_cdp_session(self.page)
        self._chromium.send("Network.enable")
        self._chromium.on("Network.requestWillBeSent", self._begin)
        self._chromium.on("Network.loadingFinished", self._count)
        self._chromium.on("Network.loadingFailed", lambda event: self._open.discard(event["requestId"]))

    def forget_everything(self) -> None:
        """As on the first visit, except for cookies."""
        self._chromium.send("Network.clearBrowserCache")

    def open(self, address: str) -> int:
        self.page.goto("about:blank")
        self.reset()
        self.page.goto(address)
        return self.read()

    def reset(self) -> None:
        self.received = 0
        self._open.clear()
        self._asked.clear()

    def read(self) -> int:
        """When nothing is on its way any more."""
        deadline = time.monotonic() + 10
        while self._open and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        assert not self._open
        return self.received

    def _begin(self, event: dict[str, Any]) -> None:
        address = event["request"]["url"]
        again = event.get("type") == "Fetch" and address in self._asked
        self._asked.add(address)
        if address.startswith("http") and not again:
            self._open.add(event["requestId"])
        self.received += int(event.get("redirectResponse", {}).get("encodedDataLength", 0))

    def _count(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._open:
            self.received += int(event["encodedDataLength"])
        self._open.discard(event["requestId"])


def test_every_page_is_light(visitor: Callable[..., Visitor]) -> None:
    citizen = visitor(service_workers="block")  # what it fetches is measured below
    ticket = book(citizen).removeprefix(citizen.address)
    _comes_to_the_choice(citizen)
    meter, rows = Meter(citizen.page), []
    paths = [*PAGES, *(f"{ticket}{page}" for page in ("", "/cetak", "/ubah", "/batal"))]
    for path in paths:
        meter.forget_everything()
        rows.append((path, "first visit", meter.open(citizen.address + path), FIRST_VISIT))
    meter.forget_everything()
    meter.open(f"{citizen.address}/no-such-page")
    for path in paths:
        rows.append((path, "later page", meter.open(citizen.address + path), LATER_PAGE))
    for path in (HOURS, f"{SERVICE}/data"):
        meter.page.goto(citizen.address + path)
        for field in meter.page.locator("input[name=name]").all():
            field.fill("")
        meter.reset()
        meter.page.locator("main button.govuk-button").click()
        meter.page.locator(".govuk-error-summary").wait_for()
        rows.append((path, "refused", meter.read(), REFUSAL))
    table = "".join(
        f"\n{path.replace(ticket, '/t/…'):32} {what:12} {received:7} of {limit}" for path, what, received, limit in rows
    )
    assert all(0 < received < limit for _path, _what, received, limit in rows), table


def test_the_copy_for_the_time_without_a_network_is_light(visitor: Callable[..., Visitor], app: Flask) -> None:
    """The service worker's own requests, which the page's meter does not see, counted where they are answered."""
    sent = Counter[str]()
    serve = app.wsgi_app

    def count(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            sent["bytes"] += len(status) + sum(len(name) + len(value) + 4 for name, value in headers)
            return start_response(status, headers, *error)

        answer = serve(environ, start)
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        sent["bytes"] += len(body)
        return [body]

    ticket = book(visitor(service_workers="block"))
    app.wsgi_app = count  # type: ignore[assignment,method-assign]
    totals = {}
    citizen = visitor()
    for visit in ("first", "second"):
        sent.clear()
        citizen.page.goto(ticket)
        wait_for_the_copy(citizen)
        citizen.page.wait_for_load_state("networkidle")
        totals[visit] = sent["bytes"]
    assert totals["first"] < FIRST_VISIT, totals
    assert totals["second"] < LATER_PAGE, totals


def _comes_to_the_choice(citizen: Visitor) -> None:
    citizen.open(f"{SERVICE}/data?baru=1")
    type_details(citizen, somebody())
    send_details(citizen)
    citizen.page.wait_for_url("**/pilih")
