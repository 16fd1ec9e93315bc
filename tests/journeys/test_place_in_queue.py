"""The place in the queue on a telephone: the ticket's page on the day, and the page for paper tickets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.services.arrivals.check_in import Scan, check_in
from tests.harness.factories import make_applicant, make_booking
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.hall import Hall
from tests.journeys.test_weight import FIRST_VISIT, LATER_PAGE, Meter
from tests.journeys.visitor import Visitor
from tests.journeys.wall import PHONE_LOOKS, next_look, shoot

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["empty"], indirect=True),
    pytest.mark.offering(opens_days_before=7, weekdays=(3,), capacity=20),
]

OpenBrowser = Callable[..., Visitor]


@pytest.fixture
def ticket(hall: Hall, session: Session, keyring: FileKeyring) -> tuple[str, list[int]]:
    """A family of two behind six others, seven served before: the page, and their tickets."""
    people = [make_applicant(), make_applicant(name="Budi Santoso")]
    booking = make_booking(session, hall.slots[0].id, *people, keyring=keyring, now=MONDAY_MORNING)
    session.commit()
    for number in range(101, 108):
        (ticket_id,) = hall.arrive(number)
        hall.call()
        hall.clock.advance(seconds=150)
        hall.serve(ticket_id)
    hall.arrive(*range(108, 114))
    scanned = Scan(booking.code, hall.office_id, None, "nonce-of-the-family")
    check_in(session, scanned, keyring=keyring, now=hall.clock.advance(seconds=1))
    session.commit()
    return f"/t/{keyring.ticket_token(booking.tickets[0].id)}", [one.id for one in booking.tickets]


def said_of(visitor: Visitor) -> list[str]:
    return [" ".join(text.split()) for text in visitor.page.locator("[data-number]").all_inner_texts()]


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_ticket_on_the_day(visitor: OpenBrowser, hall: Hall, ticket: tuple[str, list[int]], language: str) -> None:
    path, (one, two) = ticket
    phone = visitor(language=language, service_workers="block")
    page = phone.page
    page.add_init_script("window.shaken = []; navigator.vibrate = (pattern) => shaken.push(pattern.length)")
    page.clock.install(time=hall.clock.now())
    phone.open(path)
    ahead = phone.say("Orang di depan Anda: %(ahead)s.") % {"ahead": 6}
    assert said_of(phone)[0].startswith(f"A-001 {ahead}")
    phone.judge()
    shoot(page, f"ticket-waiting-{language}")

    for _ in range(4):
        hall.serve(hall.call() or 0)
    next_look(page, PHONE_LOOKS)
    nearly = phone.say("Hampir giliran Anda. Orang di depan Anda: %(ahead)s. Bersiaplah.")
    assert said_of(phone)[0].startswith(f"A-001 {nearly % {'ahead': 2}}")
    assert page.title() == phone.say("Hampir giliran: %(number)s") % {"number": "A-001"}
    assert page.evaluate("shaken") == [1, 1]

    phone.link("Perlu waktu lagi").click()
    phone.judge()
    shoot(page, f"more-time-{language}")
    hall.arrive(*range(114, 122))
    phone.button("Ya, dahulukan yang lain").click()
    phone.reads("Dicatat. Beberapa nomor lain dipanggil dulu; perhatikan urutan Anda di bawah.")
    assert said_of(phone)[0].startswith(f"A-001 {ahead.replace('6', '7')}")
    expect(phone.link("Perlu waktu lagi")).to_have_count(0)

    hall.session.rollback()  # SQLite writes after nothing that it has read before somebody else's change
    for _ in range(7):
        hall.serve(hall.call() or 0)
    called = [hall.call(1), hall.call(2)]
    assert set(called) == {one, two}
    next_look(page, PHONE_LOOKS)
    where = phone.say("Dipanggil ke loket %(counter)s. Silakan menuju loket.")
    to = [f"{phone.say('LOKET')} {counter}" for counter in (1, 2)]
    assert said_of(phone) == [f"{to[0]} A-001 {where % {'counter': 1}}", f"{to[1]} A-002 {where % {'counter': 2}}"]
    sizes = page.locator(".queue-now__to strong").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).fontSize)"
    )
    assert min(float(size.removesuffix("px")) for size in sizes) >= 150  # their own number has 24
    assert page.title() == phone.say("Loket %(counter)s! %(number)s") % {"number": "A-001", "counter": 1}
    assert page.evaluate("shaken")[-1] == 5
    phone.judge()
    shoot(page, f"ticket-called-{language}")

    page.context.set_offline(True)
    page.clock.run_for(PHONE_LOOKS)
    lost = phone.say("Koneksi terputus. Ini keadaan pukul %(time)s.").split("%")[0]
    expect(page.locator("[data-lost]")).to_contain_text(lost)
    page.context.set_offline(False)
    phone.heard.clear()
    hall.serve(one)
    with page.expect_response(f"**{path}"):  # only the server knows what became of the first
        page.clock.run_for(PHONE_LOOKS)
    phone.reads("Anda sudah dilayani. Terima kasih sudah datang.")
    expect(page.locator("[data-queue]")).to_have_count(0)
    phone.link("buka tiket mereka").click()  # the other one of the family is still at a counter
    phone.reads("Antrean sekarang")
    phone.judge()


def test_the_place_of_a_paper_ticket(visitor: OpenBrowser, hall: Hall) -> None:
    hall.arrive(*range(1, 7))
    for scripts in (True, False):
        phone = visitor(scripts=scripts)
        phone.open("/antrean/sragen")
        phone.judge()
        phone.field("Nomor antrean Anda").fill("a6")
        phone.button("Lihat").click()
        phone.reads("Lamanya belum dapat diperkirakan.")
        assert said_of(phone)[0].startswith("A-006 Orang di depan Anda: 5.")
        phone.judge()
        shoot(phone.page, f"place-{'with' if scripts else 'without'}-scripts")
        phone.field("Nomor antrean Anda").fill("6")
        phone.button("Lihat").click()
        phone.page.locator("#nomor-error").wait_for()
        phone.judge()


def test_the_pages_of_the_day_are_light(visitor: OpenBrowser, ticket: tuple[str, list[int]], hall: Hall) -> None:
    phone = visitor(service_workers="block")
    meter = Meter(phone.page)
    weights: dict[str, Any] = {}
    for path in (ticket[0], "/antrean/sragen?nomor=a108"):
        meter.forget_everything()
        weights[path] = meter.open(phone.address + path), FIRST_VISIT
        meter.forget_everything()
        meter.open(f"{phone.address}/no-such-page")
        weights[f"{path} later"] = meter.open(phone.address + path), LATER_PAGE
    meter.forget_everything()
    weights["display"] = meter.open(f"{phone.address}/display/sragen?suara=tanpa"), LATER_PAGE
    assert all(0 < weight < limit for weight, limit in weights.values()), weights
