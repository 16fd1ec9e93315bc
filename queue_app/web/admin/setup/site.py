"""Title and colour of all pages, at once and without a restart."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from queue_app.db import unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.domain.setup_plan import SitePlan
from queue_app.domain.site import DARK_COLOURS, LONGEST_HEADING
from queue_app.services.setup.site import update_site
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.calendar.holidays import refuse_unless_all_offices
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.printed_text import can_be_printed
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.request import actor, now
from queue_app.web.site.head import forget_site, site
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l


class SiteForm(OfficeForm):
    title = StringField(
        _l("Judul"),
        description=_l("Di kepala setiap halaman dan di layar utama HP, misalnya Antrean Dukcapil."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=LONGEST_HEADING), can_be_printed],
        widget=GovTextInput(),
    )
    subtitle = StringField(
        _l("Baris kedua"),
        description=_l("Misalnya Kota Jayapura."),
        filters=[trimmed],
        validators=[Length(max=LONGEST_HEADING), can_be_printed],
        widget=GovTextInput(),
    )
    brand_colour = StringField(
        _l("Warna"),
        description=_l("Pilih warna gelap: tulisan putih harus terbaca di atasnya."),
        filters=[trimmed],
        validators=[InputRequired(), Length(max=7)],
        widget=GovTextInput(),
    )


@bp.route("/tampilan", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def site_head() -> str | Response | tuple[str, int]:
    refuse_unless_all_offices()
    head = site()
    form = SiteForm(data={"title": head.title, "subtitle": head.subtitle, "brand_colour": head.brand_colour})
    if form.validate_on_submit():
        plan = SitePlan(form.title.data, form.subtitle.data, form.brand_colour.data)
        try:
            with unit_of_work() as session:
                changed = update_site(session, plan, actor=actor(), now=now())
            forget_site()
            flash(_("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."), "success")
            return redirect(url_for(".site_head"), 303)
        except DomainError as refusal:
            form.refuse(refusal, "brand_colour" if refusal.details.get("reason") == "colour" else "title")
    page = render_template("admin/setup/site.html", form=form, colours=DARK_COLOURS)
    return page, 422 if form.is_submitted() else 200
