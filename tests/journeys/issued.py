"""Tickets of people who have booked, as a browser opens them that has never seen the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

import zxingcpp
from PIL import Image
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from tests.harness.factories import make_applicant, make_booking, slots_of
from tests.journeys.citizens_way import NAME
from tests.journeys.officer import offering_at
from tests.journeys.visitor import Visitor

OpenBrowser = Callable[..., Visitor]


@dataclass
class Issued:
    session: Session
    keyring: FileKeyring
    visitor: OpenBrowser

    def open(self, service: str = "KTP_REKAM") -> Visitor:
        """On Wednesday in the second hour."""
        slot = slots_of(self.session, offering_at(self.session, code=service), date(2026, 11, 25))[1]
        booking = make_booking(
            self.session, slot.id, make_applicant(name=NAME), keyring=self.keyring, email="siti@contoh.id"
        )
        self.session.commit()
        citizen = self.visitor()
        citizen.open(f"/t/{self.keyring.ticket_token(booking.tickets[0].id)}")
        citizen.page.wait_for_load_state("networkidle")  # leaving earlier would break off its last requests
        return citizen


def token_on(citizen: Visitor) -> str:
    return urlsplit(citizen.page.url).path.removeprefix("/t/")


def page_of(citizen: Visitor) -> str:
    return citizen.page.url.partition("?")[0]


def decode(image: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(image)
    return str(found.text)
