"""Refusals for people: a sentence or two at the field or above the page that asked, in both languages."""

from __future__ import annotations

from queue_app.adapters.language import format_instant
from queue_app.domain.errors import DomainError
from queue_app.domain.tickets import show_number
from queue_app.web.site.language import current_language, ngettext
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .accounts import OF_ACCOUNTS
from .calendar import OF_CALENDAR
from .exchange import OF_EXCHANGE
from .lost import lost_to_citizen
from .partners import refused_webhook
from .rosters import OF_ROSTERS
from .second_person import agreement, second_person
from .setup import refused_setup
from .surveys import OF_SURVEYS, coverage, remark
from .texts import refused_announcement, refused_message_text
from .typed import OF_TYPED, Sentence


def message_for(error: DomainError, zone: str | None = None) -> str:
    """One or two sentences: what is the matter and what to do. With the office's ``zone`` they name times as well."""
    if error.code in SENTENCES_WITH_FACTS:
        return SENTENCES_WITH_FACTS[error.code](error, zone)
    return str(SENTENCES.get(error.code, SENTENCES["refused"]))


def _not_open_yet(error: DomainError, zone: str | None) -> str:
    if zone and (opens_at := error.details.get("opens_at")):
        told = {"opens_at": format_instant(opens_at, zone, current_language())}
        return _("Pemesanan untuk hari itu baru dibuka %(opens_at)s.") % told
    return _("Pemesanan untuk hari itu belum dibuka. Pilih hari yang lebih awal.")


def _booking_closed(error: DomainError, zone: str | None) -> str:
    if zone and "closed_at" in error.details:
        closed_at = format_instant(error.details["closed_at"], zone, current_language())
        return _("Pemesanan untuk hari itu ditutup %(closed_at)s. Pilih hari lain.") % {"closed_at": closed_at}
    return _("Pemesanan untuk hari itu sudah ditutup. Pilih hari lain.")


def _change_closed(error: DomainError, zone: str | None) -> str:
    if zone and "closed_at" in error.details:
        told = {"closed_at": format_instant(error.details["closed_at"], zone, current_language())}
        return _("Itu hanya dapat dilakukan sampai %(closed_at)s. Kalau berhalangan, hubungi petugas.") % told
    return _("Batas waktu untuk memindah atau membatalkan sudah lewat. Hubungi petugas bila berhalangan.")


def _breach(error: DomainError, zone: str | None) -> str:
    reasons = {
        "personal": _("Jangan tulis NIK atau nomor HP di sini: teks ini disimpan dan dikirim kepada banyak orang."),
        "dates": _("Hari terakhir harus sesudah hari pertama."),
        "future": _("Waktu diketahui belum tiba. Periksa tanggal dan jamnya."),
        "data": _("Centang data yang terkena."),
        "template": _("Teksnya belum selesai: ganti dulu semua yang di dalam kurung siku."),
        "told": _("Yang terkena sudah diberi tahu, jadi catatan ini tidak dapat diubah lagi."),
    }
    return reasons.get(str(error.details.get("reason")), _("Tulis teksnya, paling banyak 2.000 karakter."))


def _weak_password(error: DomainError, zone: str | None) -> str:
    minimum = {"minimum": error.details.get("minimum", 12)}
    return _("Kata sandi paling sedikit %(minimum)s karakter dan sulit ditebak: bukan yang umum, bukan nama.") % minimum


def _reason(error: DomainError, zone: str | None) -> str:
    if error.details.get("why") == "personal":
        return _("Jangan tulis NIK atau nomor HP di sini: alasan disimpan lama dan dibaca orang lain.")
    if error.details.get("why") == "length":
        return _("Tulis lebih singkat, paling banyak 300 karakter.")
    return _("Tulis alasannya, supaya kelak jelas mengapa ini diubah.")


def _walk_ins_used_up(error: DomainError, zone: str | None) -> str:
    return _("Nomor tanpa pemesanan untuk hari ini sudah habis (%(cap)s). Pilih jam lain.") % {
        "cap": error.details.get("cap", "")
    }


