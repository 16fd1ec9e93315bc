"""The whole system as a few plain Python objects: slow, simple, and written from the rules, not from the code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Jakarta")
HOLDS_A_PLACE = {"booked", "checked_in", "no_show"}
EXPECTED = {"booked", "checked_in"}
UNANSWERED = {"open", "waiting", "lapsed"}
GONE = {"cancelled", "rescheduled"}
TO_COME = {"booked", "today"}
VALID = TO_COME | {"arrived"}
OPENS_DAYS_BEFORE = 3
WALK_INS_PER_DAY = 4
RELEASES_AT = 8
EARLY = LATE = timedelta(minutes=30)


def local(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZONE)


@dataclass
class Slot:
    id: int
    day_id: int
    office_id: int
    day: date
    starts_at: datetime
    ends_at: datetime
    planned: int
    accepts: bool


@dataclass
class Day:
    id: int
    offering_id: int
    day: date
    closed: bool = False
    by_hand: bool = False


@dataclass
class Ticket:
    id: int
    booking_id: int
    person: int
    slot_id: int
    number: int
    state: str = "booked"
    walk_in: bool = False


@dataclass
class Offer:
    """The other place for those of a booking whose day was closed. ``slot_id`` is None for who fits nowhere."""

    booking_id: int
    old_slot_id: int
    slot_id: int | None
    held_until: datetime | None
    choose_until: datetime
    state: str


@dataclass
class Scan:
    id: int
    ticket_id: int
    office_id: int
    at: datetime
    undone: bool = False


@dataclass
class Model:
    slots: dict[int, Slot] = field(default_factory=dict)
    days: dict[int, Day] = field(default_factory=dict)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    offers: dict[int, Offer] = field(default_factory=dict)  # by booking, the newest
    persons: dict[int, int] = field(default_factory=dict)  # to whom a place is offered, by booking
    walk_ins: Counter[int] = field(default_factory=Counter)  # by day
    admissions: list[Scan] = field(default_factory=list)
    schedules: dict[int, list[tuple[date, dict[int, int]]]] = field(default_factory=dict)  # hour -> places

    def held(self, slot_id: int) -> int:
        """By tickets, and by offers that can still be accepted."""
        taken = sum(ticket.slot_id == slot_id and ticket.state in HOLDS_A_PLACE for ticket in self.tickets.values())
        offers = (one for one in self.offers.values() if one.state == "open" and one.slot_id == slot_id)
        return taken + sum(self.persons[one.booking_id] for one in offers)

    def offered(self, booking_id: int) -> Offer | None:
        """The offer that waits for an answer, and is about somebody."""
        offer = self.offers.get(booking_id)
        return offer if offer and offer.state in UNANSWERED and self.concerned(offer) else None

    def concerned(self, offer: Offer) -> list[Ticket]:
        of_booking = (ticket for ticket in self.tickets.values() if ticket.booking_id == offer.booking_id)
        return [one for one in of_booking if one.slot_id == offer.old_slot_id and one.state in EXPECTED]

    def may_come_later(self, ticket: Ticket, now: datetime) -> bool:
        """A closed day's: its owner may still choose another place by the link."""
        offer = self.offers.get(ticket.booking_id)
        return bool(
            offer
            and offer.old_slot_id == ticket.slot_id
            and offer.state in UNANSWERED
            and offer.choose_until > now
            and not self.slots[ticket.slot_id].accepts
        )

    def stage(self, ticket: Ticket, now: datetime) -> str:
        """Where its owner stands; nobody is called to a counter here."""
        ended = {"cancelled": "cancelled", "rescheduled": "moved", "no_show": "missed"}
        if ticket.state in ended:
            return ended[ticket.state]
        slot, today = self.slots[ticket.slot_id], now.astimezone(ZONE).date()
        if not slot.accepts:
            return "withdrawn"
        if slot.day < today:
            return "over"
        if ticket.state == "checked_in":
            return "arrived"
        return "today" if slot.day == today else "booked"

    def of_booking(self, booking_id: int) -> list[Ticket]:
        return [ticket for ticket in self.tickets.values() if ticket.booking_id == booking_id]

    def places(self, slot: Slot) -> int:
        """What schedule or quota wants, or what is taken: a place that nobody planned goes with its holder."""
        return max(slot.planned, self.held(slot.id))

    def slots_of(self, day_id: int) -> list[Slot]:
        return [slot for slot in self.slots.values() if slot.day_id == day_id]

    def has_ended(self, day_id: int, now: datetime) -> bool:
        return max(slot.ends_at for slot in self.slots_of(day_id)) <= now

    def standing(self, booking_id: int) -> list[Ticket]:
        of_booking = (ticket for ticket in self.tickets.values() if ticket.booking_id == booking_id)
        return [ticket for ticket in of_booking if ticket.state not in GONE]

    def named_by_code(self, booking_id: int) -> list[Ticket]:
        """Each person's latest ticket, but who has cancelled only when all have."""
        of_booking = [ticket for ticket in self.tickets.values() if ticket.booking_id == booking_id]
        latest = list({ticket.person: ticket for ticket in of_booking}.values())
        return [ticket for ticket in latest if ticket.state != "cancelled"] or latest[:1]

    def running(self, office_id: int, now: datetime) -> list[Slot]:
        """The windows of today that are not over."""
        today = now.astimezone(ZONE).date()
        of_today = (slot for slot in self.slots.values() if (slot.office_id, slot.day) == (office_id, today))
        return sorted((slot for slot in of_today if slot.ends_at > now), key=lambda slot: slot.starts_at)

    def walk_in(
        self, office_id: int, persons: list[int], beyond: bool, now: datetime
    ) -> tuple[Slot | None, str | None]:
        """The slot for those who are here without an appointment, or why there is none."""
        slots = self.running(office_id, now)
        if not slots:
            return None, "not_found" if beyond else "slot_full"
        if not slots[0].accepts:
            return None, "day_closed"
        released = now >= local(slots[0].day, RELEASES_AT)
        room = [slot for slot in slots if released and self.held(slot.id) + len(persons) <= self.places(slot)]
        if not room and not beyond:
            return None, "slot_full"
        if any(self.is_waiting(person) for person in persons):
            return None, "already_booked"
        if self.walk_ins[slots[0].day_id] + len(persons) > WALK_INS_PER_DAY and not beyond:
            return None, "walk_ins_used_up"
        return (room or slots)[0], None

    def is_waiting(self, person: int) -> bool:
        """The person holds a ticket for the service and has not come yet."""
        return any(ticket.person == person and ticket.state == "booked" for ticket in self.tickets.values())

    def against_booking(self, slot: Slot, places: int, now: datetime, *, before_others: bool = False) -> set[str]:
        """Why so many places cannot be had; whichever of the reasons is told first is good."""
        reasons = set()
        if now >= min(local(slot.day - timedelta(days=1), 16), slot.starts_at):
            reasons.add("booking_closed")
        elif now < local(slot.day - timedelta(days=OPENS_DAYS_BEFORE), 7) and not before_others:
            reasons.add("not_open_yet")
        if not slot.accepts:
            reasons.add("day_closed")
        if self.held(slot.id) + places > self.places(slot):
            reasons.add("slot_full")
        return reasons

    def against_change(self, tickets: list[Ticket], now: datetime) -> str | None:
        """To give the place back, or to move within its day."""
        if not tickets or any(ticket.state != "booked" for ticket in tickets):
            return "illegal_transition"
        slot = self.slots[tickets[0].slot_id]
        return "change_closed" if slot.accepts and now >= slot.starts_at else None

    def against_moving(
        self, old: Slot, new: Slot, places: int, now: datetime, *, before_others: bool = False
    ) -> set[str]:
        """Within the day only the hour counts; another day has its cut-off, and is booked like by anybody else."""
        if (old.office_id, old.day) == (new.office_id, new.day):
            begun = {"booking_closed"} if now >= new.starts_at else set()
            return begun | (self.against_booking(new, places, now) - {"booking_closed", "not_open_yet"})
        if old.accepts and now >= min(local(old.day - timedelta(days=1), 12), old.starts_at):
            return {"change_closed"}
        return self.against_booking(new, places, now, before_others=before_others)

    def scan(self, ticket: Ticket, office_id: int, now: datetime) -> str:
        slot = self.slots[ticket.slot_id]
        if ticket.state in GONE:
            return ticket.state
        if not slot.accepts:
            return "day_closed"
        if slot.office_id != office_id:
            return "wrong_office"
        if slot.day != now.astimezone(ZONE).date():
            return "wrong_day"
        if ticket.state == "checked_in":
            return "already"
        if now < slot.starts_at - EARLY and not ticket.walk_in:
            return "too_early"
        return "late" if now > slot.ends_at + LATE else "checked_in"

    def absent(self, now: datetime) -> list[Ticket]:
        """Who never came, on days that are over."""
        return [
            ticket
            for ticket in self.tickets.values()
            if ticket.state == "booked"
            and self.slots[ticket.slot_id].starts_at < now
            and self.has_ended(self.slots[ticket.slot_id].day_id, now)
            and not self.may_come_later(ticket, now)
        ]

    def places_by_schedule(self, day: Day) -> dict[int, int]:
        """Places by the hour in which a window begins, of the schedule that began last."""
        begun = [entry for entry in self.schedules[day.offering_id] if entry[0] <= day.day]
        return max(reversed(begun), key=lambda entry: entry[0])[1]
