"""Where an office stands with its set-up: the steps, what is missing, and a booking on trial."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import g, render_template

from queue_app.db import db, unit_of_work
from queue_app.domain.roles import Permission, Role
from queue_app.models import Office, Service
from queue_app.queries.access.staff import administers_every_office
from queue_app.queries.setup.progress import Progress, can_be_booked, progress_of
from queue_app.services.setup.trial import Tried, try_bookings
from queue_app.web.access.rules import requires
from queue_app.web.admin.blueprint import bp
from queue_app.web.admin.calendar.offices import hours_differ
from queue_app.web.refusals.people import message_for
from queue_app.web.request import keyring, now, settings, today
from queue_app.web.site.head import site
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language

from .steps import steps

ON_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


@bp.get("/persiapan")
@requires(Permission.EDIT_QUOTA)
def setup() -> str:
    return _page([])


@bp.post("/persiapan/coba")
@requires(Permission.EDIT_QUOTA)
def try_setup() -> str:
    """Nothing of it stays, so the answer is a page of its own: reloading it tries again."""
    with unit_of_work() as session:
        tried = try_bookings(session, g.staff.office_id, keyring=keyring(), now=now())
        return _page([(in_language(one.offering.service, "name"), one, _said(one)) for one in tried])


@bp.app_template_global()
def cannot_be_booked() -> bool:
    """Whether the start page of an administrator leads back to a set-up that was begun: citizens find no hours yet."""
    if not g.staff.may(Permission.EDIT_QUOTA):
        return False
    return not can_be_booked(db.session(), g.staff.office_id, today=today())


def _page(tried: list[tuple[str, Tried, str]]) -> str:
    progress = progress_of(db.session(), g.staff.office_id, today=today())
    may_add = administers_every_office(db.session(), g.staff.staff_id)
    return render_template(
        "admin/setup/overview.html",
        steps=steps(),
        missing=_missing(progress),
        progress=progress,
        tried=tried,
        can_wait=_can_wait(with_logo=may_add),
        may_add=may_add,
    )


def _said(tried: Tried) -> str:
    """Why nobody would get a place."""
    if tried.refusal is not None:
        return message_for(tried.refusal, g.staff.time_zone)
    return "" if tried.number else _("Belum ada jam untuk layanan ini.")


def _missing(progress: Progress) -> list[str]:
    """In the order of the steps."""
    lacks = {
        "address": _("Alamat kantor belum diisi."),
        "hours": _("Jam buka kantor belum diisi."),
        "contact": _("Belum ada telepon, WhatsApp, atau email kantor."),
    }
    said = [lacks[name] for name in progress.lacks]
    if not progress.services:
        said.append(_("Belum ada layanan."))
    if progress.without_places:
        said.append(_("Tanpa jam dan kuota: %(services)s.") % {"services": _names(progress.without_places)})
    if progress.undecided:
        years = ", ".join(map(str, progress.undecided))
        said.append(_("Hari libur belum dipastikan: %(years)s.") % {"years": years})
    if not progress.staff.get(Role.DESK):
        said.append(_("Belum ada petugas meja depan yang memakai akunnya."))
        if not progress.staff.get(Role.COUNTER):
            said.append(_("Belum ada petugas loket yang memakai akunnya."))
    if not progress.counters:
        said.append(_("Belum ada loket."))
    elif progress.without_counter:
        said.append(_("Tidak dilayani loket mana pun: %(services)s.") % {"services": _names(progress.without_counter)})
    if not progress.printers:
        said.append(_("Belum ada printer struk: tiket hanya dicetak lewat komputer."))
    if not settings().smtp_host:
        said.append(_("Email belum disambungkan, oleh pengelola server: pesan kepada warga hanya ditulis ke berkas."))
    if urlsplit(settings().public_url).hostname in ON_THIS_MACHINE:
        said.append(_("Alamat umum situs belum diatur, oleh pengelola server: tautan hanya terbuka di mesin ini."))
    return said


def _can_wait(*, with_logo: bool) -> list[str]:
    """What an office opens without. ``with_logo``: for those who may set it."""
    office = db.session().get_one(Office, g.staff.office_id)
    said = [] if office.map_url else [_("Tautan peta belum diisi.")]
    if with_logo and site().logo is None:
        said.append(_("Logo belum dipasang."))
    if hours_differ(office):
        said.append(_("Jam buka yang tertulis berbeda dari jadwal layanan. Periksa di langkah 1."))
    return said


def _names(services: Iterable[Service]) -> str:
    return ", ".join(in_language(service, "name") for service in services)
