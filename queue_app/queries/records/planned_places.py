"""Whether the places of the coming days are those that were decided: recomputed from schedules and recorded changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from queue_app.domain.calendar import DayStatus, Share, windows_of_day
from queue_app.domain.clock import office_date, office_instant
from queue_app.models import AuditEntry, OfficeService, Schedule, ServiceDay

Places = dict[tuple[datetime, Share], int]  # of the windows of a day


@dataclass(frozen=True)
class Decided:
    """How many places a slot is to have, by a schedule or by a change that the audit log holds.

    ``entry_id``: of that change; ``at_most``: it was recorded when planned places were not; ``for_good``: no schedule
    leads the day any more.
    """

    planned: int
    entry_id: int = 0
    at_most: bool = False
    for_good: bool = False

    def allows(self, planned: int) -> bool:
        return planned <= self.planned if self.at_most else planned == self.planned

    def __str__(self) -> str:
        by = f"audit entry {self.entry_id}" if self.entry_id else "schedule"
        return f"{'at most ' if self.at_most else ''}{self.planned} by {by}"


@dataclass
class _Offering:
    """The schedules of a service at an office, in the order in which they were set."""

    row: OfficeService
    schedules: list[Schedule] = field(default_factory=list)
    records: list[tuple[int, dict[str, Any]]] = field(default_factory=list)  # audit entry, and what was set by it

    def today(self, now: datetime) -> date:
        return office_date(now, self.row.office.time_zone)

    def led_since(self, day: date) -> int:
        """The entry of the last schedule that changed days like this one; 0 for those it was made from."""
        return max((entry for entry, after in self.records if after["valid_from"] <= day.isoformat()), default=0)

    def planned(self, day: date, schedules: Sequence[Schedule]) -> Places:
        ordered = sorted(schedules, key=lambda schedule: (schedule.valid_from, schedule.id))
        windows = windows_of_day([schedule.dated for schedule in ordered], day)
        zone = self.row.office.time_zone
        return {(office_instant(day, window.starts_at, zone), window.share): window.capacity for window in windows}

    def ever_planned(self, day: date) -> list[Places]:
        """A closed day is as the schedules were when it was closed, and stays so when it is opened again."""
        return [self.planned(day, self.schedules[:count]) for count in range(1, len(self.schedules) + 1)]


def places_as_decided(session: Session, *, now: datetime) -> Iterator[str]:
    """The breaches: slots of coming days whose `planned` nobody decided, windows without a slot, and schedules that are
    not as they were set.

    How many places there are in the end (`capacity`) follows from `planned` and `booked`, which is an invariant of its
    own. So what closures and offers, cancellations and numbers without an appointment do to it is no matter here.
    """
    offerings, by_hand = _offerings(session), _by_hand(session)
    for offering in offerings.values():
        yield from _as_recorded(offering)
    first = min((offering.today(now) for offering in offerings.values()), default=now.date())
    days = select(ServiceDay).where(ServiceDay.day >= first).order_by(ServiceDay.id)
    for row in session.scalars(days.options(selectinload(ServiceDay.slots))):
        offering = offerings[row.office_id, row.service_id]
        if row.day >= offering.today(now):
            yield from _of_day(offering, row, by_hand)


def _of_day(offering: _Offering, row: ServiceDay, by_hand: dict[int, Decided]) -> Iterator[str]:
    led = row.status is not DayStatus.CLOSED and not row.set_by_hand
    scheduled, since = offering.planned(row.day, offering.schedules), offering.led_since(row.day)
    possible = [scheduled] if led else offering.ever_planned(row.day)
    for slot in row.slots:
        changed = by_hand.get(slot.id)
        decided = {Decided(places.get((slot.starts_at, slot.share), 0)) for places in possible}
        if changed and (changed.entry_id > since if led else changed.for_good):
            decided = {changed}
        elif changed and not led:
            decided.add(changed)
        if not any(one.allows(slot.planned) for one in decided):
            yield f"slot {slot.id}: planned {slot.planned}, decided {' or '.join(sorted(map(str, decided)))}"
    present = {(slot.starts_at, slot.share) for slot in row.slots}
    if led and any(places for hour, places in scheduled.items() if hour not in present):
        yield f"service day {row.id}: a slot that its schedule has is gone"


def _by_hand(session: Session) -> dict[int, Decided]:
    """The last recorded change of each slot: by the quota of its day, a release, or a place more for one person."""
    entries = session.execute(
        select(AuditEntry.id, AuditEntry.action, AuditEntry.subject_id, AuditEntry.after)
        .where(AuditEntry.action.in_(("day.quota", "day.released", "slot.extra_place")))
        .order_by(AuditEntry.id)
    )
    changed: dict[int, Decided] = {}
    for entry_id, action, subject_id, after in entries:
        facts = after or {}  # whoever empties an entry breaks its seal, which is found elsewhere
        led = bool(facts.get("led"))  # a change was taken back, and a schedule leads the day as before
        at_most, for_good = "planned" not in facts, action == "day.quota" and not led
        if action != "slot.extra_place":
            places = facts.get("slots" if at_most else "planned", {})
        else:
            places = {subject_id: facts.get("capacity" if at_most else "planned", 0)}
        for slot_id, planned in places.items():
            before = changed.get(int(slot_id))
            led_no_more = for_good or (before is not None and before.for_good and not led)
            changed[int(slot_id)] = Decided(planned, entry_id, at_most, led_no_more)
    return changed


def _offerings(session: Session) -> dict[tuple[int, int], _Offering]:
    by_id = {row.id: _Offering(row) for row in session.scalars(select(OfficeService).order_by(OfficeService.id))}
    for schedule in session.scalars(select(Schedule).order_by(Schedule.id)):
        by_id[schedule.office_service_id].schedules.append(schedule)
    entries = session.execute(
        select(AuditEntry.id, AuditEntry.subject_id, AuditEntry.after)
        .where(AuditEntry.action == "schedule.set")
        .order_by(AuditEntry.id)
    )
    for entry_id, office_service_id, after in entries:
        if after and office_service_id in by_id:
            by_id[office_service_id].records.append((entry_id, after))
    return {(one.row.office_id, one.row.service_id): one for one in by_id.values()}


def _as_recorded(offering: _Offering) -> Iterator[str]:
    """Those that came with the installation have no record; after the first that has one all have."""
    unmatched = list(offering.records)
    for schedule in offering.schedules:
        present = _in_order(schedule_as_json(schedule))
        match = next((record for record in unmatched if _in_order(record[1]) == present), None)
        if match is not None:
            unmatched.remove(match)
        elif len(unmatched) < len(offering.records):
            yield f"schedule {schedule.id}: nobody set it so"
    for entry_id, _after in unmatched:
        yield f"the schedule set by audit entry {entry_id} was altered or is gone"


def _in_order(record: dict[str, Any]) -> dict[str, Any]:
    return record | {"windows": sorted(record["windows"])}


def schedule_as_json(schedule: Schedule) -> dict[str, Any]:
    """As the audit log records it."""
    return {
        "name": schedule.name,
        "valid_from": schedule.valid_from.isoformat(),
        "valid_until": schedule.valid_until.isoformat() if schedule.valid_until else None,
        "windows": [
            [w.weekday, w.starts_at.isoformat("minutes"), w.ends_at.isoformat("minutes"), w.share, w.capacity]
            for w in schedule.windows
        ],
    }