def _printer(error: DomainError, zone: str | None) -> str:
    reasons = {
        "host": _("Tulis alamat IP atau nama mesin saja, misalnya 192.168.1.50."),
        "port": _("Tulis angka dari 1 sampai 65535, biasanya 9100."),
    }
    return reasons.get(str(error.details.get("reason")), _("Tulis nama yang singkat, paling banyak 60 karakter."))


def _call_open(error: DomainError, zone: str | None) -> str:
    if "number" in error.details:
        number = show_number(error.details["letter"], error.details["number"])
        return _("Nomor %(number)s masih di loket ini. Selesaikan, tunda, atau lewati dulu.") % {"number": number}
    return _("Loket ini masih memanggil atau melayani seseorang. Selesaikan dulu.")


def _call_again(error: DomainError, zone: str | None) -> str:
    return _("Baru dipanggil %(calls)s kali. Menurut aturan, nomor baru boleh dilewati sesudah %(needed)s kali.") % {
        "calls": error.details.get("calls", ""),
        "needed": error.details.get("needed", ""),
    }


def _too_many_attempts(error: DomainError, zone: str | None) -> str:
    minutes = -(-int(error.details.get("retry_after", 60)) // 60)
    return ngettext(
        "Terlalu banyak percobaan. Tunggu satu menit, lalu coba lagi.",
        "Terlalu banyak percobaan. Tunggu %(minutes)s menit, lalu coba lagi.",
        minutes,
    ) % {"minutes": minutes}


def _counter_taken(error: DomainError, zone: str | None) -> str:
    return _("Loket ini ditempati %(name)s.") % {"name": error.details.get("name", "")}


def _undo_expired(error: DomainError, zone: str | None) -> str:
    if error.details.get("minutes") == 1:
        return _("Batas waktu untuk mengurungkan, satu menit, sudah lewat.")
    return _("Batas waktu untuk mengurungkan, dua menit, sudah lewat.")


def _no_more_time(error: DomainError, zone: str | None) -> str:
    if error.details.get("why") == "last":
        return _(
            "Anda yang terakhir dalam antrean, jadi belum ada yang dapat didahulukan. Urutan Anda tetap, dan "
            "“Perlu waktu lagi” masih dapat dipakai nanti. Bila tidak sempat, beri tahu petugas di meja depan."
        )
    return _("Tambahan waktu hanya sekali, dan hanya selama Anda masih menunggu.")


def _request_changed(error: DomainError, zone: str | None) -> str:
    if error.details.get("act"):
        return _("Halaman ini sudah dipakai untuk orang lain. Tidak ada yang dicatat: ulangi sekali lagi.")
    return _("Dengan isian ini Anda sudah memesan jam lain. Buka tiketnya; di sana jadwalnya dapat dipindah.")


SENTENCES_WITH_FACTS: dict[str, Sentence] = {
    **OF_TYPED,
    **OF_ACCOUNTS,
    **OF_CALENDAR,
    **OF_ROSTERS,
    **OF_EXCHANGE,
    "not_open_yet": _not_open_yet,
    "ticket_lost": lost_to_citizen,
    "booking_closed": _booking_closed,
    "change_closed": _change_closed,
    "invalid_setup": refused_setup,
    "invalid_announcement": refused_announcement,
    "invalid_message_text": refused_message_text,
    "weak_password": _weak_password,
    "invalid_remark": remark,
    "invalid_coverage": coverage,
    "invalid_breach": _breach,
    "reason_required": _reason,
    "invalid_printer": _printer,
    "invalid_webhook": refused_webhook,
    "walk_ins_used_up": _walk_ins_used_up,
    "call_open": _call_open,
    "call_again_first": _call_again,
    "counter_taken": _counter_taken,
    "too_many_attempts": _too_many_attempts,
    "undo_expired": _undo_expired,
    "no_more_time": _no_more_time,
    "request_changed": _request_changed,
    "agreement_needed": agreement,
    "second_person_needed": second_person,
}
SENTENCES = {
    **OF_SURVEYS,
    "refused": _l("Permintaan ini tidak dapat dipenuhi."),
    "not_found": _l("Yang Anda cari tidak ditemukan. Periksa lagi tautan atau kodenya."),
    "nothing_to_print": _l("Tiket ini sudah dibatalkan atau dipindah, jadi tidak ada yang dapat dicetak."),
    "invalid_party": _l("Satu pemesanan untuk satu sampai lima orang yang berbeda dalam satu Kartu Keluarga."),
    "slot_full": _l("Tempat terakhir pada jam itu baru saja terisi. Data Anda masih ada: pilih jam lain."),
    "already_booked": _l(
        "NIK ini sudah punya tiket yang masih berlaku untuk layanan ini. "
        "Buka tiketnya dengan kode pemesanan, atau batalkan dulu."
    ),
    "personal_data_unreadable": _l(
        "Data orang ini tidak terbaca, jadi tidak dapat dipakai lagi. "
        "Pesankan dari awal dengan dokumennya, dan beri tahu pengelola sistem."
    ),
    "day_closed": _l("Tidak ada pelayanan pada hari itu. Pilih hari lain."),
    "illegal_transition": _l("Keadaan tiket ini sudah berubah. Muat ulang halaman, lalu coba lagi."),
    "processing_suspended": _l("Orangnya meminta pemakaian datanya ditunda: kontaknya tidak ditampilkan."),
    "still_being_served": _l(
        "Anda sedang menunggu atau dilayani, jadi datanya masih diperlukan. Permintaan ini dicatat; kantor "
        "menghapusnya sesudah Anda selesai, atau ulangi nanti di sini."
    ),
    "request_answered": _l("Permintaan ini sudah dijawab oleh orang lain. Muat ulang halaman."),
    "not_your_counter": _l("Anda tidak duduk di loket ini. Pilih loket dulu."),
    "counter_number_taken": _l("Nomor loket ini sudah ada."),
    "counter_paused": _l("Loket ini sedang jeda. Tekan Lanjut dulu."),
    "enough_calls": _l("Nomor ini sudah dipanggil sebanyak yang diatur. Lewati, atau mulai melayani."),
    "called_at_counters": _l(
        "Layanan ini dipanggil di loket menurut urutan. Untuk mendahulukan seseorang, tulis alasannya di “Dahulukan”."
    ),
    "disrupted": _l("Pelayanan ini sedang terganggu, jadi tidak ada yang dipanggil. Urutan tetap."),
    "not_disrupted": _l("Gangguan ini sudah selesai."),
    "illegal_visit_step": _l("Keadaan orang ini sudah berubah. Muat ulang halaman, lalu coba lagi."),
    "repeated_request": _l("Permintaan yang sama sedang diproses. Tunggu sebentar, lalu muat ulang."),
    "offer_gone": _l("Tempat itu tidak disimpan untuk Anda lagi. Pilih hari atau jam lain."),
    "holiday_booked": _l("Pada hari itu sudah ada yang memesan. Tutup dulu harinya, lalu catat sebagai hari libur."),
    "wrong_credentials": _l("Nama pengguna atau kata sandi salah."),
    "invalid_device_name": _l("Tulis nama kios, paling banyak 60 karakter, tanpa NIK atau nomor HP."),
    "unknown_scope": _l("Lingkup kunci ini tidak dikenal."),
    "invalid_key_name": _l("Nama kunci terdiri atas 1–60 huruf, angka, spasi, atau tanda baca biasa."),
    "key_name_taken": _l("Kunci dengan nama ini masih berlaku. Cabut dulu, atau pilih nama lain."),
    "too_many_requests": _l("Batas permintaan per menit untuk kunci ini sudah tercapai."),
    "username_taken": _l("Nama pengguna ini sudah dipakai. Pilih yang lain."),
    "invalid_username": _l(
        "Nama pengguna terdiri atas 3–40 huruf kecil, angka, titik, garis bawah, atau tanda hubung."
    ),
}
