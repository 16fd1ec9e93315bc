"""The hall of an office in plain values, for displays and telephones: numbers, never names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from queue_app.adapters.language import format_instant, format_time
from queue_app.domain.waiting_time import Wait
from queue_app.models import DisruptionKind, Office
from queue_app.queries.visits.hall import Call, Hall, HallLine
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .shared import HallNow, hall_of

STOPS = {
    DisruptionKind.CENTRAL_SERVER: _l("Server pusat sedang terganggu"),
    DisruptionKind.DEVICE: _l("Alat perekaman sedang terganggu"),
    DisruptionKind.BLANK_CARDS: _l("Blangko KTP-el sedang habis"),
    DisruptionKind.POWER: _l("Listrik sedang padam"),
}


def hall_now(office: Office) -> dict[str, Any]:
    """What polls get: ``calls`` (open ones, the newest first), ``recent`` (the last of each service, the newest first),
    ``lines`` with their numbers in order and a wait for each of the first places, ``stop``.

    Nothing in it changes unless something happens or a minute passes, so that a poll mostly costs a 304.
    """
    now = hall_of(office)
    return {
        "calls": [_call(call) for call in now.hall.open_calls],
        "recent": [_call(call) for call in now.hall.recent],
        "lines": [_line(line, now) for line in now.hall.lines],
        "stop": _stop(now.hall, office),
        "nearly": office.nearly,
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "number": call.number,
        "counter": call.counter,
        "service": call.service,
        "state": call.state.value,
        "at": call.called_at.isoformat(timespec="milliseconds"),
    }


def _line(line: HallLine, now: HallNow) -> dict[str, Any]:
    return {
        "service": line.service,
        "name": in_language(line, "name"),
        "numbers": line.numbers,
        "waits": minutes(now.waits.get(line.service_id, ())[: len(line.numbers)]),
    }


def minutes(waits: Sequence[Wait]) -> list[tuple[int, int]]:
    """The ends of each interval in whole minutes; an honest one is no shorter for being rounded."""
    return [(int(wait.low // 60), -int(-wait.high // 60)) for wait in waits]


def _stop(found: Hall, office: Office) -> dict[str, Any] | None:
    stop = found.stop
    if stop is None:
        return None
    zone, language = office.time_zone, current_language()
    said = {"what": str(STOPS[stop.kind]), "since": format_time(stop.since, zone, language)}
    if stop.closed_day:
        text = _("%(what)s sejak pukul %(since)s. Pelayanan hari ini ditutup; Anda ditawari jadwal lain.") % said
    elif stop.expected_until:
        said["until"] = format_instant(stop.expected_until, zone, language)
        text = _("%(what)s sejak pukul %(since)s. Diperkirakan pulih %(until)s. Urutan Anda tetap.") % said
    else:
        text = _("%(what)s sejak pukul %(since)s. Panggilan berhenti sementara; urutan Anda tetap.") % said
    return {"text": text, "closed": stop.closed_day}
