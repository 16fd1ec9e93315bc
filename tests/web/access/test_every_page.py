"""Every page and file of the URL map once, with people and things on it, asked for by somebody who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.announcements import Announcing, Level
from queue_app.domain.breaches import BreachedData
from queue_app.domain.quota_change import NewQuota, QuotaUnit
from queue_app.domain.roles import Role
from queue_app.domain.rosters import Shift
from queue_app.domain.webhooks import Event
from queue_app.models import (
    AuditEntry,
    Device,
    DisruptionKind,
    FormerAddress,
    Holiday,
    OutboxMessage,
    Printer,
    SurveyRemark,
)
from queue_app.queries.records.webhooks import Reach
from queue_app.services.access.invitations import invite
from queue_app.services.access.own_account import open_sessions
from queue_app.services.access.staff import start_session
from queue_app.services.calendar.closing import close_day
from queue_app.services.calendar.quota_changes import change_quotas
from queue_app.services.calendar.quota_limit import Deed
from queue_app.services.printing.printing import ask_print
from queue_app.services.privacy.breaches import BreachFacts, record_breach
from queue_app.services.records.webhooks import NewWebhook, create, send_trial
from queue_app.services.rosters.shifts import add_shifts
from queue_app.services.texts.announcements import announce
from queue_app.services.visits.disruptions import begin_disruption
from queue_app.web.access.api_keys import TICKET_TOKEN
from queue_app.web.access.kiosks import DEVICE_COOKIE
from tests.harness.at_counters import arrive, open_counter
from tests.harness.factories import TESTER, make_kiosk
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.hidden_texts import careless
from tests.harness.office import TOMORROW, Visitor, World, make_world
from tests.harness.tokens import without_token
from tests.web.access.test_access_matrix import WHO_MAY
from tests.web.counter_forms import cut_off

HOLIDAY = date(2026, 12, 25)
FAILURE = BreachFacts(
    happened="Daftar tertinggal",
    noticed_at=MONDAY_MORNING,
    data=(BreachedData.NAME,),
    first_day=TOMORROW,
    last_day=TOMORROW,
    services=(),
    notice_id="Daftar nama tertinggal",
)
TOLD = Announcing("Pintu timur", "", Level.INFO, True, True, MONDAY_MORNING, MONDAY_MORNING + timedelta(days=1))
QUERIES = {
    "api.availability": "?office=sragen&service=KTP_REKAM&from=2026-11-24",
    "public.hours": "?hari=2026-11-25",
    "desk.assisted_hours": "?layanan={office_service_id}",
    "desk.print_page": "?tugas={job}",
}
# A name that means something else in another address.
NAMED = {"admin.import_table": {"kind": "petugas"}, "admin.import_template": {"kind": "petugas"}}
# Of those that show nothing themselves. The first administrator's address is good before there is anybody.
ANSWERS = {
    "public.choose": 303,  # no details were given yet
    "public.show_slot": 303,
    "public.copy_data": 303,  # no one-time code was typed
    "public.correct_data": 303,
    "public.delete_data": 303,
    "public.offered": 303,  # no closure concerns this ticket
    "admin.close": 303,  # these lead to the pages of closures
    "admin.affected": 303,
    "admin.reopen": 303,
    "admin.edit_closure": 303,  # confirmed already
    "desk.begin_out_of_order": 404,  # nobody waits with this ticket
    **dict.fromkeys(("api.figures", "api.survey"), 401),
    **dict.fromkeys(("public.survey", "kiosk.survey"), 303),  # nobody was served yet
    "admin.download_coverage": 404,  # no list was taken over
    "admin.download_survey": 404,  # nobody has answered
    "admin.download_figures": 404,  # no day of theirs was counted yet
    "counter.offer_again": 404,  # it was not in vain
    "desk.book_person_again": 303,  # nothing to repeat while the ticket holds
    "desk.take_back_absence": 303,  # nobody says that they did not come
    "kiosk.outcome": 303,  # no number was drawn yet
    "health.reached": 404,  # only the doctor asks, with the keys
    "metrics.metrics": 401,  # the token is for programs
    "site.favicon": 301,
    "site.logo": 404,  # there is none: a letter stands in its place
    **dict.fromkeys(("staff.first_administrator", "staff.invitation", "staff.new_password"), 404),
    "staff.second_step": 303,  # no password was shown
    **dict.fromkeys(("staff.to_provider", "staff.unlink_provider"), 404),  # there is none
    "staff.back_from_provider": 422,  # nothing was begun
    **dict.fromkeys(("staff.renew_recovery_codes", "staff.turn_off_second_factor"), 404),  # it is off
}


def test_every_page_is_there(app: Flask, session: Session, keyring: FileKeyring) -> None:
    world = make_world(session, keyring)
    odd = []
    for rule, answer in visits(app, world):
        expected = ANSWERS.get(rule.endpoint, 200)
        if answer.status_code != expected:
            odd.append(f"{rule.endpoint} {rule.rule}: {answer.status_code} {answer.location or ''}")
        odd += [f"{rule.endpoint} says “{said}” unseen" for said in careless(answer)]
        if rule.endpoint != "desk.shell":  # a script gives its forms the token of the day
            odd += [f"{rule.endpoint} has a form that nobody can send: {tag}" for tag in without_token(answer)]
    assert not odd, "\n".join(odd)


def visits(app: Flask, world: World, **cookies: str) -> Iterator[tuple[Rule, TestResponse]]:
    """Every address that can be opened, and what it answers to whoever may open it."""
    named = things(app, world)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        visitor, allowed = Visitor(app.test_client()), WHO_MAY[rule.endpoint]
        roles = [role for role in Role if role in allowed]
        if roles and None not in allowed:
            visitor.sign_in(world, world.staff(roles[0], world.here, world.there))
        visitor.client.set_cookie(DEVICE_COOKIE, named["kiosk"], path="/kiosk")
        for name, value in cookies.items():
            visitor.client.set_cookie(name, value)
        yield rule, visitor.get(address(app, rule, named), headers={TICKET_TOKEN: named["token"]})


def things(app: Flask, world: World) -> dict[str, Any]:
    """One of each kind that an address may name, and what surrounds them."""
    session, here = world.session, world.here
    counter = open_counter(world)
    waiting = arrive(world)
    booking, moved = world.book(TOMORROW), world.book()
    now = MONDAY_MORNING
    desk, two = world.staff(Role.DESK), world.staff(Role.DESK, here, world.there)
    boss = world.staff(Role.ADMINISTRATOR, here, world.there)
    officer = world.staff(Role.COUNTER)
    day = world.day(TOMORROW + timedelta(days=1))
    closure = close_day(session, day.id, reason_id="Listrik padam", reason_en="", actor=TESTER, now=now)
    session.add_all(
        [Printer(office_id=here.id, name="Epson", host="127.0.0.1", port=9), cut_off(here.id, desk.id, now)]
    )
    holiday = Holiday(date=HOLIDAY, name_id="Hari Natal", name_en="Christmas")
    session.add(holiday)
    no_cards = {"expected_until": None, "actor": TESTER, "now": now}
    stopped = begin_disruption(session, here.id, DisruptionKind.BLANK_CARDS, **no_cards)
    by = {"office_id": here.id, "actor": TESTER, "now": now}
    breach = record_breach(session, FAILURE, **by)
    job = ask_print(session, booking.id, office_id=here.id, printer_id=None, actor=TESTER, now=now)
    kiosk = make_kiosk(session, here, now=now)
    start_session(session, two.id, now=now)
    invited, _link = invite(session, name="Ani", roles=[Role.DESK], office_ids=[here.id], invited_by=boss.id, now=now)
    services = frozenset({world.offering.service_id})
    new = NewQuota(TOMORROW, TOMORROW, services, QuotaUnit.PLACES, 9)
    change = change_quotas(session, here.id, new, Deed(boss.id, None, "Operator tambahan", now))
    partner = NewWebhook("Dinas Kominfo", "https://mitra.example/", list(Event), None)
    webhook, _secret = create(session, partner, keyring=world.keyring, actor=TESTER, now=now)
    delivery = send_trial(session, webhook.id, Reach((), everywhere=True), now=now)
    told = announce(session, here.id, TOLD, actor=TESTER, now=now)
    shift = Shift(counter.id, officer.id, TOMORROW, time(8), time(12))
    (planned,) = add_shifts(session, [shift], **by)
    service = world.offering.service_id
    said = SurveyRemark(key="saran", office_id=here.id, service_id=service, month=date(2026, 11, 1), remark="Kursi")
    session.add(said)
    session.add(FormerAddress(slug="kantor-lama", office_id=here.id, left_at=now))
    session.commit()
    lasting = {"idle": timedelta(hours=1), "absolute": timedelta(hours=1)}
    return {
        "kiosk": kiosk,
        "job": job.id,
        "office": here.slug,
        "service": world.offering.service.slug,
        "waiting": world.keyring.ticket_token(waiting.id),
        "token": world.token(booking),
        "code": booking.code,
        "slot_id": booking.tickets[0].slot_id,
        "booking_id": booking.id,
        "ticket_id": moved.tickets[0].id,
        "device": open_sessions(session, two.id, "", now=now, **lasting)[0].name,
        "invitation_id": invited.id,
        "device_id": session.scalars(select(Device.id)).one(),
        "staff_id": desk.id,
        "service_day_id": day.id,
        "closure_id": closure.id,
        "change_id": change.id,
        "disruption_id": stopped.id,
        "office_service_id": world.offering.id,
        "day": HOLIDAY.isoformat(),
        "holiday_id": holiday.id,
        "year": 2027,
        "message_id": session.scalars(select(OutboxMessage.id)).first(),
        "webhook_id": webhook.id,
        "delivery_id": delivery.id,
        "counter_id": counter.id,
        "name": "192.png",
        "kind": "html",
        "table": "hari",
        "file_type": "csv",
        "breach_id": breach.id,
        "former": "kantor-lama",
        "announcement_id": told.id,
        "message": "confirmation",
        "language": "id",
        "entry_id": session.scalars(select(AuditEntry.id)).first(),
        "page": "pindai",
        "shift_id": planned.id,
        "key": said.key,
        "why": "penuh",
        "version": app.extensions["static_version"],
        "filename": "sw.js",
    }


def address(app: Flask, rule: Rule, named: dict[str, Any]) -> str:
    with app.test_request_context():
        values = {name: NAMED.get(rule.endpoint, named).get(name, named[name]) for name in rule.arguments}
        if rule.endpoint == "public.ask_for_time":  # which only somebody may who waits
            values["token"] = named["waiting"]
        built = app.url_map.bind("").build(rule.endpoint, values)
    return built + QUERIES.get(rule.endpoint, "").format(**named)
