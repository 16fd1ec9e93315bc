"""The third step: the week once for all services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import g, request
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.calendar import Window
from queue_app.domain.errors import DomainError, ReasonRequired
from queue_app.domain.roles import Permission
from queue_app.domain.setup import windows_of_week
from queue_app.models import OfficeService
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.calendar.schedules import windows_in_force
from queue_app.services.calendar.preview import preview_schedule
from queue_app.services.calendar.schedule import NewSchedule
from queue_app.services.setup.hours import USUAL, set_hours
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.request import actor, now, today
from queue_app.web.site.contact import forget_contacts
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language, ngettext

from .hours_form import ConfirmHoursForm, HoursForm, weekday_rows
from .steps import REASON, on_to_next, step_page

# Tomorrow is the first possible day; one more leaves people who booked for tomorrow their times.
LATER = timedelta(days=2)
NOT_CARRIED = ("csrf_token", "reason", "step")  # from one step to the next


@bp.route("/persiapan/jam", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def setup_hours() -> str | Response | tuple[str, int]:
    """What is set for the first time is set at once; hours that people know are changed after a look, with a reason."""
    offerings = services_of(db.session(), g.staff.office_id)
    known = windows_in_force(db.session(), [one.id for one in offerings], today() + LATER)
    step = request.form.get("step")
    form = ConfirmHoursForm() if step == "confirm" else HoursForm()
    if not form.is_submitted():
        form.fill(offerings, known, today(), today() + LATER)
        return _page(form, offerings, known)
    if step == "edit" or not (form.validate() or set(form.errors) == {"reason"}):
        return _page(form, offerings, known), 422 if form.errors else 200
    changed = [one for one in offerings if one.id in known and one.id in form.places()]
    if not form.places():
        if form.has_week_of(offerings, known):
            return on_to_next("hours", _("Tidak ada yang berubah."))
        form.complain(_("Jam ini belum disimpan: isi kuota layanan yang mendapat jam ini."))
        return _page(form, offerings, known), 422
    try:
        if form.errors:
            return _preview(form, changed), 422
        if changed and step != "confirm":
            return _preview(ConfirmHoursForm(reason=None), changed)
        return _set(form, form.reason.data if step == "confirm" else REASON)
    except ReasonRequired as refusal:
        form.refuse(refusal)
        return _preview(form, changed), 422
    except DomainError as refusal:
        form.refuse_hours(refusal)
        return _page(form, offerings, known), 422


def _page(form: HoursForm, offerings: Sequence[OfficeService], known: Mapping[int, Sequence[Window]]) -> str:
    names = {one.id: in_language(one.service, "name") for one in offerings}
    given = [row.form for row in form.quotas if row.form.offering.data in names]
    rows = [(names[row.offering.data], row, _most_of_a_day(known.get(row.offering.data, ()))) for row in given]
    return step_page("hours", form=form, days=weekday_rows(form), quotas=rows)


def _most_of_a_day(windows: Sequence[Window]) -> int:
    places = Counter[int]()
    for window in windows:
        places[window.weekday] += window.capacity
    return max(places.values(), default=0)


def _preview(form: ConfirmHoursForm, changed: Sequence[OfficeService]) -> str:
    """Raises InvalidSetup, InvalidSchedule."""
    effects = []
    for one in changed:
        windows = windows_of_week(form.hours(), form.length.data, form.places()[one.id], by_length=form.is_by_length())
        new = NewSchedule(USUAL, form.valid_from.data, None, windows)
        effects.append((in_language(one.service, "name"), preview_schedule(db.session(), one.id, new, now=now())))
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]
    return step_page("hours", "hours_preview", form=form, effects=effects, posted=sent)


def _set(form: HoursForm, reason: str) -> Response:
    """Raises InvalidSetup, InvalidSchedule, NotFound, ReasonRequired."""
    places = form.places()
    with unit_of_work() as session:
        told = set_hours(
            session,
            g.staff.office_id,
            form.hours(),
            form.length.data,
            places,
            by_length=form.is_by_length(),
            name=USUAL,
            valid_from=form.valid_from.data,
            reason=reason,
            actor=actor(),
            now=now(),
        )
    forget_contacts()
    said = ngettext(
        "Jam dan kuota disimpan untuk satu layanan.", "Jam dan kuota disimpan untuk %(n)s layanan.", len(places)
    ) % {"n": len(places)}
    if places and not told:
        said += " " + _("Jam buka yang dibaca warga ada di Data kantor: cocokkan bila perlu.")
    return on_to_next("hours", said)
