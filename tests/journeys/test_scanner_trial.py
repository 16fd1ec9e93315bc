"""The page on which staff try a scanner out, and the browser's reading of what one types, beside the server's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from queue_app.domain.roles import Role
from queue_app.domain.scanners import scanned_code, token_readings
from queue_app.domain.tickets import ALPHABET
from tests.harness.fakes import FixedClock
from tests.journeys.officer import sit_down
from tests.journeys.scanner import FRENCH, RUSSIAN, Scanner
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]


def test_the_browser_reads_as_the_server_does(
    visitor: OpenBrowser, app: Flask, session: Session, clock: FixedClock
) -> None:
    """static/js/scanned.js is the twin of domain/scanners.py."""
    us = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ]"
    shown = ["&é\"'(-è_çàQBCDEFGHIJKL?NOPARSTUVZXYW$", "+ěščřžýáíéABCDEFGHIJKLMNOPQRSTUVWXZY)", us, us.lower()]
    token = app.extensions["keyring"].ticket_token(7)
    texts = [
        token,
        f"]Q1{token}",
        f"https://antrean.example/t/{token}",
        "7KX9-2MQA",
        "]Q17KX92MQA",
        "éééééééé",
        "",
        "🙂" * 40,
    ]
    texts += [text.translate(str.maketrans(us, layout)) for text in texts for layout in shown]
    desk = sit_down(visitor(), session, Role.DESK, clock)
    desk.open("/meja/pindai")
    found = desk.page.evaluate(
        """async (texts) => {
            const script = document.querySelector('link[rel=modulepreload][href$="js/scanned.js"]').href;
            const { scannedCode, tokenReadings } = await import(script);
            return texts.map((text) => [tokenReadings(text), scannedCode(text)]);
        }""",
        texts,
    )
    assert found == [[list(token_readings(text)), scanned_code(text)] for text in texts]


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ({"prefix": "]Q1"}, ("✓ Pemindai ini dapat dipakai.", "]Q1", "Enter (CR)", "sama dengan komputer")),
        (
            {"end": "Tab", "layout": FRENCH},
            ("✓ Pemindai ini dapat dipakai.", "Tab", "lain, tetapi terbaca di semua halaman"),
        ),
        (
            {"end": "LF", "layout": RUSSIAN},
            ("✓ Pemindai ini dapat dipakai.", "Line feed (LF)", "yang memakai JavaScript"),
        ),
        ({"end": "none"}, ("Terbaca, tetapi tanpa akhiran.",)),
        ({"wrong": True}, ("tidak sama dengan kode di atas",)),
    ],
    ids=["prefix", "French", "Russian", "no end", "another code"],
)
def test_the_page_for_trying_says_in_words_what_came(
    visitor: OpenBrowser, session: Session, clock: FixedClock, model: dict[str, Any], says: tuple[str, ...]
) -> None:
    officer = sit_down(visitor(width=360), session, Role.AUDITOR, clock)
    officer.open("/meja/uji-pemindai")
    sample = officer.page.locator("[data-trial]").get_attribute("data-trial") or ""
    assert set(ALPHABET) <= set(sample)
    requests: list[str] = []
    officer.page.on("request", lambda request: requests.append(request.url))
    is_wrong = "wrong" in model
    Scanner(officer.page, pace=3, **({} if is_wrong else model)).scan("0123456789ABC" if is_wrong else sample)
    for words in says:
        expect(officer.page.locator("[data-trial]").get_by_text(words).filter(visible=True).first).to_be_visible()
    officer.judge()
    assert not [address for address in requests if not address.endswith(".svg")]
