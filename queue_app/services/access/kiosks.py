"""Kiosks: create and enrol them, tell which one asks, and lock out one that is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.kiosks import (
    CODE_LIFETIME,
    SEEN_EVERY,
    hash_secret,
    new_device_token,
    new_enrolment_code,
    read_device_name,
    read_enrolment_code,
    show_enrolment_code,
)
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Device, Office, Printer
from queue_app.queries.printing.printing import printers_of
from queue_app.services.records import audit


@dataclass(frozen=True)
class DeviceIdentity:
    """Which kiosk asks, and where it stands. ``printer_id``: of a printer in use, else None."""

    device_id: int
    name: str
    office_id: int
    office_slug: str
    office_name: str
    time_zone: str
    printer_id: int | None
    last_seen_at: datetime | None

    @property
    def actor(self) -> Actor:
        return Actor.device(self.device_id)

    def is_stale(self, now: datetime) -> bool:
        """Whether `touch` is due: once a minute is enough to see that a kiosk is alive."""
        return self.last_seen_at is None or abs(now - self.last_seen_at) >= SEEN_EVERY


def create_device(session: Session, *, office_id: int, name: str, actor: Actor, now: datetime) -> tuple[Device, str]:
    """A kiosk that is still to be enrolled, and its one-time code (``7KX9-2MQA``): the only time that it can be seen.

    Raises InvalidDeviceName.
    """
    code = new_enrolment_code()
    device = Device(
        office_id=office_id,
        name=read_device_name(name),
        code_hash=hash_secret(code),
        code_expires_at=now + CODE_LIFETIME,
        created_at=now,
    )
    session.add(device)
    session.flush()
    audit.record(
        session,
        "device.created",
        "device",
        device.id,
        actor=actor,
        now=now,
        office_id=office_id,
        after={"name": device.name},
    )
    return device, show_enrolment_code(code)


def new_code(session: Session, device_id: int, *, office_id: int, actor: Actor, now: datetime) -> str:
    """A code to enrol the kiosk anew; whoever held its token has no kiosk any more. Raises NotFound, also while it is
    locked.
    """
    device = _device(session, device_id, office_id)
    if device.locked_at is not None:
        raise NotFound()
    code = new_enrolment_code()
    device.code_hash, device.code_expires_at = hash_secret(code), now + CODE_LIFETIME
    device.token_hash = device.enrolled_at = None
    session.flush()
    audit.record(session, "device.new_code", "device", device.id, actor=actor, now=now, office_id=office_id)
    return show_enrolment_code(code)


def enrol(session: Session, office_slug: str, typed_code: str, *, now: datetime) -> str:
    """Use up the code and return the token for the kiosk's cookie.

    Raises NotFound for a code that is wrong, of another office, expired or used.
    """
    code = read_enrolment_code(typed_code)
    if code is None:
        raise NotFound()
    token = new_device_token()
    device = _use_code(session, hash_secret(code), office_slug, hash_secret(token), now=now)
    if device is None:
        raise NotFound()
    device_id, office_id = device
    actor = Actor.device(device_id)
    audit.record(session, "device.enrolled", "device", device_id, actor=actor, now=now, office_id=office_id)
    return token


def _use_code(
    session: Session, code_hash: bytes, office_slug: str, token_hash: bytes, *, now: datetime
) -> tuple[int, int] | None:
    """Ids of device and office. One conditional statement: of two kiosks with the same code the second finds none."""
    row = session.execute(
        update(Device)
        .where(Device.code_hash == code_hash, Device.locked_at.is_(None))
        # Of a code made before the clock was set back, as `lies_within` has it.
        .where(Device.code_expires_at > now, Device.code_expires_at < now + 2 * CODE_LIFETIME)
        .where(Device.office_id == select(Office.id).where(Office.slug == office_slug).scalar_subquery())
        .values(code_hash=None, code_expires_at=None, token_hash=token_hash, enrolled_at=now, last_seen_at=now)
        .returning(Device.id, Device.office_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return (row.id, row.office_id) if row else None


def lock(session: Session, device_id: int, *, office_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Lock a kiosk out from its next request on; a code not yet used is void. Raises ReasonRequired, NotFound."""
    reason = read_reason(reason)
    device = _device(session, device_id, office_id)
    if device.locked_at is not None:
        return
    device.locked_at = now
    device.code_hash = device.code_expires_at = None
    session.flush()
    audit.record(
        session,
        "device.locked",
        "device",
        device.id,
        actor=actor,
        now=now,
        office_id=office_id,
        reason=reason,
    )


def unlock(session: Session, device_id: int, *, office_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Let it in again, with the token that it has. Raises ReasonRequired, NotFound."""
    reason = read_reason(reason)
    device = _device(session, device_id, office_id)
    if device.locked_at is None:
        return
    device.locked_at = None
    session.flush()
    audit.record(
        session,
        "device.unlocked",
        "device",
        device.id,
        actor=actor,
        now=now,
        office_id=office_id,
        reason=reason,
    )


def remember_printer(
    session: Session, device_id: int, printer_id: int | None, *, office_id: int, actor: Actor, now: datetime
) -> None:
    """Where the kiosk prints; None: nowhere. Raises NotFound, also for a printer of another office or out of use."""
    device = _device(session, device_id, office_id)
    names = {row.id: row.name for row in printers_of(session, office_id, active=True)}
    if printer_id is not None and printer_id not in names:
        raise NotFound()
    if device.printer_id == printer_id:
        return
    former = session.get(Printer, device.printer_id) if device.printer_id is not None else None
    before = {"printer": former.name if former else None}
    device.printer_id = printer_id
    session.flush()
    after = {"printer": names[printer_id] if printer_id is not None else None}
    audit.record(
        session,
        "device.printer",
        "device",
        device.id,
        actor=actor,
        now=now,
        office_id=office_id,
        before=before,
        after=after,
    )


def identify(session: Session, token: str) -> DeviceIdentity | None:
    """Which kiosk holds this token; None when it is unknown or locked out."""
    row = session.execute(
        select(Device, Office, Printer.id.label("printer_id"))
        .join(Office, Office.id == Device.office_id)
        .outerjoin(Printer, (Printer.id == Device.printer_id) & Printer.active)
        .where(Device.token_hash == hash_secret(token), Device.locked_at.is_(None))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    device, office = row.Device, row.Office
    return DeviceIdentity(
        device_id=device.id,
        name=device.name,
        office_id=office.id,
        office_slug=office.slug,
        office_name=office.name,
        time_zone=office.time_zone,
        printer_id=row.printer_id,
        last_seen_at=device.last_seen_at,
    )


def touch(session: Session, device_id: int, *, now: datetime) -> None:
    session.execute(
        update(Device)
        .where(Device.id == device_id)
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )


def _device(session: Session, device_id: int, office_id: int) -> Device:
    device = session.get(Device, device_id, with_for_update={"key_share": True, "of": Device})
    if device is None or device.office_id != office_id:
        raise NotFound()
    return device
