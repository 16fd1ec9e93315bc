"""An afternoon besides the people in the hall: a restore, a breach, questions about one's own data."""

from __future__ import annotations

from datetime import time, timedelta
from secrets import token_bytes

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.announcements import Announcing, Level
from queue_app.domain.attempts import LOG_IN_NETWORK
from queue_app.domain.breaches import BreachedData
from queue_app.domain.data_rights import RequestKind, RequestProof
from queue_app.domain.openid import Identity
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import Role
from queue_app.domain.rosters import Shift
from queue_app.domain.setup import SLUG_MAX
from queue_app.domain.setup_plan import SitePlan
from queue_app.domain.site import Logo
from queue_app.domain.webhooks import Event
from queue_app.models import Backup, Counter, FormerKey, Staff, StaffAssignment
from queue_app.queries.records.webhooks import Reach
from queue_app.services.access import attempts, provider_accounts, recovery_codes, staff
from queue_app.services.access.invitations import invite
from queue_app.services.access.password_resets import make_link
from queue_app.services.access.passwords import Proof
from queue_app.services.access.second_factor import factor_of
from queue_app.services.offline import devices
from queue_app.services.privacy import breaches, proof, requests
from queue_app.services.records import key_checks, restoration, webhooks
from queue_app.services.rosters import shifts
from queue_app.services.rosters.kits import set_recording_kits
from queue_app.services.setup.addresses import change_address
from queue_app.services.setup.site import change_logo
from queue_app.services.texts.announcements import announce
from queue_app.services.texts.messages import word_message
from tests.harness.factories import TESTER
from tests.harness.fakes import FRIDAY, FixedClock
from tests.upgrades.week import Week


def go_by(app: Flask, session: Session, clock: FixedClock, week: Week) -> None:
    key_checks.adopt_keys(session, week.keyring, file=app.extensions["settings"].keys_file)
    _be_restored(session, clock)
    _be_attacked(session, clock, week)
    _answer_for_data(session, clock, week)
    _look_after_staff(session, clock)
    _tell_a_partner(session, clock, week)
    _say_something(session, clock, week)
    _plan_a_week(session, clock, week)
    session.commit()


def _say_something(session: Session, clock: FixedClock, week: Week) -> None:
    """The hall is told that a door is closed, and a reminder is worded anew."""
    now = clock.now()
    told = Announcing(
        "Pintu barat ditutup; masuk lewat pintu timur.",
        *("The west door is closed; enter by the east door.", Level.IMPORTANT, True, True),
        *(now, now + timedelta(days=2)),
    )
    announce(session, week.office.id, told, actor=TESTER, now=now)
    body = "Tiket {nomor}, kode {kode}: {hari}, {jam}, {kantor}.\n{tautan}"
    text = {"subject": "Besok: {nomor}", "body": body}
    moved = {"reason": "Nama baru", "actor": TESTER, "now": now}
    change_address(session, week.office.id, f"dukcapil-{week.office.slug}"[:SLUG_MAX], **moved)
    head = SitePlan("Antrean Dukcapil", "", "#0f4c5c")
    change_logo(session, Logo(b"a picture", 80, 80), head, actor=TESTER, now=now)
    word_message(session, week.office.id, MessageKind.REMINDER_DAY_BEFORE, "id", **text, actor=TESTER, now=now)


def _look_after_staff(session: Session, clock: FixedClock) -> None:
    """Somebody is invited, somebody forgot a password, and somebody has new recovery codes."""
    now = clock.now()
    people = session.scalars(select(Staff).order_by(Staff.id)).all()
    boss = next(one for one in people if one.assignments[0].role is Role.ADMINISTRATOR)
    office_id = boss.assignments[0].office_id
    invite(session, name="Ani Lestari", roles=[Role.DESK], office_ids=[office_id], invited_by=boss.id, now=now)
    make_link(session, people[0].id, made_by=boss.id, actor=TESTER, now=now)
    factor = factor_of(session, boss.id)
    assert factor is not None
    recovery_codes.store(session, factor, recovery_codes.new_codes())
    identity = Identity("https://akun.example/realms/asn", "8f1c", boss.username, second_factor=True)
    provider_accounts.link(session, Proof(boss.id, boss.password_hash), identity, now=now)


