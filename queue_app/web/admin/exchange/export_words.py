"""The values of tables that are taken away, in the reader's words. What has none here stands as it is stored."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from queue_app.domain.announcements import Level
from queue_app.domain.arrivals import IdentityResult
from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import DayStatus, Share
from queue_app.domain.catalogue import Category
from queue_app.domain.closures import ClosureState, OfferState
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.reminders import MessageKind
from queue_app.domain.visits import Outcome, StepKind, VisitState
from queue_app.models import MessageState, SwitchedOff
from queue_app.services.exchange.offered import CATEGORY_WORDS
from queue_app.web.admin.calendar.closures import OFFERS
from queue_app.web.admin.calendar.closures import STATES as CLOSURES
from queue_app.web.admin.calendar.schedule_form import SHARES
from queue_app.web.admin.records.audit_values import IDENTITIES, STATES, STATUSES, STEPS
from queue_app.web.admin.records.webhook_words import OFF
from queue_app.web.admin.texts.announcement_form import LEVELS
from queue_app.web.booking.booking_words import CHANNELS, PRIORITIES
from queue_app.web.booking.message_words import KINDS as MESSAGES
from queue_app.web.booking.message_words import STATES as SENT
from queue_app.web.hall.outcome_words import ANY_OUTCOME
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

TITLES: dict[str, Any] = {
    "pemesanan": _l("Pemesanan"),
    "kehadiran": _l("Pindaian dan kehadiran"),
    "kunjungan": _l("Kunjungan"),
    "langkah": _l("Langkah di loket"),
    "tawaran": _l("Tawaran tempat lain karena penutupan"),
    "pesan": _l("Pesan keluar, tanpa isi dan alamat"),
    "cetakan": _l("Tiket yang dicetak"),
    "kantor": _l("Kantor"),
    "layanan": _l("Layanan di kantor"),
    "jadwal": _l("Jadwal mingguan"),
    "hari-libur": _l("Hari libur"),
    "hari-pelayanan": _l("Hari pelayanan dan jamnya"),
    "penutupan": _l("Penutupan"),
    "petugas": _l("Petugas"),
    "undangan": _l("Undangan petugas"),
    "loket": _l("Loket kantor"),
    "gangguan": _l("Gangguan"),
    "printer": _l("Printer struk"),
    "kios": _l("Kios"),
    "kunci-api": _l("Kunci API mitra"),
    "jadwal-petugas": _l("Jadwal petugas"),
    "pelepasan": _l("Pelepasan bagian kuota"),
    "perubahan-kuota": _l("Perubahan kuota beberapa hari"),
    "pengumuman": _l("Pengumuman"),
    "webhook": _l("Webhook"),
}
_WORDS: dict[type[StrEnum], Any] = {
    TicketState: STATES,
    VisitState: STATES,
    DayStatus: STATUSES,
    StepKind: STEPS,
    IdentityResult: IDENTITIES,
    Outcome: ANY_OUTCOME,
    Share: SHARES,
    Channel: CHANNELS,
    Priority: PRIORITIES,
    Category: CATEGORY_WORDS,
    ClosureState: CLOSURES,
    OfferState: OFFERS,
    MessageKind: MESSAGES,
    MessageState: SENT,
    Level: LEVELS,
    SwitchedOff: OFF,
}


def said(value: Any) -> Any:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, StrEnum):
        return str(_WORDS.get(type(value), {}).get(value, value.value))
    return value
