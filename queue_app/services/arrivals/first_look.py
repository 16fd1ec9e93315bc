"""Look at what was scanned: one read without a lock that tells all that the answer depends on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection

from queue_app.domain.arrivals import ADMITTING, ArrivalRules, ScanResult, judge_arrival
from queue_app.domain.booking import TicketState
from queue_app.domain.keyring import Keyring
from queue_app.domain.scanners import scanned_code
from queue_app.domain.stages import waits_in_vain
from queue_app.domain.visits import Outcome, VisitState
from queue_app.services.booking.driver import fetch_each

from .lost import genuine_ticket_id

LOOK = """
    SELECT ticket.id, ticket.position, ticket.letter, ticket.queue_number, ticket.state, ticket.office_id, ticket.day,
           ticket.walk_in, slot.starts_at, slot.ends_at, slot.accepts, office.time_zone,
           office_service.early_minutes, office_service.late_minutes, visit.state, visit.outcome,
           standing.nonce, standing.office_id, standing.staff_id, standing.at,
           EXISTS (SELECT 1 FROM check_in WHERE check_in.nonce = :nonce)
    FROM ticket
    JOIN slot ON slot.id = ticket.slot_id
    JOIN office ON office.id = ticket.office_id
    JOIN office_service ON office_service.office_id = ticket.office_id
                       AND office_service.service_id = ticket.service_id
    LEFT JOIN visit ON visit.ticket_id = ticket.id
    LEFT JOIN check_in AS standing ON standing.ticket_id = ticket.id AND standing.undone_at IS NULL
                                  AND standing.result IN ({admitting})
""".format(admitting=", ".join(f"'{result}'" for result in sorted(ADMITTING)))
OFFICE_CALLED = """
    SELECT slug, id FROM office WHERE slug = :slug
    UNION ALL SELECT slug, office_id FROM former_address WHERE slug = :slug
"""
BY_TOKEN = f"{LOOK} WHERE ticket.id = :ticket_id"
BY_CODE = f"""{LOOK} WHERE ticket.booking_id = (SELECT id FROM booking WHERE code = :code)
    ORDER BY ticket.position, ticket.id
"""


@dataclass(frozen=True)
class Standing:
    """The admission of a ticket that nobody has taken back. ``nonce``: that of its person (`arrivals.nonces_of`)."""

    nonce: str
    office_id: int
    staff_id: int | None
    at: datetime


@dataclass(frozen=True)
class TicketSeen:
    """What one read without a lock tells of a ticket. ``waits``: nobody has served its owner, who may have come.

    ``repeated``: this very scan was stored before.
    """

    id: int
    position: int
    letter: str
    queue_number: int
    state: TicketState
    office_id: int
    day: date
    walk_in: bool
    starts_at: datetime
    ends_at: datetime
    accepts: bool
    zone: str
    rules: ArrivalRules
    waits: bool
    standing: Standing | None
    repeated: bool

    def judge(self, desk_office: int, *, now: datetime) -> ScanResult:
        return judge_arrival(
            state=self.state,
            ticket_office=self.office_id,
            desk_office=desk_office,
            day=self.day,
            # Who came without an appointment was given no hour to come too early for.
            starts_at=now if self.walk_in else self.starts_at,
            ends_at=self.ends_at,
            zone=self.zone,
            rules=self.rules,
            # Whoever had come was served all the same, and does not wait for nothing in the hall of a closed day.
            given=self.accepts or (self.state is TicketState.CHECKED_IN and not self.waits),
            now=now,
        )


def look(connection: Connection, typed: str, nonce: str, *, keyring: Keyring) -> list[TicketSeen]:
    """The ticket of a scanned token; or of a booking code the tickets of its party, each person's latest one.

    Of a party those who are still to come count: whoever has cancelled is named only when all have.
    """
    if (ticket_id := genuine_ticket_id(typed, keyring=keyring)) is not None:
        return [seen for seen in look_at_each(connection, [(ticket_id, nonce)]) if seen]
    code = scanned_code(typed)
    if code is None:
        return []
    (rows,) = fetch_each(connection, BY_CODE, [{"code": code, "nonce": nonce}])
    latest = list({seen.position: seen for seen in map(_seen, rows)}.values())
    return [seen for seen in latest if seen.state is not TicketState.CANCELLED] or latest[:1]


def look_at_each(connection: Connection, many: Sequence[tuple[int, str]]) -> list[TicketSeen | None]:
    """Several tickets by their ids, each with the nonce of its scan; None where there is no such ticket."""
    asked = [{"ticket_id": ticket_id, "nonce": nonce} for ticket_id, nonce in many]
    return [_seen(rows[0]) if rows else None for rows in fetch_each(connection, BY_TOKEN, asked)]


def offices_of(connection: Connection, slugs: Iterable[str]) -> dict[str, int]:
    """The ids of those that there are, by their addresses or by some that they had."""
    asked = [{"slug": slug} for slug in set(slugs)]
    found = fetch_each(connection, OFFICE_CALLED, asked)
    return dict(tuple(rows[0]) for rows in found if rows)


def _seen(row: Sequence[Any]) -> TicketSeen:
    ticket_id, position, letter, number, state, office_id, day, walk_in, starts_at, ends_at, accepts, zone = row[:12]
    early, late, visit, outcome, nonce, admitted_at_office, admitted_by, admitted_at, repeated = row[12:]
    return TicketSeen(
        id=ticket_id,
        position=position,
        letter=letter,
        queue_number=number,
        state=TicketState(state),
        office_id=office_id,
        day=date.fromisoformat(day) if isinstance(day, str) else day,
        walk_in=bool(walk_in),
        starts_at=_instant(starts_at),
        ends_at=_instant(ends_at),
        accepts=bool(accepts),
        zone=zone,
        rules=ArrivalRules(early, late),
        waits=waits_in_vain(visit and VisitState(visit), outcome and Outcome(outcome)),
        standing=Standing(nonce, admitted_at_office, admitted_by, _instant(admitted_at)) if nonce else None,
        repeated=bool(repeated),
    )


def _instant(stored: datetime | str) -> datetime:
    """SQLite knows no dates."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC) if isinstance(stored, str) else stored
