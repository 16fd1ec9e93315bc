"""What a citizen does, step by step, as the office would tell it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.models import Booking
from tests.harness.factories import make_nik
from tests.journeys.visitor import Visitor

SERVICE = "/sragen/ktp-rekam"
SERVICE_NAME = {"id": "Perekaman KTP-el", "en": "Biometric recording for the first card"}
PHONE = "0812 3456 7890"
NAME = "Siti Wahyuni"


@dataclass(frozen=True)
class Person:
    nik: str
    name: str = NAME
    phone: str = PHONE
    email: str = ""


def somebody() -> Person:
    return Person(make_nik().digits)


def type_details(citizen: Visitor, person: Person) -> None:
    for label, value in (
        ("Nama lengkap", person.name),
        ("NIK (Nomor Induk Kependudukan)", person.nik),
        ("Nomor HP", person.phone),
        ("Email (tidak wajib)", person.email),
    ):
        citizen.field(label).fill(value)


def send_details(citizen: Visitor) -> None:
    citizen.button("Lanjut pilih hari").click()


def choose_time(citizen: Visitor, *, day: int = 1, hour: int = 1) -> None:
    """The hour of a day, both counted among those that can be chosen; by link and radio, each on its page."""
    choose_day(citizen, day)
    citizen.page.locator("input[name=slot_id]:enabled").nth(hour).check()


def choose_day(citizen: Visitor, day: int = 1) -> None:
    citizen.page.locator("a.day-list__day").nth(day).click()
    citizen.page.locator("[data-button]").wait_for()


def press_the_button(citizen: Visitor) -> None:
    citizen.page.locator("[data-button]").click()
    citizen.page.wait_for_url("**/t/*")


def book(citizen: Visitor, person: Person | None = None, *, day: int = 1, hour: int = 1, service: str = SERVICE) -> str:
    """The short way to a ticket, without looking left or right; returns its address."""
    citizen.open(f"{service}/data?baru=1")  # perhaps not the first one that is booked in this browser
    type_details(citizen, person or somebody())
    send_details(citizen)
    choose_time(citizen, day=day, hour=hour)
    press_the_button(citizen)
    return citizen.page.url


def number_on(citizen: Visitor) -> str:
    return citizen.page.locator(".ticket__number").inner_text()


def code_on(citizen: Visitor) -> str:
    """As it stands below the QR code: ``7KX9-2MQA``."""
    shown = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", citizen.page.locator(".ticket__code").inner_text())
    assert shown
    return shown[0]


def bookings(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Booking.id))) or 0


def wait_for_the_copy(citizen: Visitor) -> None:
    """Until the ticket's page is kept on the phone, with its styles and scripts."""
    citizen.page.evaluate(
        """async () => {
            const parts = [...document.querySelectorAll("link[rel=stylesheet], script[src]")];
            const wanted = [location.pathname, ...parts.map((part) => part.href || part.src)];
            for (let turn = 0; turn < 300; turn += 1) {
                const kept = await Promise.all(wanted.map((address) => caches.match(address)));
                if (kept.every(Boolean)) return;
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
            throw new Error("the ticket is not kept");
        }"""
    )
