"""The names of a webhook's events, states and troubles on the administrator's pages."""

from __future__ import annotations

from queue_app.domain.webhooks import TRIAL, Event
from queue_app.models import DeliveryState, SwitchedOff, WebhookDelivery
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

EVENTS = {
    Event.TICKET_BOOKED: _l("Tiket dipesan, juga tiket baru sesudah dipindah"),
    Event.TICKET_MOVED: _l("Tiket dipindah"),
    Event.TICKET_CANCELLED: _l("Tiket dibatalkan"),
    Event.TICKET_ARRIVED: _l("Orangnya hadir"),
    Event.TICKET_CALLED: _l("Dipanggil ke loket, juga panggilan ulang"),
    Event.TICKET_SERVED: _l("Selesai dilayani"),
    Event.TICKET_MISSED: _l("Tidak hadir, atau dipanggil dan tidak ada"),
    Event.TICKET_UNDONE: _l("Satu langkah diurungkan"),
    Event.DAYS_CLOSED: _l("Hari atau jam ditutup"),
    Event.DAYS_REOPENED: _l("Penutupan dicabut"),
    Event.QUOTA_CHANGED: _l("Kuota satu hari diubah"),
}
TYPES = {**{event.value: said for event, said in EVENTS.items()}, TRIAL: _l("Kiriman uji")}
STATES = {
    DeliveryState.WAITING: (_l("menunggu"), "edge"),
    DeliveryState.SENDING: (_l("sedang dikirim"), "edge"),
    DeliveryState.DELIVERED: (_l("diterima"), "success"),
    DeliveryState.FAILED: (_l("gagal"), "stop"),
}
OFF = {
    SwitchedOff.BY_HAND: _l("Dimatikan administrator."),
    SwitchedOff.FAILING: _l("Mati sendiri: lima hari tidak ada kiriman yang diterima."),
    SwitchedOff.GONE: _l("Mati sendiri: server mitra menjawab bahwa alamat ini tidak ada lagi."),
}
PROBLEMS = {
    "the certificate is not valid": _l("Sertifikatnya tidak sah."),
    "no TLS": _l("Servernya tidak memakai TLS."),
    "no answer in time": _l("Tidak menjawab dalam sepuluh detik."),
    "connection refused": _l("Sambungan ditolak."),
    "the name is not found": _l("Nama servernya tidak ditemukan."),
    "the address lies in an inner network": _l("Alamatnya di jaringan dalam, yang tidak diizinkan pengelola server."),
    "the secret cannot be read with these keys": _l("Rahasianya tidak terbaca. Ganti rahasianya."),
}


def outcome_said(delivery: WebhookDelivery) -> str:
    """What came of the last try."""
    if delivery.problem:
        return str(PROBLEMS.get(delivery.problem, _("Sambungan terputus.")))
    if delivery.status is None:
        return "–"
    if 300 <= delivery.status < 400:
        return _("Dijawab %(status)s: dialihkan, dan pengalihan tidak diikuti.") % {"status": delivery.status}
    return _("Dijawab %(status)s.") % {"status": delivery.status}
