"""What the server cannot take stays on the device, and somebody reads there why; the others are sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.roles import Role
from queue_app.models import Booking, CheckIn, Office
from tests.harness.fakes import FixedClock
from tests.journeys.cut_line import look_at, ready
from tests.journeys.officer import sit_down, token_of
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow
KEEP = """async ([office, token]) => {
  const own = { kind: "scan", office, code: token, admitted: [] };
  const kept = (nonce, values) => ({ ...own, nonce: nonce.repeat(32), ...values });
  const day = document.querySelector('link[rel=modulepreload][href$="offline/day.js"]').href;
  const { append } = await import(day.replace("day.js", "store.js"));
  await append(kept("a", { at: "soon" }));
  await append(kept("b", { at: new Date(0).toISOString(), admitted: "all" }));
  await append(kept("Z", { at: new Date(0).toISOString() }));
  await append(kept("d", { at: new Date(0).toISOString() }));
}"""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it is about the browser
def test_it_is_listed_and_deleted_by_a_person(
    visitor: Callable[..., Visitor], morning: Callable[..., Booking], app: Flask, session: Session, clock: FixedClock
) -> None:
    booking = morning()
    officer = visitor(width=1280)
    sit_down(officer, session, Role.DESK, clock)
    officer.open("/meja/pindai")
    ready(officer.page)
    office = session.scalars(select(Office.id).order_by(Office.id)).first()
    officer.page.evaluate(KEEP, [office, token_of(booking, app)])
    officer.page.reload()
    notice = officer.page.locator("[data-connection]")
    expect(notice).to_contain_text("3 ditolak server dan disimpan di perangkat ini.")
    expect(notice).to_contain_text("1 tersimpan di pusat.")
    expect(notice).to_contain_text("Waktu 1 catatan dibetulkan.")
    session.rollback()
    assert len(session.scalars(select(CheckIn)).all()) == 1
    notice.get_by_role("link", name="Pekerjaan luring").click()
    refused = officer.page.locator("[data-refused-list] > li")
    expect(refused).to_have_count(3)
    expect(refused.first).to_contain_text("Isinya rusak")
    expect(officer.page.get_by_text("Waktu dibetulkan hari ini")).to_be_visible()
    look_at(officer, "refused-entries")
    refused.first.get_by_role("button", name="Hapus dari perangkat ini").click()
    expect(refused).to_have_count(2)
    refused.first.get_by_role("button", name="Kirim lagi").click()
    expect(refused).to_have_count(2)  # it is refused again, and still there
