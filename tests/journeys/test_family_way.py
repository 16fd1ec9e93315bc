"""A mother books for three on her phone: one form, one ticket page, a QR code for all and one for each."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.booking import TicketState
from queue_app.models import Booking
from tests.harness.factories import make_nik
from tests.journeys.citizens_way import SERVICE, choose_time, press_the_button, send_details, somebody, type_details
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

ADD = "+ Tambah anggota keluarga (satu KK)"


def test_three_of_a_family(visitor: Callable[..., Visitor], session: Session, keyring: FileKeyring) -> None:
    mother = visitor(width=360, language="id")
    mother.open(f"{SERVICE}/data")
    type_details(mother, somebody())
    _types_the_others(mother)
    send_details(mother)
    _mends_the_nik_of_the_second(mother)
    mother.page.wait_for_url("**/pilih*")
    choose_time(mother)
    expect(mother.page.locator("[data-button]")).to_have_text(re.compile(r"pukul 09\.00 untuk 3 orang$"))
    mother.judge()
    press_the_button(mother)
    booking = session.scalars(select(Booking)).one()
    tokens = [keyring.ticket_token(ticket.id) for ticket in booking.tickets]
    mother.page.locator(".ticket--person").nth(2).wait_for()
    mother.judge()
    assert _codes_on(mother) == [booking.code, *tokens]  # the one for all comes first
    mother.link("batalkan satu orang atau semua").click()
    mother.button("Ya, batalkan").click()
    mother.page.locator(".govuk-error-summary").wait_for()
    mother.judge_refusal("who")
    mother.judge(refused=422)
    mother.page.locator("input[name=who]").nth(2).check()
    mother.button("Ya, batalkan").click()
    assert mother.reads("Tiket antrean untuk 2 orang")
    mother.judge()
    assert _codes_on(mother) == [booking.code, tokens[0], tokens[2]]
    session.rollback()
    assert [ticket.state for ticket in booking.tickets] == [
        TicketState.BOOKED,
        TicketState.CANCELLED,
        TicketState.BOOKED,
    ]


def _types_the_others(mother: Visitor) -> None:
    for index, name in enumerate(("Budi Santoso", "Ani Lestari")):
        mother.button(ADD).click()
        mother.page.locator(f"#others-{index}-name:focus").wait_for()  # the cursor is where one goes on
        mother.page.keyboard.type(name)
        mother.page.keyboard.press("Tab")
        mother.page.keyboard.type(make_nik().digits)
        mother.judge()
    nik = mother.page.locator("#others-0-nik")
    nik.fill(nik.input_value()[:-1])


def _mends_the_nik_of_the_second(mother: Visitor) -> None:
    mother.page.locator(".govuk-error-summary").wait_for()
    mother.judge_refusal("others-0-nik")
    assert mother.reads("Orang ke-2: NIK harus 16 angka, tetapi yang tertulis 15 angka.")
    mother.judge(refused=422)
    mother.page.locator("#others-0-nik").fill(make_nik().digits)
    mother.page.keyboard.press("Enter")  # goes on, and does not remove somebody


def _codes_on(citizen: Visitor) -> list[str]:
    """Every QR code of the page from top to bottom, as a camera reads them: a busy Chromium paints a long page bit by
    bit, and a picture of it may come too early.
    """
    codes = citizen.page.locator(".ticket__qr").count()
    for _try in range(5):
        picture = Image.open(BytesIO(citizen.page.screenshot(full_page=True)))
        found = sorted(zxingcpp.read_barcodes(picture), key=lambda code: code.position.top_left.y)
        if len(found) == codes:
            break
    return [code.text for code in found]
