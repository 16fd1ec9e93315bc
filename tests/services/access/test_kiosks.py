"""Kiosks: the one-time code, who is behind a token, and locking out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.errors import InvalidDeviceName, NotFound, ReasonRequired
from queue_app.domain.kiosks import CODE_LIFETIME
from queue_app.models import AuditEntry, Device, Office, Printer
from queue_app.services.access import kiosks
from tests.harness.factories import TESTER, make_office
from tests.harness.fakes import FixedClock


@pytest.fixture
def made(session: Session, office: Office, clock: FixedClock) -> tuple[int, str]:
    """(id, code) of a new kiosk."""
    device, code = kiosks.create_device(
        session, office_id=office.id, name="  Pintu  masuk ", actor=TESTER, now=clock.now()
    )
    session.commit()
    return device.id, code


def test_a_code_is_good_once_and_only_at_its_office(
    session: Session,
    office: Office,
    clock: FixedClock,
    made: tuple[int, str],
    audited: Callable[[], list[AuditEntry]],
) -> None:
    device_id, code = made
    elsewhere = make_office(session, "gemolong")
    for slug, typed in ((elsewhere.slug, code), (office.slug, "0000-0000"), (office.slug, "?"), ("nowhere", code)):
        with pytest.raises(NotFound):
            kiosks.enrol(session, slug, typed, now=clock.now())
    token = kiosks.enrol(session, office.slug, code.lower().replace("-", " "), now=clock.now())
    with pytest.raises(NotFound):
        kiosks.enrol(session, office.slug, code, now=clock.now())
    found = kiosks.identify(session, token)
    assert found is not None
    assert (found.device_id, found.name, found.office_slug) == (device_id, "Pintu masuk", office.slug)
    stored = session.get_one(Device, device_id)
    assert (stored.code_hash, stored.code_expires_at) == (None, None)
    entries = [entry for entry in audited() if entry.subject == "device"]
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("device.created", TESTER.label),
        ("device.enrolled", f"device:{device_id}"),
    ]
    secrets = (code, code.replace("-", ""), token)
    assert not any(secret in str(vars(row)) for row in (stored, *entries) for secret in secrets)


def test_a_code_grows_old(session: Session, office: Office, clock: FixedClock, made: tuple[int, str]) -> None:
    with pytest.raises(NotFound):
        kiosks.enrol(session, office.slug, made[1], now=clock.now() + CODE_LIFETIME)
    kiosks.enrol(session, office.slug, made[1], now=clock.now() + CODE_LIFETIME - timedelta(seconds=1))


def test_a_new_code_ends_the_token(session: Session, office: Office, clock: FixedClock, made: tuple[int, str]) -> None:
    token = kiosks.enrol(session, office.slug, made[1], now=clock.now())
    code = kiosks.new_code(session, made[0], office_id=office.id, actor=TESTER, now=clock.now())
    assert kiosks.identify(session, token) is None
    newer = kiosks.enrol(session, office.slug, code, now=clock.now())
    assert kiosks.identify(session, newer) is not None


def test_locked_out_at_once_and_let_in_again(
    session: Session, office: Office, clock: FixedClock, made: tuple[int, str]
) -> None:
    who = {"office_id": office.id, "actor": TESTER, "now": clock.now()}
    token = kiosks.enrol(session, office.slug, made[1], now=clock.now())
    with pytest.raises(ReasonRequired):
        kiosks.lock(session, made[0], reason=" ", **who)
    kiosks.lock(session, made[0], reason="Perangkat hilang", **who)
    assert kiosks.identify(session, token) is None
    with pytest.raises(NotFound):
        kiosks.new_code(session, made[0], **who)
    kiosks.unlock(session, made[0], reason="Ditemukan", **who)
    assert kiosks.identify(session, token) is not None
    for change in (kiosks.lock, kiosks.unlock):
        with pytest.raises(NotFound):
            change(session, made[0], reason="Bukan milik kantor ini", **{**who, "office_id": office.id + 1})


def test_a_locked_kiosk_takes_no_code(
    session: Session, office: Office, clock: FixedClock, made: tuple[int, str]
) -> None:
    kiosks.lock(session, made[0], reason="Salah", office_id=office.id, actor=TESTER, now=clock.now())
    with pytest.raises(NotFound):
        kiosks.enrol(session, office.slug, made[1], now=clock.now())


def test_seen_once_a_minute(session: Session, office: Office, clock: FixedClock, made: tuple[int, str]) -> None:
    token = kiosks.enrol(session, office.slug, made[1], now=clock.now())
    found = kiosks.identify(session, token)
    assert found is not None
    assert not found.is_stale(clock.now() + timedelta(seconds=59))
    later = clock.now() + timedelta(minutes=1)
    assert found.is_stale(later)
    kiosks.touch(session, made[0], now=later)
    again = kiosks.identify(session, token)
    assert again is not None
    assert again.last_seen_at == later


def test_after_a_clock_was_set_back_a_code_does_not_live_for_ever_and_a_kiosk_is_seen(
    session: Session, office: Office, clock: FixedClock, made: tuple[int, str]
) -> None:
    with pytest.raises(NotFound):
        kiosks.enrol(session, office.slug, made[1], now=clock.now() - CODE_LIFETIME)
    back = clock.now() - timedelta(minutes=20)
    token = kiosks.enrol(session, office.slug, made[1], now=back)
    further = back - timedelta(days=2)
    found = kiosks.identify(session, token)
    assert found is not None
    assert found.is_stale(further)
    kiosks.touch(session, made[0], now=further)
    again = kiosks.identify(session, token)
    assert again is not None
    assert again.last_seen_at == further


def test_the_printer_is_one_of_the_office_and_in_use(
    session: Session, office: Office, clock: FixedClock, made: tuple[int, str]
) -> None:
    who = {"office_id": office.id, "actor": TESTER, "now": clock.now()}
    elsewhere = make_office(session, "gemolong")
    own = Printer(office_id=office.id, name="Kios", host="192.0.2.7")
    foreign = Printer(office_id=elsewhere.id, name="Lain", host="192.0.2.8")
    session.add_all([own, foreign])
    session.flush()
    with pytest.raises(NotFound):
        kiosks.remember_printer(session, made[0], foreign.id, **who)
    kiosks.remember_printer(session, made[0], own.id, **who)
    token = kiosks.enrol(session, office.slug, made[1], now=clock.now())
    for active, printer_id in ((True, own.id), (False, None)):
        own.active = active
        session.flush()
        found = kiosks.identify(session, token)
        assert found is not None
        assert found.printer_id == printer_id


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "3314990101900001", "a\x00b"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_name_is_short_and_plain(session: Session, office: Office, clock: FixedClock, name: str) -> None:
    with pytest.raises(InvalidDeviceName):
        kiosks.create_device(session, office_id=office.id, name=name, actor=TESTER, now=clock.now())
