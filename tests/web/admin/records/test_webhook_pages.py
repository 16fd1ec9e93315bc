"""Webhooks as the administrator meets them: made, seen once, tried, switched off, sent again."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from sqlalchemy import func, select

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, DeliveryState, SwitchedOff, Webhook, WebhookDelivery
from queue_app.services.access.staff import start_session
from queue_app.services.records.audit import seal_entries
from queue_app.services.records.webhook_deliveries import queue_events
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.accessibility import is_wider_than_the_screen, violations
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import NEXT_MONDAY, Visitor, World, refusals

NEW = {"partner": "Dinas Kominfo", "address": "https://mitra.example/antrean?a=1", "where": "here", "api_key": ""}
EVENTS = ["ticket.booked", "days.closed"]


def made(world: World) -> Webhook:
    return world.afresh().scalars(select(Webhook)).one()


def make(administrator: Visitor, **other: object) -> str:
    """The page that shows the secret."""
    answer = administrator.post("/admin/webhook/baru", {**NEW, "events": EVENTS, **other}, follow_redirects=True)
    assert answer.status_code == 200, refusals(answer)
    return answer.text


def test_a_secret_is_seen_once(administrator: Visitor, world: World) -> None:
    page = make(administrator)
    secret = re.search(r'value="(whsec_[^"]+)"', page).group(1)
    webhook = made(world)
    assert (webhook.partner, webhook.events, webhook.office_id) == (
        "Dinas Kominfo",
        "ticket.booked,days.closed",
        world.here.id,
    )
    assert secret.encode() not in webhook.secret
    again = administrator.get(f"/admin/webhook/{webhook.id}/rahasia").text
    assert "whsec_" not in again
    changed = administrator.post(f"/admin/webhook/{webhook.id}/rahasia", follow_redirects=True).text
    assert "whsec_" in changed
    assert secret not in changed
    assert "rahasia yang lama" in changed


def test_its_address_and_events_are_changed_and_its_secret_stays(administrator: Visitor, world: World) -> None:
    make(administrator)
    webhook, secret = made(world), made(world).secret
    path = f"/admin/webhook/{webhook.id}/ubah"
    page = administrator.get(path).text
    assert NEW["address"] in page
    assert 'name="where"' not in page
    wrong = administrator.post(path, {**NEW, "address": "http://mitra.example/", "events": EVENTS})
    assert wrong.status_code == 422
    sent = {**NEW, "address": "https://lain.example/", "events": ["ticket.called"]}
    assert administrator.post(path, sent).location == f"/admin/webhook/{webhook.id}"
    changed = made(world)
    assert (changed.address, changed.events, changed.secret) == ("https://lain.example/", "ticket.called", secret)
    assert changed.office_id == world.here.id
    assert "Webhook diubah" in administrator.get("/admin/jejak").text
    administrator.post(path, sent)
    assert world.session.scalar(select(func.count()).where(AuditEntry.action == "webhook.changed")) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"address": "http://mitra.example/"}, "diawali https://"),
        ({"address": "https://mitra.example/3314991703050001"}, "diawali https://"),
        ({"partner": "3314991703050001"}, "tanpa NIK"),
        ({"events": []}, "paling sedikit satu kejadian"),
        ({"events": ["ticket.booked", "salah"]}, "Pilih salah satu"),
        ({"where": "salah"}, "Pilih salah satu"),
        ({"api_key": "99"}, "Pilih salah satu"),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_stays(
    administrator: Visitor, world: World, typed: dict[str, object], said: str
) -> None:
    answer = administrator.post("/admin/webhook/baru", {**NEW, "events": EVENTS, **typed})
    assert answer.status_code == 422
    assert any(said in one for one in refusals(answer)), refusals(answer)
    for value in ({**NEW, **typed}["partner"], {**NEW, **typed}["address"]):
        assert f'value="{value}"' in answer.text
    assert world.afresh().scalars(select(Webhook)).all() == []


def test_what_went_out_is_listed_filtered_and_read(administrator: Visitor, world: World) -> None:
    make(administrator)
    webhook = made(world)
    world.book(NEXT_MONDAY)
    session = world.afresh()
    seal_entries(session, keyring=world.keyring, now=MONDAY_MORNING)
    assert queue_events(session, webhook.id, now=MONDAY_MORNING) == 1
    session.commit()
    path = f"/admin/webhook/{webhook.id}"
    assert administrator.post(f"{path}/uji", follow_redirects=True).status_code == 200
    page = administrator.get(path).text
    assert "ticket.booked" in page
    assert "webhook.test" in page
    assert "/admin/webhook/kiriman/" not in administrator.get(f"{path}?keadaan=failed").text
    only = administrator.get(f"{path}?kejadian=webhook.test&keadaan=waiting").text
    assert len(re.findall(r"/admin/webhook/kiriman/\d+", only)) == 1
    assert administrator.get(f"{path}?kejadian=%27&keadaan=%00&sebelum=x").status_code == 200
    delivery = world.afresh().scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)).first()
    assert delivery is not None
    delivery.state, delivery.status, delivery.answer = DeliveryState.FAILED, 500, "<b>penuh</b>"
    world.session.commit()
    read = administrator.get(f"/admin/webhook/kiriman/{delivery.id}").text
    assert "&lt;b&gt;penuh&lt;/b&gt;" in read
    assert "&#34;queue_number&#34;" in read
    administrator.post(f"/admin/webhook/kiriman/{delivery.id}/kirim-lagi")
    again = world.afresh().get_one(WebhookDelivery, delivery.id)
    assert (again.state, again.event_id) == (DeliveryState.WAITING, delivery.event_id)


def test_switched_off_by_itself_is_said_on_the_start_page(administrator: Visitor, world: World) -> None:
    make(administrator)
    webhook = made(world)
    assert "mati sendiri" not in administrator.get("/petugas/").text
    webhook.off, webhook.off_since = SwitchedOff.FAILING, MONDAY_MORNING
    webhook.failing_since = MONDAY_MORNING - timedelta(days=5)
    world.session.commit()
    assert "mati sendiri" in administrator.get("/petugas/").text
    assert "Mati sendiri" in administrator.get(f"/admin/webhook/{webhook.id}").text
    administrator.post(f"/admin/webhook/{webhook.id}/nyalakan")
    assert made(world).off is None
    administrator.post(f"/admin/webhook/{webhook.id}/matikan")
    assert made(world).off is SwitchedOff.BY_HAND
    assert "mati sendiri" not in administrator.get("/petugas/").text


def test_those_of_another_office_and_of_all_offices_do_not_exist(
    administrator: Visitor, visitor: Visitor, world: World
) -> None:
    make(administrator, where="everywhere")
    webhook = made(world)
    assert webhook.office_id is None
    administrator.post(f"/admin/webhook/{webhook.id}/uji")
    delivery = world.afresh().scalars(select(WebhookDelivery)).one()
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert "Dinas Kominfo" not in visitor.get("/admin/webhook").text
    for path in (f"/admin/webhook/{webhook.id}", f"/admin/webhook/kiriman/{delivery.id}"):
        assert visitor.get(path).status_code == 404
    for path in (f"/admin/webhook/{webhook.id}/rahasia", f"/admin/webhook/kiriman/{delivery.id}/kirim-lagi"):
        assert visitor.post(path).status_code == 404
    assert "Semua kantor" not in visitor.get("/admin/webhook/baru").text
    assert visitor.post("/admin/webhook/baru", {**NEW, "events": EVENTS, "where": "everywhere"}).status_code == 422


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_accessible(
    administrator: Visitor, world: World, browser: Browser, live_server: str, width: int
) -> None:
    make(administrator, address="https://mitra.example/" + "sangat-panjang" * 20)
    webhook = made(world)
    administrator.post(f"/admin/webhook/{webhook.id}/uji")
    of_all = world.staff(Role.ADMINISTRATOR, world.here, world.there)
    token = start_session(world.afresh(), of_all.id, now=MONDAY_MORNING)
    world.session.commit()
    context = browser.new_context(base_url=live_server, viewport={"width": width, "height": 800})
    context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": live_server}])
    page = context.new_page()
    of_one = f"/admin/webhook/{webhook.id}"
    for path in ("/admin/webhook", "/admin/webhook/baru", of_one, f"{of_one}/rahasia", "/admin/webhook/kiriman/1"):
        assert page.goto(path).ok, path
        page.locator("body.js-enabled").wait_for()
        assert violations(page) == [], path
        assert not is_wider_than_the_screen(page), path
    context.close()
