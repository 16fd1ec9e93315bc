"""The picture in the head of all pages: sent in, looked at, and taken away again."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import FileField

from queue_app.adapters.logo import draw_logo
from queue_app.db import unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.domain.setup_plan import SitePlan
from queue_app.domain.site import LOGO_FILE_MAX, Logo
from queue_app.services.setup.site import change_logo
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.calendar.holidays import refuse_unless_all_offices
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.request import actor, now
from queue_app.web.site.head import forget_site, site
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l


def logo_field() -> FileField:
    return FileField(
        _l("Gambar logo"),
        description=_l(
            "PNG, JPEG, atau WebP; di atas 60 KB diperkecil dahulu. Tampil setinggi dua baris, di atas dasar putih."
        ),
        render_kw={"data-largest": LOGO_FILE_MAX},
        widget=GovFileInput(),
    )


class LogoForm(OfficeForm):
    refusal_fields: ClassVar[dict[str, str]] = {"invalid_setup": "file"}

    file = logo_field()


def sent_logo(field: FileField) -> Logo | None:
    """None where no file was chosen. Raises InvalidSetup."""
    sent = field.data
    return draw_logo(sent.read()) if isinstance(sent, FileStorage) and sent.filename else None


def put_logo(session: Session, logo: Logo | None) -> bool:
    """Whether that changed anything."""
    head = site()
    plan = SitePlan(head.title, head.subtitle, head.brand_colour)
    return change_logo(session, logo, plan, actor=actor(), now=now())


@bp.route("/tampilan/logo", methods=["GET", "POST"])
@requires(Permission.EDIT_QUOTA)
def site_logo() -> str | Response | tuple[str, int]:
    refuse_unless_all_offices()
    form = LogoForm()
    if form.validate_on_submit():
        try:
            return _change(sent_logo(form.file) or draw_logo(b""))
        except DomainError as refusal:
            form.refuse(refusal)
    return render_template("admin/setup/logo.html", form=form), 422 if form.is_submitted() else 200


@bp.post("/tampilan/logo/hapus")
@requires(Permission.EDIT_QUOTA)
def remove_site_logo() -> Response:
    refuse_unless_all_offices()
    return _change(None)


def _change(logo: Logo | None) -> Response:
    with unit_of_work() as session:
        changed = put_logo(session, logo)
    forget_site()
    flash(_("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."), "success")
    return redirect(url_for(".site_logo"), 303)
