"""Release to another share what nobody has claimed: a sweep that does each hour once, whenever it runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.domain.clock import office_date
from queue_app.domain.errors import NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.releases import Release, check_releases
from queue_app.domain.roles import Actor
from queue_app.models import OfficeService, ReleasedSlot, ServiceDay, ShareRelease, Slot
from queue_app.queries.calendar.releases import releases_of
from queue_app.services.booking.places import lock_slots, move_places, take_numbers
from queue_app.services.records import audit
from queue_app.services.records.upsert import insert_if_absent

RELEASER = Actor.system("release-shares")
FIRST_NUMBERS = 10  # of a share that has no slot in this hour yet; more are added when they are used up


def due_releases(session: Session, *, now: datetime) -> list[tuple[int, int]]:
    """(release, day of service) of what is due and not yet done, in the order in which it was due."""
    due: list[tuple[datetime, int, int]] = []
    rows = session.execute(
        select(ShareRelease, OfficeService)
        .join(OfficeService, OfficeService.id == ShareRelease.office_service_id)
        .where(OfficeService.active)
    )
    for row, offering in rows:
        zone = offering.office.time_zone
        first, last = office_date(now, zone), row.release.last_day_due(zone, now=now)
        found = session.execute(
            select(Slot.service_day_id, Slot.day)
            .where(Slot.office_id == offering.office_id, Slot.service_id == offering.service_id)
            .where(Slot.day.between(first, last), Slot.share == row.source, Slot.accepts, Slot.ends_at > now)
            .where(~_done(row.id))
            .distinct()
        )
        due += [(row.release.instant(day, zone), row.id, service_day_id) for service_day_id, day in found]
    return [(release_id, service_day_id) for _at, release_id, service_day_id in sorted(due)]


def release_day(session: Session, release_id: int, service_day_id: int, *, now: datetime) -> int:
    """Carry one release out for one day; return how many places went. The sum over the shares stays as it was.

    Of two sweeps at once each hour is done by one: the row that says so is written first, under its primary key.
    """
    lock_slots(session, Slot.service_day_id == service_day_id)
    of_id = select(ShareRelease).where(ShareRelease.id == release_id).with_for_update(key_share=True)
    row = session.scalars(of_id.execution_options(populate_existing=True)).one_or_none()
    if row is None:  # taken away while this sweep was on its way
        return 0
    sources = session.scalars(
        select(Slot)
        .where(Slot.service_day_id == service_day_id, Slot.share == row.source, Slot.accepts, Slot.ends_at > now)
        .where(~_done(release_id))
        .order_by(Slot.starts_at)
        .execution_options(populate_existing=True)
    ).all()
    planned: dict[int, int] = {}
    total = 0
    for slot in sources:
        places = row.release.places(slot.planned, slot.booked)
        done = {"release_id": release_id, "slot_id": slot.id, "moved": places, "released_at": now}
        if insert_if_absent(session, ReleasedSlot, ["release_id", "slot_id"], **done) and places:
            planned |= move_places(session, slot.id, _target(session, slot, row.target), places)
            total += places
    if total:
        _record(session, service_day_id, row.release, planned, total, now)
    return total


def set_releases(
    session: Session,
    office_service_id: int,
    releases: Sequence[Release],
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """These are the releases of a service now; whether anything has changed. What was released stays so.

    One that keeps its moment and shares stays the same, and does no hour twice. Raises ReasonRequired, NotFound,
    InvalidRelease.
    """
    reason = read_reason(reason)
    check_releases(releases)
    offering = session.get(OfficeService, office_service_id, with_for_update={"key_share": True, "of": OfficeService})
    if offering is None:
        raise NotFound()
    before = {row.release.key: row for row in releases_of(session, office_service_id)}
    as_it_was = [_as_json(row.release) for row in before.values()]
    for release in releases:
        row = before.pop(release.key, None)
        if row is not None:
            row.percent = release.percent
        else:
            session.add(ShareRelease(office_service_id=office_service_id, **vars(release)))
    for gone in before.values():
        session.delete(gone)
    session.flush()
    now_so = [_as_json(row.release) for row in releases_of(session, office_service_id)]
    if now_so == as_it_was:
        return False
    audit.record(
        session,
        "offering.releases",
        "office_service",
        office_service_id,
        actor=actor,
        now=now,
        office_id=offering.office_id,
        before={"releases": as_it_was},
        after={"releases": now_so},
        reason=reason,
    )
    return True


def release_anew(session: Session, service_day_id: int) -> None:
    """A day that follows its schedule again has its shares as the schedule says: what was due is due again."""
    of_day = select(Slot.id).where(Slot.service_day_id == service_day_id)
    session.execute(delete(ReleasedSlot).where(ReleasedSlot.slot_id.in_(of_day)))


def _done(release_id: int) -> ColumnElement[bool]:
    which = (ReleasedSlot.release_id == release_id, ReleasedSlot.slot_id == Slot.id)
    return select(ReleasedSlot.slot_id).where(*which).exists()


def _target(session: Session, slot: Slot, share: Share) -> int:
    """The slot of the same hour for the other share, made where there is none yet."""
    of_hour = (Slot.service_day_id == slot.service_day_id, Slot.starts_at == slot.starts_at)
    found = session.scalars(select(Slot.id).where(*of_hour, Slot.share == share)).one_or_none()
    if found is not None:
        return found
    first = take_numbers(session, slot.service_day_id, FIRST_NUMBERS)
    names = ("service_day_id", "office_id", "service_id", "day", "starts_at", "ends_at", "accepts", "closure_id")
    numbers = {"next_number": first, "last_number": first + FIRST_NUMBERS - 1}
    made = Slot(share=share, planned=0, capacity=0, booked=0, **numbers, **{one: getattr(slot, one) for one in names})
    session.add(made)
    session.flush()
    return made.id


def _record(
    session: Session, service_day_id: int, release: Release, planned: dict[int, int], total: int, now: datetime
) -> None:
    audit.record(
        session,
        "day.released",
        "service_day",
        service_day_id,
        actor=RELEASER,
        now=now,
        office_id=session.get_one(ServiceDay, service_day_id).office_id,
        before={"share": release.source},
        after={
            "share": release.target,
            "moved": total,
            "planned": {str(slot_id): places for slot_id, places in planned.items()},
        },
    )


def _as_json(release: Release) -> list[object]:
    return [release.days_before, release.at.isoformat("minutes"), release.source, release.target, release.percent]
