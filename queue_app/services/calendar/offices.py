"""Change an office's own data: its name and address, when it is open, and how it can be reached."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.contact import read_office_phone, read_web_address
from queue_app.domain.errors import NotFound
from queue_app.domain.identity import holds_personal_number
from queue_app.domain.phones import parse_phone
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Office
from queue_app.services.records import audit
from queue_app.services.records.changes import change_columns

OPTIONAL = {"map_url", "phone", "whatsapp", "email", "complaint_url"}  # nothing is stored as NULL


@dataclass(frozen=True)
class OfficeChange:
    """All as typed. Opening hours: one line each, in words; ``whatsapp``: a mobile number."""

    name: str
    address: str
    map_url: str
    phone: str
    whatsapp: str
    email: str
    complaint_url: str
    opening_hours_id: str
    opening_hours_en: str

    def columns(self) -> dict[str, str | None]:
        """Raises InvalidContact, InvalidPhone."""
        read = asdict(self) | {
            "name": " ".join(self.name.split()),
            "address": " ".join(self.address.split()),
            "map_url": read_web_address(self.map_url),
            "phone": read_office_phone(self.phone),
            "whatsapp": parse_phone(self.whatsapp) if self.whatsapp.strip() else "",
            "email": self.email.strip(),
            "complaint_url": read_web_address(self.complaint_url),
            "opening_hours_id": _lines(self.opening_hours_id),
            "opening_hours_en": _lines(self.opening_hours_en),
        }
        return {name: value or None if name in OPTIONAL else value for name, value in read.items()}


def update_office(
    session: Session, office_id: int, change: OfficeChange, *, reason: str, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Store the change; return the names of the columns that changed.

    Raises ReasonRequired, NotFound, InvalidContact (``phone``, ``address``), InvalidPhone.
    """
    reason = read_reason(reason)
    wanted = change.columns()
    office = session.get(Office, office_id, with_for_update={"key_share": True})
    if office is None:
        raise NotFound()
    before, after = change_columns(office, wanted)
    if not after:
        return ()
    session.flush()
    audit.record(
        session,
        "office.updated",
        "office",
        office.id,
        actor=actor,
        now=now,
        office_id=office.id,
        before={name: _shown(value) for name, value in before.items()},
        after={name: _shown(value) for name, value in after.items()},
        reason=reason,
    )
    return tuple(after)


def _lines(typed: str) -> str:
    return "\n".join(filter(None, (" ".join(line.split()) for line in typed.splitlines())))


def _shown(value: str | None) -> str:
    """For the audit log, in which no mobile number stands, not even the office's."""
    return "…" if value and holds_personal_number(value) else value or ""
