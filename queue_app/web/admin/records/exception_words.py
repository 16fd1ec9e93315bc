"""The report of exceptions in words: what each kind is, and by which rule a line came into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from queue_app.domain.exceptions import (
    AROUND_HOURS,
    BOOKINGS_A_KEY,
    BOOKINGS_A_PHONE,
    BOOKINGS_AN_OPERATOR,
    IN_NO_TIME,
    IN_NO_TIME_LEAST,
    OUTLIER_LEAST,
    OUTLIER_TIMES,
    TAKEN_WITHIN,
    ExceptionKind,
    Finding,
)
from queue_app.domain.tickets import show_code
from queue_app.models import Ticket
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .actor_words import actor_said
from .audit_values import PURPOSES

TITLES = {
    ExceptionKind.BEYOND_QUOTA: _l("Tempat di luar kuota"),
    ExceptionKind.ORDER_CHANGED: _l("Urutan panggilan diubah"),
    ExceptionKind.OUTLYING_BOOKINGS: _l("Pemesanan oleh petugas: jauh lebih banyak dari rekannya"),
    ExceptionKind.OUTLYING_CANCELLATIONS: _l("Pembatalan oleh petugas: jauh lebih banyak dari rekannya"),
    ExceptionKind.ONE_PHONE: _l("Banyak pemesanan dengan satu nomor HP"),
    ExceptionKind.ONE_OPERATOR: _l("Banyak pemesanan oleh satu operator desa atau kunci API"),
    ExceptionKind.PLACE_PASSED_ON: _l("Tempat dilepas lalu langsung diambil untuk orang lain"),
    ExceptionKind.IN_NO_TIME: _l("Selesai dilayani dalam sekejap"),
    ExceptionKind.ODD_HOUR: _l("Masuk pada jam yang tidak biasa"),
    ExceptionKind.DATA_REVEALED: _l("Data pribadi dibuka"),
}
_OUTLIER = _l("Paling sedikit %(least)s, dan lebih dari %(times)s kali median rekannya.")
_RULES = {
    ExceptionKind.BEYOND_QUOTA: _l("Setiap tempat atau nomor di luar kuota, dengan alasannya."),
    ExceptionKind.ORDER_CHANGED: _l("Setiap prioritas yang diubah, dan setiap orang yang didahulukan."),
    ExceptionKind.OUTLYING_BOOKINGS: _OUTLIER,
    ExceptionKind.OUTLYING_CANCELLATIONS: _l(
        "Paling sedikit %(least)s, dan lebih dari %(times)s kali median rekannya."
    ),
    ExceptionKind.ONE_PHONE: _l("Paling sedikit %(phone)s pemesanan dalam sehari. Nomornya tidak ditampilkan."),
    ExceptionKind.ONE_OPERATOR: _l("Lebih dari %(operator)s oleh operator desa, lebih dari %(key)s oleh kunci API."),
    ExceptionKind.PLACE_PASSED_ON: _l(
        "Dalam %(minutes)s menit, pada jam yang sama, oleh nomor HP, petugas, atau kunci API yang sama."
    ),
    ExceptionKind.IN_NO_TIME: _l(
        "Paling sedikit %(quick)s kunjungan oleh satu petugas: dari panggilan pertama sampai selesai kurang dari "
        "%(seconds)s detik, dan kurang dari sepersepuluh lama pelayanan yang ditulis kantor. Yang gagal atau ditolak "
        "karena berkasnya kurang tidak termasuk."
    ),
    ExceptionKind.ODD_HOUR: _l("Lebih dari %(around)s menit di luar jam pelayanan hari itu, atau saat tutup."),
    ExceptionKind.DATA_REVEALED: _l("Setiap kontak atau daftar yang dibuka. Biasanya pekerjaan sehari-hari."),
}
MOST_CODES = 12  # of one line


@dataclass(frozen=True)
class ExceptionLine:
    """``entry_id``: of the audit log, the last of it. ``tickets``: code and ticket, as many as one reads."""

    at: datetime
    who: str
    tickets: tuple[tuple[str, Ticket], ...]
    more: int
    detail: str
    entry_id: int


def rule_said(kind: ExceptionKind) -> str:
    return str(_RULES[kind]) % {
        "least": OUTLIER_LEAST,
        "times": OUTLIER_TIMES,
        "phone": BOOKINGS_A_PHONE,
        "operator": BOOKINGS_AN_OPERATOR,
        "key": BOOKINGS_A_KEY,
        "minutes": int(TAKEN_WITHIN.total_seconds() // 60),
        "quick": IN_NO_TIME_LEAST,
        "seconds": int(IN_NO_TIME.total_seconds()),
        "around": int(AROUND_HOURS.total_seconds() // 60),
    }


def line_said(finding: Finding, tickets: Mapping[int, Ticket], names: Mapping[str, str]) -> ExceptionLine:
    last = finding.acts[-1]
    bookings = dict.fromkeys(act.booking_id for act in finding.acts if act.booking_id in tickets)
    named = [tickets[booking_id] for booking_id in bookings if booking_id is not None]
    return ExceptionLine(
        at=last.at,
        who=actor_said(finding.actor, names.get(finding.actor)),
        tickets=tuple((show_code(ticket.booking.code), ticket) for ticket in named[:MOST_CODES]),
        more=max(0, len(named) - MOST_CODES),
        detail=_detail(finding),
        entry_id=last.entry_id,
    )


def _detail(finding: Finding) -> str:
    if finding.usual is not None:
        told = {"count": finding.count, "usual": f"{finding.usual:g}"}
        return _("%(count)s kali; median rekannya %(usual)s") % told
    if finding.kind is ExceptionKind.IN_NO_TIME:
        took = sorted(int(act.took.total_seconds()) for act in finding.acts)
        return _("%(count)s kunjungan, selesai dalam %(least)s sampai %(most)s detik") % {
            "count": finding.count,
            "least": took[0],
            "most": took[-1],
        }
    if finding.count:
        return _("%(count)s pemesanan") % {"count": finding.count}
    if finding.kind is ExceptionKind.PLACE_PASSED_ON:
        seconds = int((finding.acts[1].at - finding.acts[0].at).total_seconds())
        return _("dilepas, lalu diambil %(seconds)s detik kemudian") % {"seconds": seconds}
    return finding.acts[-1].reason or str(PURPOSES.get(finding.acts[-1].purpose, ""))
