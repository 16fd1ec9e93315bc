"""The hall of an office in plain values, for displays and telephones: numbers, never names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from queue_app.adapters.language import format_instant, format_time
from queue_app.domain.waiting_time import Wait
from queue_app.models import DisruptionKind, Office
from queue_app.queries.visits.hall import Call, Hall, HallQueue
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


@dataclass(frozen=True)
class CallShown:
    """``state``: called or in service; ``at``: when, in ISO 8601."""

    number: str
    counter: int
    service: str
    state: str
    at: str


@dataclass(frozen=True)
class QueueShown:
    """``numbers`` in the order of their turns; ``waits``: minutes from and to, for each of the first of them."""

    service: str
    name: str
    numbers: tuple[str, ...]
    waits: list[tuple[int, int]]


@dataclass(frozen=True)
class StopShown:
    """``closed``: the disruption has ended the day."""

    text: str
    closed: bool


@dataclass(frozen=True)
class HallState:
    """``calls``: the open ones, the newest first; ``recent``: the last of each service, the newest first; ``nearly``:
    so many ahead of somebody is nearly their turn.

    Nothing in it changes unless something happens or a minute passes, so that a poll mostly costs a 304.
    """

    calls: list[CallShown]
    recent: list[CallShown]
    lines: list[QueueShown]  # the queues: a name that programs of others may read
    stop: StopShown | None
    nearly: int

    def as_json(self) -> dict[str, Any]:
        """What polls get: `static/js/display.js` and `static/js/place-in-queue.js` read it."""
        return asdict(self)


def hall_now(office: Office) -> HallState:
    now = hall_of(office)
    return HallState(
        calls=[_call(call) for call in now.hall.open_calls],
        recent=[_call(call) for call in now.hall.recent],
        lines=[_queue(queue, now) for queue in now.hall.queues],
        stop=_stop(now.hall, office),
        nearly=office.nearly,
    )


def _call(call: Call) -> CallShown:
    at = call.called_at.isoformat(timespec="milliseconds")
    return CallShown(call.number, call.counter, call.service, call.state.value, at)


def _queue(queue: HallQueue, now: HallNow) -> QueueShown:
    waits = minutes(now.waits.get(queue.service_id, ())[: len(queue.numbers)])
    return QueueShown(queue.service, in_language(queue, "name"), queue.numbers, waits)


def minutes(waits: Sequence[Wait]) -> list[tuple[int, int]]:
    """The ends of each interval in whole minutes; an honest one is no shorter for being rounded."""
    return [(int(wait.low // 60), -int(-wait.high // 60)) for wait in waits]


def _stop(found: Hall, office: Office) -> StopShown | None:
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
    return StopShown(text, stop.closed_day)
