"""A Ramadan schedule drops an hour: its people are listed, offered other places by one press, and told once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.domain.closures import OfferState
from queue_app.domain.roles import Role
from queue_app.domain.tickets import show_code
from queue_app.jobs.registry import run_job
from queue_app.models import Offer
from tests.harness.fakes import THURSDAY, FixedClock
from tests.journeys.officer import booked, hours_of, offering_at, sit_down
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("scripts", [True, False])
def test_dropped_listed_offered_told_and_accepted(
    visitor: Callable[..., Visitor],
    app: Flask,
    session: Session,
    keyring: FileKeyring,
    clock: FixedClock,
    settings: Settings,
    scripts: bool,
) -> None:
    stays = booked(session, hours_of(session, THURSDAY)[0], keyring)
    concerned = [booked(session, hours_of(session, THURSDAY)[1], keyring) for _ in range(2)]
    codes = [show_code(booking.code) for booking in concerned]
    tickets = [keyring.ticket_token(booking.tickets[0].id) for booking in concerned]
    administrator = sit_down(visitor(scripts=scripts), session, Role.ADMINISTRATOR, clock)
    _drops_the_hour(administrator, offering_at(session).id)
    assert all(administrator.reads(code) for code in codes), "the list comes by itself"
    administrator.judge()
    administrator.button("Tawarkan tempat lain").click()
    assert administrator.reads("2 orang sudah memesan dan terdampak.")
    assert all(administrator.reads(code) for code in codes)
    assert show_code(stays.code) not in administrator.page.inner_text("main")
    administrator.judge()
    administrator.link("Ubah rancangan").click()
    administrator.judge()
    administrator.page.go_back()
    administrator.button("Ya, tutup: 2 orang harus ditelepon").click()
    administrator.page.get_by_text("Tidak ada yang dapat memesan lagi").wait_for()

    for _ in range(2):  # a job that runs again finds nothing to do
        for job in ("carry-out-closures", "send-outbox"):
            run_job(app, job)
    texts = [path.read_text(encoding="utf-8") for path in settings.outbox_folder.glob("*.txt")]
    about = [text for text in texts if "Alasan: Jam pelayanan berubah" in text]
    for ticket in tickets:
        (message,) = [text for text in about if f"/t/{ticket}/terima" in text]
    assert len(about) == len(tickets)
    session.rollback()
    assert list(session.scalars(select(Offer.state))) == [OfferState.OPEN] * 2

    citizen = visitor(scripts=scripts)
    accept, *_others = re.findall(r"https?://\S+/t/\S+/terima", message)
    citizen.page.goto(accept.removesuffix("/terima"))
    assert citizen.reads("Jam ini ditiadakan")
    citizen.judge()
    citizen.page.goto(accept)
    citizen.button("Ya, saya datang pada jadwal ini").click()
    assert citizen.reads("Tempat itu sekarang milik Anda.")


def _drops_the_hour(administrator: Visitor, office_service_id: int) -> None:
    """Every weekday's second hour."""
    administrator.open(f"/admin/jadwal/{office_service_id}/ubah")
    page = administrator.page
    page.locator("input[name=name]").fill("Ramadan")
    hours = page.locator("input[name$=starts_at]")
    second = sorted({hours.nth(row).input_value() for row in range(hours.count())} - {""})[1]
    for row in range(hours.count()):
        if hours.nth(row).input_value() == second:
            page.locator(f"input[name=windows-{row}-leave_out]").check()
    page.locator("button[name=step][value=preview]").last.click()
    assert administrator.reads("2 orang sudah memesan jam yang ditiadakan atau dikurangi.")
    assert administrator.reads("menawarkan tempat lain kepada yang jamnya ditiadakan")
    administrator.judge()
    page.locator("[name=reason]").fill("Jam puasa")
    page.locator("button[name=step][value=confirm]").last.click()
    page.wait_for_url("**/melebihi-tempat/*")
