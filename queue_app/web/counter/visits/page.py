"""The page of a counter: whom it has, and every key for what comes next."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from flask import g

from queue_app.adapters.language import format_short_day, format_window
from queue_app.db import db
from queue_app.domain.clock import office_date
from queue_app.domain.visits import UNDO_STEP_WITHIN, is_probably_forgotten
from queue_app.models import Counter, OfficeService, Service, Visit
from queue_app.queries.assisted.windows import windows
from queue_app.queries.calendar.days import closed_days
from queue_app.queries.calendar.offices import offering_at, services_of
from queue_app.queries.visits.counter_desk import Failed, counter_desk
from queue_app.queries.visits.counters import counters_of, version_of
from queue_app.services.visits.counters import counter_of
from queue_app.services.visits.disruptions import disruptions_of
from queue_app.web.booking.stage_words import ADVICE
from queue_app.web.forms.once import new_nonce
from queue_app.web.hall.outcome_words import ANY_OUTCOME, OUTCOMES
from queue_app.web.request import keyring, now, today
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _

from .disruption import in_words
from .forms import IDENTITIES, STEPS, PauseForm, RevisitForm, TransferForm

OFFERED = 8  # hours for a further visit
DAYS = 21
FRESH = 10  # seconds after which what only time changes (an hour begins, an undo expires) is looked at again


def own_counter_here() -> Counter | None:
    """Where the person who asks sits."""
    return counter_of(db.session(), g.staff.staff_id, g.staff.office_id, now=now())


def facts(*, pause: PauseForm | None = None) -> dict[str, Any]:
    """What the page shows: the counter where the person sits, or those they may sit down at."""
    counter, nonce = own_counter_here(), new_nonce()
    if counter is None:
        counters = counters_of(db.session(), g.staff.office_id)
        return {"title": _("Pilih loket"), "counter": None, "counters": counters, "now": now()}
    moment = now()
    rules = counter.office.calling_rules
    own = [service.id for service in counter.services]
    stops = [one for one in disruptions_of(db.session(), counter.office_id) if any(one.stops(each) for each in own)]
    stopped = frozenset(each for each in own if any(one.stops(each) for one in stops))
    read: dict[str, Any] = {"keyring": keyring(), "undo_within": UNDO_STEP_WITHIN, "now": moment, "stopped": stopped}
    desk = counter_desk(db.session(), counter, rules, **read)
    visit = db.session.get(Visit, desk.current.ticket_id) if desk.current else None
    return {
        "title": _("Loket %(number)s") % {"number": counter.number},
        "counter": counter,
        "desk": desk,
        "rules": rules,
        "stops": [in_words(one) for one in stops],
        "stopped": stopped,
        "nobody_called": len(stopped) == len(own),
        "forgotten": bool(visit and is_probably_forgotten(visit.state, visit.started_at, now=moment)),
        "closed": _closed(counter),
        "nonce": nonce,
        "outcomes": OUTCOMES,
        "steps": STEPS,
        "identities": IDENTITIES,
        "transfer": transfer_form(counter, visit, formdata=None) if visit else None,
        "pause": pause or PauseForm(formdata=None),
        "revisit": revisit_of(desk.failed) if desk.failed and not desk.current else None,
    }


def _closed(counter: Counter) -> dict[str, list[Service]]:
    """The services of the counter that are closed today, by the reason."""
    own = [service.id for service in counter.services]
    found: dict[str, list[Service]] = {}
    for day, offering in closed_days(db.session(), counter.office_id, today(), own):
        found.setdefault(in_language(day, "reason"), []).append(offering.service)
    return found


def etag() -> str:
    """Of the page as this person sees it."""
    moment, counter = now(), own_counter_here()
    seen = (
        version_of(db.session(), g.staff.office_id, today()),
        counter and (counter.id, [service.id for service in counter.services]),
        int(moment.timestamp()) // FRESH,
        current_language(),
    )
    return hashlib.blake2b(repr(seen).encode(), digest_size=16).hexdigest()


def transfer_form(counter: Counter, visit: Visit, **data: Any) -> TransferForm:
    """Where this person can go on: counters that take their service, with who sits there, and the other services."""
    form = TransferForm(**data)
    here = counters_of(db.session(), counter.office_id)
    others = [one for one in here if one.id != counter.id and visit.service_id in {each.id for each in one.services}]
    services = [one for one in services_of(db.session(), counter.office_id) if one.service_id != visit.service_id]
    form.target.choices = [
        *((f"counter:{one.id}", _counter_name(one)) for one in others),
        *((f"service:{one.service_id}", in_language(one.service, "name")) for one in services),
    ]
    return form


def _counter_name(counter: Counter) -> str:
    name = counter.staff.name if counter.staff else _("kosong")
    return f"{_('Loket %(number)s') % {'number': counter.number}} · {name}"


def revisit_form(visit: Visit | None, **data: Any) -> RevisitForm:
    """The next hours of the same service, with room or without: the place is guaranteed."""
    form = RevisitForm(**data)
    form.starts_at.choices = _hours(visit) if visit and visit.office_id == g.staff.office_id else []
    if not form.nonce.data:
        form.nonce.data = new_nonce()
    return form


def revisit_of(failed: Failed) -> dict[str, Any]:
    """What is offered to somebody for whom it failed, with what to bring; or the further visit that is booked."""
    visit = failed.visit
    offering = _offering(visit)
    needs = [line.strip() for line in in_language(offering, "requirements").splitlines() if line.strip()]
    advice = ADVICE.get(visit.outcome) if visit.outcome else None
    return {
        "failed": failed,
        "outcome": str(ANY_OUTCOME[visit.outcome]) if visit.outcome else "",
        "needs": [*needs, *([str(advice)] if advice else [])],
        "when": _said(failed.again.starts_at, failed.again.slot.ends_at) if failed.again else "",
        "form": None if failed.again else revisit_form(visit, formdata=None),
    }


def _offering(visit: Visit) -> OfficeService:
    offering = offering_at(db.session(), visit.office_id, visit.service_id)
    return offering


def _hours(visit: Visit) -> list[tuple[str, str]]:
    offering = _offering(visit)
    found = windows(db.session(), offering, rules=offering.booking_rules, priority=None, now=now(), days=DAYS, places=0)
    return [(one.starts_at.isoformat(), _said(one.starts_at, one.ends_at)) for one in found[:OFFERED]]


def _said(starts_at: datetime, ends_at: datetime) -> str:
    zone, language = g.staff.time_zone, current_language()
    day = format_short_day(office_date(starts_at, zone), language)
    return f"{day}, {format_window(starts_at, ends_at, zone, language)}"
