"""The last steps: staff and counters, and the way to printers, kiosks and displays."""

from __future__ import annotations

from flask import g
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, NumberRange

from queue_app.db import db, unit_of_work
from queue_app.domain.roles import Permission
from queue_app.queries.access.staff import open_invitations, staff_of
from queue_app.queries.calendar.offices import services_of
from queue_app.queries.setup.progress import progress_of
from queue_app.queries.visits.counters import counters_of
from queue_app.services.visits.counters import create_counter
from queue_app.web.access.role_names import ROLE_NAMES
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.forms.office_form import IntegerField, OfficeForm
from queue_app.web.request import actor, now, today
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l
from queue_app.web.site.language import ngettext

from .steps import on_to_next, step_page

COUNTERS_MAX = 30  # at once; a counter more is made on its own page


class CountersForm(OfficeForm):
    number = IntegerField(
        _l("Jumlah loket"),
        description=_l("Yang belum ada dibuat, masing-masing untuk semua layanan."),
        validators=[InputRequired(), NumberRange(1, COUNTERS_MAX)],
        widget=GovTextInput(),
    )


@bp.get("/persiapan/petugas")
@requires(Permission.MANAGE_STAFF)
def setup_staff() -> str:
    here = (db.session(), g.staff.office_id)
    return step_page("staff", colleagues=staff_of(*here), invited=open_invitations(*here), roles=ROLE_NAMES)


@bp.route("/persiapan/loket", methods=["GET", "POST"])
@requires(Permission.MANAGE_COUNTERS)
def setup_counters() -> str | Response | tuple[str, int]:
    known = counters_of(db.session(), g.staff.office_id, all_of_them=True)
    offerings = services_of(db.session(), g.staff.office_id)
    form = CountersForm(data={"number": max(len(known), 1)})
    if not offerings and form.is_submitted():
        form.complain(_("Pilih dulu layanan kantor ini."))
    elif form.validate_on_submit():
        missing = set(range(1, form.number.data + 1)) - {counter.number for counter in known}
        with unit_of_work() as session:
            for number in sorted(missing):
                create_counter(
                    session,
                    office_id=g.staff.office_id,
                    number=number,
                    service_ids=[one.service_id for one in offerings],
                    actor=actor(),
                    now=now(),
                )
        said = ngettext("Satu loket dibuat.", "%(n)s loket dibuat.", len(missing)) % {"n": len(missing)}
        return on_to_next("counters", said if missing else _("Tidak ada yang berubah."))
    progress = progress_of(db.session(), g.staff.office_id, today=today())
    page = step_page("counters", form=form, counters=known, progress=progress)
    return page, 422 if form.is_submitted() else 200
