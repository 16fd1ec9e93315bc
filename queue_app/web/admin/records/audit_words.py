"""An audit entry in the reader's words. What has no words here is shown as it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from queue_app.adapters import language as wording
from queue_app.domain.booking import TicketState
from queue_app.domain.tickets import show_number
from queue_app.models import AuditEntry, Slot
from queue_app.queries.records.audit_chain import BrokenBy
from queue_app.queries.records.audit_subjects import AuditSubjects, read_id
from queue_app.web.admin.calendar.schedule_form import SHARES
from queue_app.web.admin.privacy.breach_form import DATA
from queue_app.web.admin.texts.announcement_form import LEVELS
from queue_app.web.booking.booking_words import PRIORITIES
from queue_app.web.booking.message_words import KINDS
from queue_app.web.hall.outcome_words import ANY_OUTCOME
from queue_app.web.hall.state import STOPS
from queue_app.web.privacy.holding_words import TABLES
from queue_app.web.privacy.trace_words import PROOFS, REQUESTS
from queue_app.web.privacy.trace_words import STATES as ANSWERS
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l
from queue_app.web.site.weekdays import WEEKDAYS

from .audit_names import ACTIONS, FIELDS, SUBJECTS
from .audit_values import CORRECTED, IDENTITIES, PRINTS, PURPOSES, ROLES, STATES, STATUSES, STEPS
from .webhook_words import OFF

OF_TICKETS = ("ticket", "visit")  # named by the same ids
LONGEST = 200  # characters of one value


BROKEN = {
    BrokenBy.ALTERED: _l("catatan ini, atau rantai sebelumnya, telah diubah"),
    BrokenBy.GONE: _l("catatannya hilang"),
    BrokenBy.CUT: _l("segel sebelumnya hilang"),
}

NARROWED = {
    "tindakan": _l("tindakan"),
    "pelaku": _l("pelaku"),
    "kantor": _l("kantor"),
    "dari": _l("dari tanggal"),
    "sampai": _l("sampai tanggal"),
    "tiket": _l("tiket"),
    "alasan": _l("kata dalam alasan"),
}


class AuditWords:
    """Says what one page's entries mean; ``zone`` is the reader's office's."""

    def __init__(self, subjects: AuditSubjects, zone: str) -> None:
        self._subjects, self._zone = subjects, zone

    def action(self, entry: AuditEntry) -> str:
        """What was done. A ticket that is booked once more was in another state: somebody took that back."""
        if entry.action == "ticket.booked" and entry.before:
            missed = entry.before.get("state") == TicketState.NO_SHOW
            return _("Catatan tidak hadir dibatalkan") if missed else _("Kehadiran diurungkan")
        return str(ACTIONS.get(entry.action, entry.action))

    def subject(self, entry: AuditEntry) -> str:
        """To what: by the name that people use for it, else by kind and id."""
        kind = str(SUBJECTS.get(entry.subject, entry.subject))
        return f"{kind} {self._name(entry) or entry.subject_id}"

    def changes(self, entry: AuditEntry) -> list[tuple[str, str, str]]:
        """Name, before and after of everything the entry tells, short enough for a table."""
        before, after = entry.before or {}, entry.after or {}
        names = {**before, **after}
        return [(str(FIELDS.get(name, name)), self._side(before, name), self._side(after, name)) for name in names]

    def in_one_line(self, entry: AuditEntry, *, short: bool = False) -> str:
        """All that has changed, for a cell of a file; ``short``: without what the action and the step tell already."""
        told = str(FIELDS["state"]) if short and "step" in (entry.after or {}) else ""
        said = (
            f"{name}: {f'{before} → {after}' if before and after else after or f'{before} → –'}"
            for name, before, after in self.changes(entry)
            if name != told
        )
        return "; ".join(said)

    def _side(self, facts: Mapping[str, Any], name: str) -> str:
        if facts.get(name) is None:
            return ""
        text = self._value(name, facts[name])
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

    def _value(self, name: str, value: Any) -> str:
        try:
            said = self._in_words(name, value)
        except (KeyError, TypeError, ValueError, OverflowError):
            said = None  # written by another version of the program
        return str(said) if said is not None else _as_stored(value)

    def _in_words(self, name: str, value: Any) -> Any:
        language = current_language()
        match name:
            case "state":
                return STATES[value]
            case "status":
                return STATUSES[value]
            case "step":
                return STEPS[value]
            case "outcome":
                return ANY_OUTCOME[value]
            case "identity":
                return IDENTITIES[value]
            case "priority":
                return PRIORITIES[value]
            case _ if isinstance(value, bool):
                return _("ya") if value else _("tidak")
            case "level":
                return LEVELS[value]
            case "message":
                return KINDS[value]
            case "kind":
                return STOPS[value]
            case "share":
                return SHARES[value]
            case "services":
                names = {one.code: in_language(one, "name") for one in self._subjects.services.values()}
                return ", ".join(names[code] for code in value)
            case "corrected":
                return ", ".join(str(CORRECTED[one]) for one in value)
            case "purpose":
                return PURPOSES[value]
            case "print":
                return PRINTS[value]
            case "role":
                return ROLES[value]
            case "narrowed":
                return ", ".join(str(NARROWED[one]) for one in value)
            case "roles":
                return ", ".join(str(ROLES[one]) for one in value)
            case "held":
                at = self._subjects.offices
                return "; ".join(f"{at[office_id].name}: {ROLES[role]}" for office_id, role in value)
            case "date" | "valid_from" | "valid_until" | "first_day" | "last_day" | "since" | "until":
                return wording.format_day(date.fromisoformat(value), language)
            case "dates" | "working_days":
                return ", ".join(wording.format_short_day(date.fromisoformat(day), language) for day in value)
            case "opens_at" | "closes_at" | "changes_close_at" | "releases_at":
                return wording.format_time(time.fromisoformat(value), None, language)
            case "time" | "starts_at" | "ends_at":
                return wording.format_instant(datetime.fromisoformat(value), self._zone, language)
            case "hours":
                return "–".join(wording.format_time(time.fromisoformat(at), None, language) for at in value)
            case "slot":
                slot = self._subjects.slots[read_id(value) or 0]
                return f"{wording.format_short_day(slot.day, language)}, {self._hour(slot)}"
            case "slots" | "planned" if isinstance(value, Mapping):
                slots = {self._subjects.slots[read_id(number) or 0]: places for number, places in value.items()}
                in_order = sorted(slots, key=lambda slot: (slot.starts_at, slot.share))
                return ", ".join(f"{self._hour(slot)}: {slots[slot]}" for slot in in_order)
            case "means":
                return {"provider": _("penyedia akun")}[value]
            case "off":
                return OFF[value]
            case "request":
                return REQUESTS[value]
            case "answer":
                return ANSWERS[value]
            case "proof":
                return PROOFS[value]
            case "breached":
                return ", ".join(str(DATA[one]) for one in value)
            case "deleted":
                return ", ".join(f"{TABLES[table]}: {rows}" for table, rows in value.items())
            case "cutoff":
                return wording.format_instant(datetime.fromisoformat(value), self._zone, language)
            case "officer":
                return self._subjects.staff[value].name
            case "offices":
                return ", ".join(self._subjects.offices[number].name for number in value)
            case "releases":
                return ", ".join(_release(*one) for one in value)
            case "windows":
                return ", ".join(_window(*window) for window in value)
        return None

    def _hour(self, slot: Slot) -> str:
        return wording.format_time(slot.starts_at, self._zone, current_language())

    def _name(self, entry: AuditEntry) -> str | None:
        language = current_language()
        if ticket := self._subjects.tickets.get(entry.subject_id) if entry.subject in OF_TICKETS else None:
            number = show_number(ticket.letter, ticket.queue_number)
            return f"{number}, {wording.format_short_day(ticket.day, language)}"
        if day := self._subjects.days.get(entry.subject_id) if entry.subject == "service_day" else None:
            return f"{self._service(day.service_id)}, {wording.format_short_day(day.day, language)}"
        if offering := self._subjects.offerings.get(entry.subject_id) if entry.subject == "office_service" else None:
            return self._service(offering.service_id)
        if staff := self._subjects.staff.get(entry.subject_id) if entry.subject == "staff" else None:
            return str(staff.name)
        if counter := self._subjects.counters.get(entry.subject_id) if entry.subject == "counter" else None:
            return str(counter.number)
        if entry.subject == "holiday_year":
            return str(entry.subject_id)
        if entry.subject == "holiday" and 0 < entry.subject_id <= date.max.toordinal():
            return wording.format_short_day(date.fromordinal(entry.subject_id), language)
        return None

    def _service(self, service_id: int) -> str:
        return in_language(self._subjects.services[service_id], "name")


def _window(weekday: int, starts_at: str, ends_at: str, share: str, places: int) -> str:
    language = current_language()
    hours = "–".join(wording.format_time(time.fromisoformat(at), None, language) for at in (starts_at, ends_at))
    whose = "" if share == "public" else f" {str(SHARES[share]).lower()}"  # type: ignore[index]
    return f"{WEEKDAYS[weekday]} {hours}{whose}: {places}"


def _release(days_before: int, at: str, source: str, target: str, percent: int) -> str:
    moment = wording.format_time(time.fromisoformat(at), None, current_language())
    names = {str(share): str(name) for share, name in SHARES.items()}
    return f"-{days_before} {moment}: {names[source]} → {names[target]} {percent} %"


def _as_stored(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
