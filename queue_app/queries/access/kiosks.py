"""The kiosks of an office."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.models import Device


def devices_of(session: Session, office_id: int) -> list[Device]:
    """By name, the locked ones too."""
    return list(session.scalars(select(Device).where(Device.office_id == office_id).order_by(Device.name, Device.id)))


def device_at(session: Session, device_id: int, office_id: int) -> Device | None:
    return session.scalars(select(Device).where(Device.id == device_id, Device.office_id == office_id)).one_or_none()
