"""The details: typed before the place is chosen, so that nobody types a form while the places go."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from queue_app.domain.booking import PARTY_MAX
from queue_app.models import OfficeService
from queue_app.web.access.rules import public
from queue_app.web.booking.offerings import load_offering
from queue_app.web.public.blueprint import bp
from queue_app.web.request import settings
from queue_app.web.site.language import asks_other_language

from .details_form import DetailsForm, data_of_draft
from .draft import keep_draft, read_draft
from .just_booked import show_just_booked


@bp.get("/<office:office>/<slug:service>/data")
@public
def details(office: str, service: str) -> str:
    """``?baru=``: for somebody else, though one place was booked a moment ago."""
    offering = load_offering(office, service)
    draft = read_draft(offering.id)
    booked = None if draft or "baru" in request.args else show_just_booked(offering)
    form = DetailsForm(formdata=None, data=data_of_draft(draft) if draft else {})
    return booked or _page(offering, form, is_untouched=draft is None)


@bp.post("/<office:office>/<slug:service>/data")
@public
def keep_details(office: str, service: str) -> Response | str | tuple[str, int]:
    """Adding and removing a person is a way through here as well, so that it works without scripts; and so is the other
    language, for what was typed stands in no address.
    """
    offering = load_offering(office, service)
    form = DetailsForm()
    if asks_other_language():
        if "refused" in request.form:
            form.validate()
        return _page(offering, form)
    if "add" in request.form:
        more = form.with_one_more()
        return _page(offering, more, begin_with=len(more.people))
    if "remove" in request.form:
        return _page(offering, form.without(request.form["remove"]), begin_with=0)
    if not form.validate_on_submit():
        return _page(offering, form), 422
    response = redirect(url_for(".choose", office=office, service=service, hari=request.args.get("hari")), 303)
    keep_draft(response, offering, form.draft().keyed(read_draft(offering.id)))
    return response


def _page(
    offering: OfficeService, form: DetailsForm, *, begin_with: int | None = None, is_untouched: bool = False
) -> str:
    """``begin_with``: where the cursor stands, the number of a person or 0 for the button that adds one.
    ``is_untouched``: nobody has typed into it.
    """
    return render_template(
        "public/details.html",
        form=form,
        offering=offering,
        begin_with=begin_with,
        is_untouched=is_untouched,
        most=PARTY_MAX,
        retention_days=settings().retention.days,
    )
