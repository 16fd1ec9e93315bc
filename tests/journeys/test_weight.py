"""How many bytes a citizen's page brings over the wire, headers included: people pay for them by the megabyte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.journeys.citizen import SERVICE, book, send_details, somebody, type_details, wait_for_the_copy
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

FIRST_VISIT = 50_000  # bytes, with everything that belongs to the page
LATER_PAGE = 15_000  # bytes, when another page was seen before
REFUSAL = 5_000  # bytes; without compression it would be 13,000
PAGES = (
    "/",
    "/gemolong",
    SERVICE,
    f"{SERVICE}/sudah-rekam",
    f"{SERVICE}/data",
    f"{SERVICE}/pilih",
    "/tiket-saya",
    "/bantuan",
    "/privasi",
    "/no-such-page",
)


@dataclass
class Meter:
    """What the browser received since the last reading, in bytes."""

    page: Page
    received: int = 0

    def __post_init__(self) -> None:
        self.chromium = self.page.context.new_cdp_session(self.page)
        self.chromium.send("Network.enable")
        self.chromium.on("Network.loadingFinished", self._count)
        self.chromium.on("Network.requestWillBeSent", self._count_redirect)

    def forget_everything(self) -> None:
        """As on the first visit, except for cookies."""
        self.chromium.send("Network.clearBrowserCache")

    def open(self, address: str) -> int:
        self.page.goto("about:blank")
        self.received = 0
        self.page.goto(address, wait_until="networkidle")
        return self.received

    def _count(self, event: dict[str, Any]) -> None:
        self.received += int(event["encodedDataLength"])

    def _count_redirect(self, event: dict[str, Any]) -> None:
        self.received += int(event.get("redirectResponse", {}).get("encodedDataLength", 0))


def test_every_page_is_light(visitor: Callable[..., Visitor]) -> None:
    citizen = visitor(service_workers="block")  # what it fetches is measured below
    ticket = book(citizen).removeprefix(citizen.address)
    _comes_to_the_choice(citizen)
    meter, rows = Meter(citizen.page), []
    for path in (*PAGES, *(f"{ticket}{page}" for page in ("", "/cetak", "/ubah", "/batal"))):
        name = path.replace(ticket, "/t/…")
        meter.forget_everything()
        rows.append((name, "first visit", meter.open(citizen.address + path), FIRST_VISIT))
        meter.forget_everything()
        meter.open(f"{citizen.address}/no-such-page")
        rows.append((name, "later page", meter.open(citizen.address + path), LATER_PAGE))
    for path in (f"{SERVICE}/pilih", f"{SERVICE}/data"):
        meter.page.goto(citizen.address + path)
        for field in meter.page.locator("input[name=name]").all():
            field.fill("")
        meter.received = 0
        meter.page.locator("main button").click()
        meter.page.locator(".govuk-error-summary").wait_for()
        meter.page.wait_for_load_state("networkidle")
        rows.append((path, "refused", meter.received, REFUSAL))
    table = "".join(f"\n{path:32} {what:12} {received:7} of {limit}" for path, what, received, limit in rows)
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
    citizen.open(f"{SERVICE}/data")
    type_details(citizen, somebody())
    send_details(citizen)
    citizen.page.wait_for_url("**/pilih")
