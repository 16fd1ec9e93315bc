"""The exchange with devices of desk and counters: snapshots for a cut connection, entries sent afterwards."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import g, json, make_response, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.clock import office_instant
from queue_app.queries.records.clock_trust import is_doubted
from queue_app.services.offline.devices import earliest_time
from queue_app.services.offline.entries import Sender
from queue_app.services.records.clock_trust import compare_second_clock
from queue_app.web.access.hall_devices import device_token, make_known
from queue_app.web.request import actor, clock, now, today


def sender() -> Sender:
    """Whose device sends, and since when it may have worked by itself."""
    since = earliest_time(db.session(), device_token(), now=now())
    return Sender(office_id=g.staff.office_id, zone=g.staff.time_zone, staff_id=g.staff.staff_id, earliest=since)


def snapshot_for_device(etag: str, make: Callable[[], dict[str, Any]]) -> Response:
    """A list for a device to keep until the office's day is over; 304 without making it when nothing has changed.

    The time goes along in a header, because devices' clocks are not to be trusted.
    """
    make_known()
    _compare_clocks()
    day, response = today(), make_response()
    etag = f"{day:%y%m%d}-{g.staff.office_id}-{etag}"
    response.set_etag(etag)
    response.headers["Office-Time"] = now().isoformat()
    if not request.if_none_match.contains_weak(etag):
        ends = office_instant(day + timedelta(days=1), time(), g.staff.time_zone)
        content = {"office": g.staff.office_id, "day": day.isoformat(), "until": ends.isoformat(), **make()}
        response.set_data(json.dumps(content))
        response.content_type = "application/json"
    response.make_conditional(request)
    return response


def _compare_clocks() -> None:
    """The device's own clock, which nobody sets with the server's, is the second one that a doubted clock waits for.

    A browser on the server itself has the same clock, and proves nothing.
    """
    told = instant(request.headers.get("Device-Time"))
    if told is None or _is_this_machine(request.remote_addr) or not is_doubted(db.session().connection()):
        return
    with unit_of_work() as session:
        compare_second_clock(session, clock(), told, actor=actor())


def _is_this_machine(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return True


def form_token() -> dict[str, Any]:
    """What a page from the time without a connection needs before it may send anything."""
    make_known()
    return {"csrf": generate_csrf(), "office": g.staff.office_id}


def instant(value: object) -> datetime | None:
    """An aware time of these centuries; None for anything else."""
    try:
        read = datetime.fromisoformat(str(value))
        return read.astimezone(UTC) if read.tzinfo and 1900 < read.year < 3000 else None
    except ValueError:
        return None
