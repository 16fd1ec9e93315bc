"""The part of the day's list that somebody looks at, as it stands in an address: never a name or number of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from queue_app.domain.keyring import Keyring
from queue_app.queries.arrivals.arrival import ArrivalState
from queue_app.queries.arrivals.arrivals import ArrivalsOfDay
from queue_app.web.forms.days import read_day
from queue_app.web.forms.row_numbers import row_number
from queue_app.web.request import today

from .forms import STATES, search_text


@dataclass(frozen=True)
class ArrivalFilter:
    """``hour``: the begin of a window in the office's zone ("08.00"); ``person``: one of their tickets."""

    day: date
    state: ArrivalState | None = None
    service: int | None = None
    hour: str = ""
    search: str = ""
    person: int | None = None

    def address(self, **changes: Any) -> dict[str, Any]:
        """The arguments of an address that shows the same list, with ``keadaan`` and so on changed."""
        word = next((word for word, state in STATES.items() if state is self.state), "") if self.state else ""
        arguments = {
            "tanggal": self.day.isoformat() if self.day != today() else "",
            "keadaan": word,
            "layanan": self.service,
            "jam": self.hour,
            "cari": self.search,
            "orang": self.person,
            **changes,
        }
        return {name: value for name, value in arguments.items() if value}

    def narrow(self, listed: ArrivalsOfDay, keyring: Keyring) -> ArrivalsOfDay:
        """All but the state, which is counted first. A service or hour that nobody comes for narrows nothing."""
        if self.person:
            listed = listed.of_person(self.person)
        if self.service in listed.services:
            listed = listed.of_service(self.service)
        starts_at = next((start for start, _end in listed.windows if clock(start) == self.hour), None)
        if starts_at is not None:
            listed = listed.of_hour(starts_at)
        return listed.matching(self.search, keyring)


def filter_asked() -> ArrivalFilter:
    """From the address of this request; what makes no sense there is left out."""
    read: Mapping[str, str] = request.args
    return ArrivalFilter(
        day=read_day(read.get("tanggal", "")) or today(),
        state=STATES.get(read.get("keadaan", "")),
        service=request.args.get("layanan", type=row_number),
        hour=read.get("jam", "")[:5],
        search=search_text(read.get("cari", "")),
        person=request.args.get("orang", type=row_number),
    )


def back_to(ticket_id: int, **more: Any) -> Response:
    """To the same list, at the row of that ticket."""
    address = {**filter_asked().address(), **more}
    return redirect(url_for("desk.arrivals", **address, _anchor=f"baris-{ticket_id}"), 303)


def clock(instant: datetime) -> str:
    return instant.astimezone(ZoneInfo(g.staff.time_zone)).strftime("%H.%M")
