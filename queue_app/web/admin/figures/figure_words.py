"""The words of figures, and their definitions in a few words (`docs/rules.md` R-FIGURES)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from queue_app.adapters.language import format_number, format_short_day, format_time
from queue_app.adapters.table_export import Cell
from queue_app.domain.figures.histogram import A_MINUTE, Span
from queue_app.domain.figures.refusals import RefusalReason
from queue_app.domain.priority import Priority
from queue_app.domain.visits import VisitState
from queue_app.web.hall.outcome_words import ANY_OUTCOME
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

PRIORITIES = {
    "none": _l("Tanpa prioritas"),
    Priority.VULNERABLE.value: _l("Lansia, disabilitas, ibu hamil, sakit"),
    Priority.FIRST_TIMER.value: _l("Pemula"),
    Priority.URGENT.value: _l("Mendesak"),
}
ENDS = {
    **{outcome.value: word for outcome, word in ANY_OUTCOME.items()},
    VisitState.ABSENT.value: _l("Tidak menjawab panggilan"),
    VisitState.WAITING.value: _l("Masih menunggu"),
    VisitState.CALLED.value: _l("Sedang dipanggil"),
    VisitState.IN_SERVICE.value: _l("Sedang dilayani"),
    VisitState.HELD.value: _l("Ditunda"),
}
REFUSALS = {
    RefusalReason.FULL: _l("Penuh"),
    RefusalReason.NOT_OPEN_YET: _l("Belum dibuka"),
    RefusalReason.BOOKING_CLOSED: _l("Sudah ditutup"),
    RefusalReason.DAY_CLOSED: _l("Hari tutup"),
}
DEFINITIONS = {
    "places": _l(
        "Kuota: tempat yang direncanakan, tanpa yang ditutup. Dipesan: tiket yang sampai akhir hari tidak dibatalkan "
        "atau dipindah. Datang: yang memesan dan dicatat hadir. Tidak datang: yang sampai jam terakhir tidak pernah "
        "hadir. Yang datang tanpa pemesanan dihitung sendiri. Setiap orang dihitung pada layanan di tiketnya."
    ),
    "wait": _l(
        "Waktu tunggu: dari hadir sampai panggilan pertama. Yang datang lebih awal dihitung dari awal jam "
        "kedatangannya; yang tanpa pemesanan dari saat hadir. Yang belum pernah dipanggil tidak dihitung."
    ),
    "service_time": _l("Lama layanan: dari mulai sampai selesai, tanpa waktu ditunda. Hanya yang selesai dilayani."),
    "percentile": _l(
        "Median: separuh orang menunggu paling lama sekian. Persentil 90: sembilan dari sepuluh orang menunggu paling "
        "lama sekian."
    ),
    "bars": _l("Median dan persentil 90 rentang hari disebut sebagai kelas tempat nilainya berada."),
    "sold_out": _l(
        "Habis: saat tempat umum terakhir diambil. Pembatalan membuat hari itu terbuka lagi: “pertama” ialah saat "
        "pertama kali penuh, “sampai akhir” saat terakhir sesudah mana tidak ada lagi yang kosong."
    ),
    "lead": _l("Jarak pemesanan: hari dari pemesanan, atau pindah jadwal yang terakhir, sampai hari kedatangan."),
    "absence": _l("Absen: yang tidak datang, dari semua pemesan yang datang atau tidak datang."),
    "channel": _l("Saluran tiket yang bertahan sampai akhir hari, termasuk yang datang tanpa pemesanan."),
    "outcome": _l(
        "Hasil kunjungan yang dicatat loket. Dijamin datang lagi: gagal bukan karena warga, atau hari berakhir lebih "
        "dulu."
    ),
    "again": _l(
        "Datang lagi: orang yang hadir, dan dalam 30 hari sebelumnya sudah pernah hadir untuk layanan yang sama di "
        "kantor ini, apa pun sebabnya. Dihitung dari kode acak NIK sebelum dihapus; yang tanpa NIK tidak ikut."
    ),
    "refused": _l(
        "Ditolak: percobaan memesan yang tidak mendapat tempat, menurut hari yang diminta. Yang dihitung percobaan, "
        "bukan orang: satu orang dapat mencoba berkali-kali. Jumlahnya sedikitnya sekian, karena yang belum tercatat "
        "hilang bila server berhenti mendadak, dan yang melihat hari penuh biasanya tidak mencoba."
    ),
    "work": _l(
        "Dilayani: kunjungan yang diselesaikan petugas itu. Waktu di loket: dari panggilan sampai loket bebas lagi. "
        "Yang dilayani lewat daftar kedatangan tidak punya loket."
    ),
    "demand": _l(
        "Kuota lain: untuk yang dibantu petugas dan prioritas. Tiket: semua yang pernah dibuat untuk hari itu, juga "
        "yang dibatalkan atau dipindah."
    ),
}


def defined(*names: str) -> tuple[str, ...]:
    return tuple(str(DEFINITIONS[name]) for name in names)


def minutes(seconds: float | None) -> str:
    """``12 menit``; a dash for nothing."""
    if seconds is None:
        return "–"
    return _("%(number)s menit") % {"number": round(seconds / A_MINUTE)}


def span_in_minutes(span: Span | None) -> str:
    """``10–15 menit``: the bar in which a percentile lies."""
    if span is None:
        return "–"
    if span.high is None:
        return _("%(number)s menit atau lebih") % {"number": span.low}
    return _("%(low)s–%(high)s menit") % {"low": span.low, "high": span.high}


def mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def written(number: float | None) -> str:
    """``12,5``; a dash for nothing."""
    return "–" if number is None else format_number(number, current_language())


def cell_written(value: Cell) -> str:
    """A cell as it is read on the page."""
    language = current_language()
    match value:
        case datetime():
            return f"{format_short_day(value.date(), language)}, {format_time(value.time(), None, language)}"
        case date():
            return format_short_day(value, language)
        case None | float():
            return written(value)
    return str(value)
