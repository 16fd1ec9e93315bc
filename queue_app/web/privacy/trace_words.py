"""Traces in somebody's data, in words: of a person of the office it says that it was one, not which."""

from __future__ import annotations

from typing import Any

from queue_app.domain.data_rights import RequestKind, RequestProof, RequestState
from queue_app.queries.booking.history import Event
from queue_app.web.booking.message_words import KINDS as MESSAGES
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

REQUESTS: dict[str, Any] = {
    RequestKind.COPY: _l("Melihat dan menyalin data"),
    RequestKind.CORRECT: _l("Memperbaiki data"),
    RequestKind.DELETE: _l("Menghapus data"),
    RequestKind.SUSPEND: _l("Menunda pemakaian data"),
    RequestKind.RESUME: _l("Melanjutkan pemakaian data"),
}
STATES: dict[str, Any] = {
    RequestState.OPEN: _l("menunggu jawaban"),
    RequestState.DONE: _l("sudah dipenuhi"),
    RequestState.REFUSED: _l("ditolak"),
}
PROOFS: dict[str, Any] = {
    RequestProof.NONE: _l("belum dibuktikan"),
    RequestProof.CONTACT: _l("kode ke kontaknya sendiri"),
    RequestProof.DOCUMENT: _l("dokumen dilihat di loket"),
}
# What is done with data by right; the same words in the office's own history of a person and in the audit log.
ABOUT_DATA: dict[str, Any] = {
    "data.code_sent": _l("Kode untuk melihat data dikirim"),
    "data.proved": _l("Data dibuka dengan kode dari kontaknya"),
    "data.shown": _l("Data ditunjukkan di loket kepada orangnya"),
    "data.copied": _l("Salinan data diambil"),
    "data.requested": _l("Permintaan tentang data diterima"),
    "data.answered": _l("Permintaan tentang data dijawab"),
    "data.suspended": _l("Pemakaian data ditunda"),
    "data.resumed": _l("Pemakaian data dilanjutkan"),
    "data.erased": _l("Data pribadi dihapus atas permintaan"),
}
OF_BREACHES: dict[str, Any] = {
    "breach.recorded": _l("Kegagalan pelindungan data dicatat"),
    "breach.edited": _l("Catatan kegagalan pelindungan data diubah"),
    "breach.told": _l("Yang terkena diberi tahu"),
    "breach.reported": _l("Lembaga sudah diberi tahu"),
    "breach.called": _l("Dicatat sudah ditelepon"),
    "breach.exported": _l("Daftar yang terkena diunduh"),
}
_PLAIN: dict[str, Any] = {
    **ABOUT_DATA,
    "ticket.booked": _l("Tiket dipesan"),
    "ticket.rescheduled": _l("Tiket dipindah"),
    "ticket.cancelled": _l("Tiket dibatalkan"),
    "ticket.no_show": _l("Tidak datang sampai hari itu selesai"),
    "ticket.priority": _l("Prioritas diubah"),
    "booking.contact_shown": _l("Nomor HP dan email Anda dilihat lengkap"),
    "booking.corrected": _l("Nama atau kontak diperbaiki"),
    "booking.code_again": _l("Kode pemesanan dikirim lagi"),
    "booking.purged": _l("Data pribadi dihapus karena masa simpannya habis"),
    "offer.phone_shown": _l("Nomor HP Anda dilihat, untuk menelepon karena kantor tutup"),
    "offer.called": _l("Dicatat: Anda sudah ditelepon"),
    "print.asked": _l("Tiket dicetak"),
}
_OF_TABLE: dict[str, Any] = {
    "scan": _l("Tiket dipindai di kantor"),
    "identity": _l("Nama dan NIK dicocokkan dengan kartu Anda"),
    "visit": _l("Dipanggil atau dilayani di loket"),
}


def event_said(event: Event) -> str:
    table, _point, word = event.kind.partition(".")
    if table == "message":
        return _("Pesan: %(kind)s") % {"kind": MESSAGES.get(word, word)}
    return str(_PLAIN.get(event.kind) or _OF_TABLE.get(table) or event.kind)


def actor_said(label: str) -> str:
    """ "" where nobody stands by it."""
    others = {
        "citizen": _("pemegang tiket"),
        "api-key": _("program mitra"),
        "system": _("otomatis"),
        "staff": _("petugas kantor"),
        "device": _("kios"),
    }
    return others.get(label.partition(":")[0], "")
