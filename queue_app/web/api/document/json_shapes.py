"""The answers in their published shapes, made of what the queries found."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from wsgiref.types import WSGIEnvironment
from zoneinfo import ZoneInfo

from flask import Response, current_app, request
from werkzeug.datastructures import Headers

from queue_app.domain.calendar import Availability
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import Office, OfficeService
from queue_app.queries.booking.availability import DayAvailability, SlotAvailability
from queue_app.queries.booking.bookings import BookedSlot, StandingTicket
from queue_app.web.request import keyring
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _

SHUT = frozenset({Availability.CLOSED, Availability.HOLIDAY, Availability.CUT_OFF})
A_SECOND = "public, max-age=1"
Answer = dict[str, Any]
_in_json = json.JSONEncoder(sort_keys=True).encode


class Whole(Response):
    """An answer with a body of known length and addresses that need no completing: its headers go out as they are."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        return super().get_wsgi_headers(environ) if self.status_code == HTTPStatus.NOT_MODIFIED else self.headers


def answer(body: Answer, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Whole(_in_json(body), status=status, headers=headers, content_type="application/json")


def shared(body: Answer) -> Response:
    """An answer that is the same for everybody: caches may keep it for a second, and need not load it twice."""
    response = answer(body, headers={"Cache-Control": A_SECOND})
    response.add_etag()
    response.make_conditional(request)
    return response


def office(row: Office) -> Answer:
    return {
        "slug": row.slug,
        "name": row.name,
        "region": row.region_name,
        "address": row.address,
        "phone": row.phone,
        "map_url": row.map_url,
        "time_zone": row.time_zone,
    }


def service(row: OfficeService) -> Answer:
    return {
        "code": row.service.code,
        "slug": row.service.slug,
        "category": row.service.category.value,
        "name": in_language(row.service, "name"),
        "summary": in_language(row.service, "summary"),
        "who": in_language(row, "who"),
        "requirements": [line for line in in_language(row, "requirements").splitlines() if line.strip()],
    }


def day(found: DayAvailability, zone: str) -> Answer:
    """Nothing is left on a day on which nothing can be booked any more, so its slots are not listed."""
    shut = found.status in SHUT
    reason = found.reason(current_language())
    if found.status is Availability.CUT_OFF:
        reason = _("Pendaftaran sudah ditutup")
    return {
        "date": found.day.isoformat(),
        "status": Availability.CLOSED.value if found.status is Availability.CUT_OFF else found.status.value,
        "reason": reason,
        "opens_at": local(found.opens_at, zone) if found.opens_at else None,
        "quota": found.quota,
        "remaining": 0 if shut else found.remaining,
        "slots": [] if shut else [slot(of_day, zone) for of_day in found.slots],
    }


def slot(found: SlotAvailability, zone: str) -> Answer:
    return {
        "id": found.id,
        "date": found.starts_at.astimezone(ZoneInfo(zone)).date().isoformat(),
        "starts_at": local(found.starts_at, zone),
        "ends_at": local(found.ends_at, zone),
        "capacity": found.capacity,
        "remaining": found.remaining,
    }


def booking(code: str, at: BookedSlot, tickets: Iterable[StandingTicket]) -> Answer:
    """``tickets`` in the order of the party, at least one."""
    shown = [_ticket(ticket) for ticket in tickets]
    first = shown[0]
    return {
        "code": show_code(code),
        "queue_number": first["queue_number"],
        "token": first["token"],
        "ticket_url": first["ticket_url"],
        "slot": _booked_slot(at),
        "tickets": shown,
    }


@lru_cache(maxsize=1000)
def _booked_slot(at: BookedSlot) -> Answer:
    """The same few again and again while places go."""
    return {
        "id": at.id,
        "office": at.office,
        "service": at.service,
        "date": at.day.isoformat(),
        "starts_at": local(at.starts_at, at.zone),
        "ends_at": local(at.ends_at, at.zone),
    }


def _ticket(ticket: StandingTicket) -> Answer:
    token = keyring().ticket_token(ticket.id)
    return {
        "queue_number": show_number(ticket.letter, ticket.queue_number),
        "state": ticket.state.value,
        "token": token,
        "ticket_url": f"{current_app.extensions['settings'].public_url}/t/{token}",
    }


def local(instant: datetime, zone: str) -> str:
    """``2026-11-24T09:00:00+07:00``."""
    return instant.astimezone(ZoneInfo(zone)).isoformat()
