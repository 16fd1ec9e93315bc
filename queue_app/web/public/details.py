"""The details: typed before the place is chosen, so that nobody types a form while the places go."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.models import OfficeService
from queue_app.web.access import public
from queue_app.web.offerings import load_offering

from .blueprint import bp
from .draft import Draft, keep_draft, read_draft
from .forms import DetailsForm, local_phone


@bp.get("/<office:office>/<slug:service>/data")
@public
def details(office: str, service: str) -> str:
    offering = load_offering(office, service)
    return _page(offering, DetailsForm(formdata=None, data=_typed(read_draft(offering.id))))


@bp.post("/<office:office>/<slug:service>/data")
@public
def keep_details(office: str, service: str) -> Response | tuple[str, int]:
    offering = load_offering(office, service)
    form = DetailsForm()
    if not form.validate_on_submit():
        return _page(offering, form), 422
    response = redirect(url_for(".choose", office=office, service=service, hari=request.args.get("hari")), 303)
    keep_draft(response, offering, form.draft().keyed(read_draft(offering.id)))
    return response


def _typed(draft: Draft | None) -> dict[str, str | None]:
    if draft is None:
        return {}
    return {"name": draft.name, "nik": draft.nik, "phone": local_phone(draft.phone), "email": draft.email}


def _page(offering: OfficeService, form: DetailsForm) -> str:
    retention = current_app.extensions["settings"].retention
    return render_template("public/details.html", form=form, offering=offering, retention_days=retention.days)