def _tell_a_partner(session: Session, clock: FixedClock, week: Week) -> None:
    """By webhook, from now on; and one delivery to try it."""
    new = webhooks.NewWebhook("Dinas Kominfo", "https://kominfo.example/antrean", list(Event), None)
    webhook, _secret = webhooks.create(session, new, keyring=week.keyring, actor=TESTER, now=clock.now())
    webhooks.send_trial(session, webhook.id, Reach((), everywhere=True), now=clock.now())


def _plan_a_week(session: Session, clock: FixedClock, week: Week) -> None:
    """Somebody serves on Friday morning, somebody who was to do so cannot come; four recordings go at once."""
    by = {"actor": TESTER, "now": clock.now()}
    people = session.scalars(select(Staff).join(Staff.assignments).where(StaffAssignment.role == Role.COUNTER)).all()
    here = {"office_id": week.office.id, **by}
    (counter, *_) = session.scalars(select(Counter.id).where(Counter.office_id == week.office.id, Counter.active))
    morning = Shift(counter, people[0].id, FRIDAY, time(8), time(12))
    (absent,) = shifts.add_shifts(session, [morning], **here)
    shifts.change_shift(session, absent.id, morning, absent=True, **here)
    shifts.add_shifts(session, [morning], **here)
    set_recording_kits(session, week.office.id, 4, **by)


def _be_restored(session: Session, clock: FixedClock) -> None:
    """Of a backup of half an hour ago, seen by somebody; whoever was logged in logs in again."""
    now = clock.now()
    made_at = now - timedelta(minutes=30)
    session.add(FormerKey(name="person_index", value=token_bytes(32), replaced_at=now, settled_at=now))
    session.add(Backup(made_at=made_at, file="/srv/queue/backups/kept.zip", host="sragen-1", bytes=400_000))
    row = restoration.settle_restored(session, backup_at=made_at, restored_by="root@sragen-1", now=now)
    people = session.scalars(select(Staff).join(Staff.assignments)).unique().all()
    restoration.acknowledge(session, row.id, staff_id=people[0].id, now=now)
    for person in people:
        staff.start_session(session, person.id, now=now)
    devices.hear(session, "device-of-the-week", now=now)


def _be_attacked(session: Session, clock: FixedClock, week: Week) -> None:
    """Passwords were tried, and a list was lost that everybody on it is told of."""
    now = clock.now()
    attempts.take(session, [attempts.attempt(LOG_IN_NETWORK, "192.0.2.1", keyring=week.keyring)], now=now)
    facts = breaches.BreachFacts(
        happened="Daftar cetak hilang",
        noticed_at=now - timedelta(hours=2),
        data=tuple(BreachedData)[:2],
        first_day=FRIDAY,
        last_day=FRIDAY + timedelta(days=7),
        services=(week.offering.service_id,),
        notice_id="Daftar antrean dengan nama Anda hilang dari kantor kami.",
    )
    by = {"office_id": week.office.id, "actor": TESTER, "now": now}
    breach = breaches.record_breach(session, facts, **by)
    breaches.tell(session, breach.id, **by)
    assert breaches.spread(session, breach.id, now=now)


def _answer_for_data(session: Session, clock: FixedClock, week: Week) -> None:
    """A code to see one's own data, and a request at the desk that is still open."""
    now, bookings = clock.now(), week.booked[FRIDAY + timedelta(days=4)]
    proof.send_data_code(session, bookings[0], now=now)
    (ticket, *_) = bookings[1].tickets
    requests.receive(session, ticket, RequestKind.CORRECT, proof=RequestProof.DOCUMENT, actor=TESTER, now=now)
