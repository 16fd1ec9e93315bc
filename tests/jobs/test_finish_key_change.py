"""A change of keys: everything is brought under the new ones, and what is left of nothing is forgotten."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import LargeBinary, func, select, update
from sqlalchemy.orm import Session

from queue_app.adapters.key_file import load_keyring
from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.db import unit_of_work
from queue_app.domain.errors import AlreadyBooked
from queue_app.domain.keyring import bound_to, bound_to_webhook
from queue_app.domain.retention import OF_BOOKINGS
from queue_app.domain.roles import Role
from queue_app.domain.webhooks import Event
from queue_app.models import Base, Booking, FormerKey, KeyCheck, OfficeService, Ticket
from queue_app.queries.records.key_checks import misfits
from queue_app.queries.records.sealed_rows import SEALED
from queue_app.queries.records.webhooks import Reach
from queue_app.services.access import second_factor
from queue_app.services.records import resealing, webhooks
from tests.concurrency.races import assert_sound, findings
from tests.harness.factories import TESTER, make_applicant, make_booking, make_staff, slots_of, time_code
from tests.harness.fakes import THURSDAY, FixedClock
from tests.harness.rotation import adopt, rotate

OTHERS = ("person_index", "ticket", "cookie")
Run = Callable[[str], int]
Book = Callable[..., Booking]


@pytest.fixture
def former(app: Flask) -> FileKeyring:
    return adopt(app)


def numbers_of_keys(session: Session) -> set[int]:
    session.rollback()
    columns = [getattr(table, name) for table, names in SEALED.items() for name in names]
    return {value[0] for column in columns for value in session.scalars(select(column)) if value}


def test_every_sealed_column_is_known() -> None:
    """Of what the purge empties, bytes are sealed, or hashes that tell nothing after a change; and secrets of
    accounts and partners."""
    hashes = {("ticket", "person_index"), ("booking", "request_digest")}
    stored = {
        (holding.table, name)
        for holding in OF_BOOKINGS
        for name in holding.columns
        if isinstance(Base.metadata.tables[holding.table].c[name].type, LargeBinary)
    }
    shared = {("second_factor", "secret"), ("second_factor", "pending")}
    shared |= {("webhook", "secret"), ("webhook", "former_secret")}
    assert stored - hashes | shared == {
        (table.__tablename__, name) for table, names in SEALED.items() for name in names
    }


def test_everything_is_under_the_new_keys(app: Flask, session: Session, book: Book, former: FileKeyring) -> None:
    booking = book(persons=2, phone="+6281234567890", email="siti@contoh.id", request_key="one")
    assert numbers_of_keys(session) == {1}
    keyring = rotate(app)
    assert numbers_of_keys(session) == {2}
    session.refresh(booking)
    for ticket in booking.tickets:
        nik = keyring.open(ticket.nik or b"", bound_to=bound_to(booking.code, "nik", ticket.position))
        assert keyring.person_index(nik) == ticket.person_index != former.person_index(nik)
    assert keyring.open(booking.email or b"", bound_to=bound_to(booking.code, "email")) == "siti@contoh.id"
    assert booking.request_digest is None
    assert misfits(session, keyring) == ()
    assert misfits(session, former) == ("cookie", "data 2", "person_index", "ticket")
    assert keyring.audit_key == former.audit_key
    assert_sound(app)


def test_a_second_factor_outlives_its_key(app: Flask, session: Session, book: Book, former: FileKeyring) -> None:
    booking, clock = book(), app.extensions["clock"]
    office = booking.tickets[0].office
    staff = make_staff(session, office, Role.AUDITOR, now=clock.now(), keyring=former)
    session.flush()
    second_factor.begin(session, staff.id, keyring=former, now=clock.now())
    session.commit()
    keyring = rotate(app)
    assert numbers_of_keys(session) == {2}
    at = {"keyring": keyring, "now": clock.now()}
    assert second_factor.pending_secret(session, staff.id, **at)
    typed = second_factor.read_typed(session, staff.id, time_code(clock.now()))
    assert second_factor.use(session, staff, typed, **at) is None
    session.commit()
    assert_sound(app)


def test_a_secret_of_a_webhook_outlives_its_key(app: Flask, session: Session, former: FileKeyring) -> None:
    at = {"actor": TESTER, "now": app.extensions["clock"].now()}
    new = webhooks.NewWebhook("Mitra", "https://mitra.example/", list(Event), None)
    webhook, old = webhooks.create(session, new, keyring=former, **at)
    fresh = webhooks.change_secret(session, webhook.id, Reach((), everywhere=True), keyring=former, **at)
    session.commit()
    keyring = rotate(app)
    assert numbers_of_keys(session) == {2}
    session.refresh(webhook)
    assert keyring.open(webhook.secret, bound_to=bound_to_webhook(webhook.id, "secret")) == fresh
    assert keyring.open(webhook.former_secret or b"", bound_to=bound_to_webhook(webhook.id, "former_secret")) == old


@pytest.mark.parametrize(("wanted", "changed"), [("data", "data 2"), *zip(OTHERS, OTHERS, strict=True)])
def test_each_key_by_itself(
    app: Flask, session: Session, book: Book, former: FileKeyring, wanted: str, changed: str
) -> None:
    book()
    rotate(app, wanted)
    assert misfits(session, former) == (changed,)
    assert_sound(app)


def test_who_has_a_place_gets_no_second_one(
    app: Flask, session: Session, offering: OfficeService, former: FileKeyring, clock: FixedClock
) -> None:
    applicant, (first, second) = make_applicant(), slots_of(session, offering, THURSDAY)[:2]
    make_booking(session, first.id, applicant, keyring=former, now=clock.now())
    session.commit()
    keyring = rotate(app)
    with pytest.raises(AlreadyBooked):
        make_booking(session, second.id, applicant, keyring=keyring, now=clock.now())


def test_former_keys_are_forgotten_when_nothing_is_left_of_them(
    app: Flask, session: Session, book: Book, run: Run, former: FileKeyring, settings: Settings, clock: FixedClock
) -> None:
    book(THURSDAY)
    rotate(app)
    assert run("finish-key-change") == 2, "sealed rows are looked at once more"

    def known() -> set[str]:
        session.rollback()
        names = {*session.scalars(select(KeyCheck.name))}
        former = {f"former {name}" for name in session.scalars(select(FormerKey.name))}
        session.rollback()  # who reads that table keeps others from changing it
        return names | former

    own = {"all", "audit", "cookie", "person_index", "ticket", "data 2"}
    assert known() == own | {"data 1", "former data 1", "former ticket"}
    clock.advance(hours=7)
    run("finish-key-change")
    assert known() == own | {"former ticket"}
    content = json.loads(settings.keys_file.read_text())
    assert (list(content["data"]), len(content["ticket"])) == (["2"], 2)
    clock.set(clock.now() + (THURSDAY - clock.now().date()))
    run("finish-key-change")
    assert known() == own | {"former ticket"}, "their day is not over"
    clock.advance(hours=24)
    run("finish-key-change")
    assert known() == own
    content = json.loads(settings.keys_file.read_text())
    assert isinstance(content["ticket"], str)
    assert settings.keys_file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in settings.instance.iterdir() if "keys" in one.name] == ["keys.json"]
    assert load_keyring(settings.keys_file).check_values == app.extensions["keyring"].check_values


def test_each_ticket_has_the_token_that_it_was_given(
    app: Flask, session: Session, offering: OfficeService, book: Book, run: Run, former: FileKeyring, clock: FixedClock
) -> None:
    """On paper, in mails, in the list of a desk without connection; and a former key makes no new ones."""
    old = book(THURSDAY).tickets[0].id
    keyring = rotate(app)
    session.rollback()
    slot = slots_of(session, offering, THURSDAY)[1]
    new = make_booking(session, slot.id, keyring=keyring, now=clock.now()).tickets[0].id
    session.commit()
    session.rollback()
    token = former.ticket_token(old)
    assert keyring.ticket_token(old) == token
    assert keyring.read_ticket_token(token) == old
    assert keyring.read_ticket_token(former.ticket_token(new)) is None, "forged under the former key"
    assert keyring.read_ticket_token(keyring.ticket_token(new)) == new
    clock.advance(days=4)
    run("finish-key-change")
    later = app.extensions["keyring"]
    assert later.read_ticket_token(token) is None
    assert later.read_ticket_token(later.ticket_token(old)) == old


def test_what_no_key_opens_is_left_as_it_is(
    app: Flask, session: Session, book: Book, run: Run, former: FileKeyring, clock: FixedClock
) -> None:
    booking = book()
    damaged = bytes([1]) + bytes(40)
    session.execute(update(Ticket).values(nik=damaged))
    session.commit()
    rotate(app)
    clock.advance(hours=7)
    run("finish-key-change")
    session.refresh(booking.tickets[0])
    assert booking.tickets[0].nik == damaged
    assert not session.scalars(select(KeyCheck).where(KeyCheck.name == "data 1")).all()
    assert {"I16", "I17"} <= findings(app).keys()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_corrects_meanwhile_is_not_overwritten(
    app: Flask, session: Session, book: Book, former: FileKeyring
) -> None:
    booking = book(email="lama@contoh.id")
    place = bound_to(booking.code, "email")
    keyring = rotate(app, "ticket")
    right = keyring.seal("baru@contoh.id", bound_to=place)

    class Correcting:
        """Somebody else stores a correction while this one seals."""

        current_name = "data 9"

        def __getattr__(self, name: str) -> Any:
            return getattr(keyring, name)

        def seal(self, plain: str, *, bound_to: str) -> bytes:
            session.execute(update(Booking).values(email=right))
            session.commit()
            return keyring.seal(plain, bound_to=bound_to)

    with app.app_context(), unit_of_work() as unit:
        resealing.reseal(unit, Booking, Correcting(), after=0, limit=10)
    session.rollback()
    assert session.scalar(select(Booking.email)) == right


def test_a_run_that_was_interrupted_is_finished_by_the_job(
    app: Flask, session: Session, book: Book, run: Run, former: FileKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(persons=2)
    with monkeypatch.context() as patch:
        patch.setattr(resealing, "reseal", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rotate(app)
    assert numbers_of_keys(session) == {1}
    run("finish-key-change")
    assert numbers_of_keys(session) == {2}
    assert session.scalar(select(func.count()).select_from(FormerKey).where(FormerKey.settled_at.is_(None))) == 0
    assert_sound(app)
