"""The pages that staff move between, each shown to those who may open it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g, request, url_for

from queue_app.web.access.rules import rule_of

from .language import lazy_gettext as _l


@dataclass(frozen=True)
class Entry:
    text: str
    url: str
    current: bool


# Endpoint and label in the order of a day's work; the permission is the one that the view itself asks for.
PAGES = (
    ("desk.scan", _l("Pindai")),
    ("desk.arrivals", _l("Kedatangan")),
    ("desk.assist", _l("Bantu warga")),
    ("desk.call_lists", _l("Telepon")),
    ("counter.page", _l("Loket")),
    ("counter.disruption", _l("Gangguan")),
    ("admin.quota", _l("Kuota")),
    ("admin.calendar", _l("Kalender")),
    ("admin.closures", _l("Penutupan")),
    ("admin.holidays", _l("Hari libur")),
    ("admin.office", _l("Kantor")),
    ("admin.announcements", _l("Pengumuman")),
    ("admin.devices", _l("Kios")),
    ("admin.counters", _l("Loket kantor")),
    ("admin.roster", _l("Jadwal petugas")),
    ("admin.figures_today", _l("Angka")),
    ("admin.outbox", _l("Pesan keluar")),
    ("admin.protection", _l("Pelindungan data")),
    ("admin.audit", _l("Jejak audit")),
    ("admin.exceptions", _l("Kejanggalan")),
    ("admin.message_facts", _l("Pesan terkirim")),
    ("admin.printers", _l("Printer")),
    ("admin.webhooks", _l("Webhook")),
    ("admin.staff", _l("Petugas")),
    ("admin.imports", _l("Impor dan ekspor")),
)


def menu() -> list[Entry]:
    """The entries for the person in `g.staff`; empty for everybody else."""
    staff, views = g.get("staff"), current_app.view_functions
    if staff is None:
        return []
    return [
        Entry(str(text), url_for(endpoint), endpoint == request.endpoint)
        for endpoint, text in PAGES
        if endpoint in views and staff.may(rule_of(views[endpoint]))
    ]
