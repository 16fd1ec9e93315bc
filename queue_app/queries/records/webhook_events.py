"""Events that partners are told, read from the audit in the order of its seals. They name and describe nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.tickets import show_code, show_number
from queue_app.domain.webhooks import ACTIONS, Event, event_of
from queue_app.models import AuditEntry, AuditSeal, Booking, Closure, Office, Service, ServiceDay, Ticket, Webhook

AT_ONCE = 500  # seals


@dataclass(frozen=True)
class Told:
    """``body``: as JSON values."""

    sequence: int
    event: Event
    body: dict[str, Any]


def last_seal(session: Session) -> int:
    return session.scalar(select(AuditSeal.sequence).order_by(AuditSeal.sequence.desc()).limit(1)) or 0


def events_between(session: Session, webhook: Webhook, after: int, until: int) -> Iterator[Told]:
    """Those that the webhook wants, of seals beyond ``after`` up to ``until``."""
    wanted = set(webhook.events.split(","))
    found = (
        select(AuditSeal.sequence, AuditEntry)
        .join(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .where(AuditSeal.sequence > after, AuditSeal.sequence <= until, AuditEntry.action.in_(ACTIONS))
        .order_by(AuditSeal.sequence)
    )
    found = found.where(AuditEntry.office_id == webhook.office_id) if webhook.office_id else found
    rows = [
        (sequence, entry, event)
        for sequence, entry in session.execute(found)
        if (event := event_of(entry.action, entry.before, entry.after)) in wanted
    ]
    facts = _Facts(session, [entry for _sequence, entry, _event in rows], webhook.api_key_id)
    for sequence, entry, event in rows:
        data = facts.of(entry)
        if event is not None and data is not None:
            head = {"type": event.value, "timestamp": entry.at.isoformat(), "sequence": sequence}
            yield Told(sequence, event, {**head, "data": data})


class _Facts:
    """The rows behind a batch of entries, one query for each kind of them."""

    def __init__(self, session: Session, entries: list[AuditEntry], api_key_id: int | None) -> None:
        self._offices = {row.id: row for row in session.scalars(select(Office))} if entries else {}
        self._services: dict[int, str] = (
            {row.id: row.code for row in session.execute(select(Service.id, Service.code))} if entries else {}
        )
        ids: dict[str, set[int]] = {}
        for entry in entries:
            ids.setdefault("ticket" if entry.subject == "visit" else entry.subject, set()).add(entry.subject_id)
        self._tickets = _tickets(session, ids.get("ticket", set()))
        self._tickets |= _tickets(session, {one.replaced_by_id for one in self._tickets.values() if one.replaced_by_id})
        self._codes = _codes(session, {one.booking_id for one in self._tickets.values()}, api_key_id)
        days = select(ServiceDay).where(ServiceDay.id.in_(ids.get("service_day", set())))
        self._days = {row.id: row for row in session.scalars(days)}
        closures = select(Closure).where(Closure.id.in_(ids.get("closure", set())))
        self._closures = {row.id: row for row in session.scalars(closures)}

    def of(self, entry: AuditEntry) -> dict[str, Any] | None:
        """None where the row behind the entry is gone."""
        if ticket := self._tickets.get(entry.subject_id) if entry.subject in ("ticket", "visit") else None:
            return self._told_of_ticket(ticket, entry.after or {})
        if closure := self._closures.get(entry.subject_id) if entry.subject == "closure" else None:
            return self._told_of_closure(closure)
        if day := self._days.get(entry.subject_id) if entry.subject == "service_day" else None:
            if event_of(entry.action, entry.before, entry.after) is Event.DAYS_REOPENED:
                return self._told_of_opening(day)
            quotas = {"quota": (entry.after or {}).get("quota"), "quota_before": (entry.before or {}).get("quota")}
            return {**self._of_day(day), **quotas}
        return None

    def _told_of_ticket(self, ticket: Any, after: Mapping[str, Any]) -> dict[str, Any]:
        told = {**self._place(ticket), "state": after.get("state")}
        if code := self._codes.get(ticket.booking_id):
            told["booking_code"] = show_code(code)
        if moved_to := self._tickets.get(ticket.replaced_by_id) if ticket.replaced_by_id else None:
            told["moved_to"] = self._place(moved_to)
        return told

    def _place(self, ticket: Any) -> dict[str, Any]:
        starts_at: datetime = ticket.starts_at
        local = starts_at.astimezone(ZoneInfo(self._offices[ticket.office_id].time_zone)).isoformat()
        number = show_number(ticket.letter, ticket.queue_number)
        return {**self._of_day(ticket), "starts_at": local, "queue_number": number}

    def _of_day(self, row: Any) -> dict[str, Any]:
        office, service = self._offices[row.office_id].slug, self._services[row.service_id]
        return {"office": office, "service": service, "date": row.day.isoformat()}

    def _told_of_opening(self, day: ServiceDay) -> dict[str, Any]:
        """Of a holiday on which the office opens after all, in the shape of a closure that is taken back."""
        of_day = self._of_day(day)
        return {
            "office": of_day["office"],
            "services": [of_day["service"]],
            "first_date": of_day["date"],
            "last_date": of_day["date"],
            "from_time": None,
            "until_time": None,
            "reason": None,
        }

    def _told_of_closure(self, closure: Closure) -> dict[str, Any]:
        """``services``: none at all means every one. Hours are the office's own, None for whole days."""
        hours = [at.isoformat("minutes") if at else None for at in (closure.starts_at, closure.ends_at)]
        return {
            "office": self._offices[closure.office_id].slug,
            "services": sorted(self._services[one.service_id] for one in closure.services),
            "first_date": closure.first_day.isoformat(),
            "last_date": closure.last_day.isoformat(),
            "from_time": hours[0],
            "until_time": hours[1],
            "reason": {"id": closure.reason_id, "en": closure.reason_en},
        }


def _tickets(session: Session, ids: set[int]) -> dict[int, Any]:
    of_place = (Ticket.office_id, Ticket.service_id, Ticket.day, Ticket.starts_at, Ticket.letter, Ticket.queue_number)
    columns = (Ticket.id, Ticket.booking_id, Ticket.replaced_by_id, *of_place)
    return {row.id: row for row in session.execute(select(*columns).where(Ticket.id.in_(ids)))} if ids else {}


def _codes(session: Session, booking_ids: set[int], api_key_id: int | None) -> dict[int, str]:
    """Of bookings that the partner's own key has made, and of no others."""
    if api_key_id is None or not booking_ids:
        return {}
    found = select(Booking.id, Booking.code).where(Booking.id.in_(booking_ids), Booking.api_key_id == api_key_id)
    return {row.id: row.code for row in session.execute(found)}
