"""The hall of an office in plain values, for displays and telephones: numbers, never names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from queue_app.adapters.language import format_instant, format_time
from queue_app.domain.waiting_time import Wait
from queue_app.models import DisruptionKind, Office
from queue_app.queries.visits.hall import Call, HallQueue, Stop
from queue_app.web.site.announcements import Told, announced_on_display
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l
from queue_app.web.site.service_names import names_of

from .shared import HallNow, hall_of

STOPS = {
    DisruptionKind.CENTRAL_SERVER: _l("Server pusat sedang terganggu"),
    DisruptionKind.DEVICE: _l("Alat perekaman sedang terganggu"),
    DisruptionKind.BLANK_CARDS: _l("Blangko KTP-el sedang habis"),
    DisruptionKind.POWER: _l("Listrik sedang padam"),
}
MINUTES = 5  # finer than that nobody can know


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
    """``numbers`` in the order of their turns; ``waits``: minutes from and to, for each of the first of them;
    ``stopped``: nobody is called for it just now.
    """

    service: str
    name: str
    numbers: tuple[str, ...]
    waits: list[tuple[int, int]]
    stopped: bool = False


@dataclass(frozen=True)
class StopShown:
    """``closed``: the disruption has ended the day; ``services``: the codes of those it stops, none for all."""

    text: str
    closed: bool
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class OutOfOrderShown:
    number: str
    service: str


@dataclass(frozen=True)
class HallState:
    """``calls``: the open ones, the newest first; ``recent``: the last of each service, the newest first;
    ``out_of_order``: who is served past the published order; ``nearly``: so many ahead is nearly one's turn.

    Nothing in it changes unless something happens or a minute passes, so that a poll mostly costs a 304.
    """

    calls: list[CallShown]
    recent: list[CallShown]
    lines: list[QueueShown]  # the queues: a name that programs of others may read
    out_of_order: list[OutOfOrderShown]
    stops: list[StopShown]
    nearly: int
    announcements: list[Told] = field(default_factory=list)

    def services_of(self, numbers: Iterable[str], service: str = "") -> frozenset[str]:
        """What these numbers wait for now; ``service``: what is taken for one that the hall does not show. Nothing
        known is nothing at all: then everything concerns them.
        """
        found = {one.service for one in self.calls if one.number in set(numbers)}
        found |= {queue.service for queue in self.lines if set(numbers) & set(queue.numbers)}
        return frozenset(found or ({service} if service else ()))

    def stop_text(self, services: Collection[str] = ()) -> str:
        """What somebody reads who is there for these services, or for any."""
        return " ".join(
            stop.text for stop in self.stops if not services or not stop.services or set(services) & set(stop.services)
        )

    def calls_of(self, services: Collection[str] = ()) -> list[CallShown]:
        return [call for call in self.calls if not services or call.service in services]

    def as_json(self) -> dict[str, Any]:
        """What polls get: `static/js/display.js` and `static/js/place-in-queue.js` read it."""
        return asdict(self)


def hall_now(office: Office) -> HallState:
    now = hall_of(office)
    return HallState(
        calls=[_call(call) for call in now.hall.open_calls],
        recent=[_call(call) for call in now.hall.recent],
        lines=[_queue(queue, now) for queue in now.hall.queues],
        out_of_order=[OutOfOrderShown(one.number, one.service) for one in now.hall.out_of_order],
        stops=[StopShown(stop_text(stop, office), stop.closed_day, _codes(stop)) for stop in now.hall.stops],
        nearly=office.nearly,
        announcements=announced_on_display(office),
    )


def _call(call: Call) -> CallShown:
    at = call.called_at.isoformat(timespec="milliseconds")
    return CallShown(call.number, call.counter, call.service, call.state.value, at)


def _queue(queue: HallQueue, now: HallNow) -> QueueShown:
    waits = minutes(now.waits.get(queue.service_id, ())[: len(queue.numbers)])
    return QueueShown(queue.service, in_language(queue, "name"), queue.numbers, waits, queue.stopped)


def minutes(waits: Sequence[Wait]) -> list[tuple[int, int]]:
    """The ends of each interval in minutes as people say them, in steps of five; an honest one is no shorter for
    being rounded, and never nothing.
    """
    step = MINUTES * 60
    return [(int(wait.low // step) * MINUTES, max(-int(-wait.high // step), 1) * MINUTES) for wait in waits]


def _codes(stop: Stop) -> tuple[str, ...]:
    return tuple(service.code for service in stop.services)


def stop_text(stop: Stop, office: Office) -> str:
    """What has happened, to which services, and what it means for those who wait."""
    zone, language = office.time_zone, current_language()
    said = {
        "what": str(STOPS[stop.kind]),
        "since": format_time(stop.since, zone, language),
        "services": names_of(stop.services),
        "until": format_instant(stop.expected_until, zone, language) if stop.expected_until else "",
    }
    if stop.closed_day:
        text = _("%(what)s sejak pukul %(since)s. Pelayanan hari ini ditutup; Anda ditawari jadwal lain.")
        some = _("%(what)s sejak pukul %(since)s. Hari ini ditutup: %(services)s. Anda ditawari jadwal lain.")
    elif stop.expected_until:
        text = _("%(what)s sejak pukul %(since)s. Diperkirakan pulih %(until)s. Urutan Anda tetap.")
        some = _(
            "%(what)s sejak pukul %(since)s. Berhenti sementara: %(services)s. Diperkirakan pulih %(until)s. "
            "Urutan Anda tetap."
        )
    else:
        text = _("%(what)s sejak pukul %(since)s. Panggilan berhenti sementara; urutan Anda tetap.")
        some = _("%(what)s sejak pukul %(since)s. Berhenti sementara: %(services)s. Urutan Anda tetap.")
    return (some if stop.services else text) % said
