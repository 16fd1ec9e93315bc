"""Refusals of what somebody typed: what is wrong with it, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable

from queue_app.domain.errors import DomainError
from queue_app.web.site.language import gettext as _

Sentence = Callable[[DomainError, str | None], str]


def _nik(error: DomainError, zone: str | None) -> str:
    where = _("Periksa lagi pada KTP-el atau Kartu Keluarga.")
    reasons = {
        "length": _("NIK terdiri atas 16 angka, tanpa huruf."),
        "birth_date": _("Angka ke-7 sampai ke-12 NIK ini bukan tanggal lahir yang ada."),
        "serial": _("Empat angka terakhir NIK tidak mungkin 0000."),
        "region": _("Dua angka pertama NIK ini bukan kode provinsi yang ada."),
    }
    return f"{reasons.get(str(error.details.get('reason')), _('NIK ini tidak mungkin benar.'))} {where}"


def _contact(error: DomainError, zone: str | None) -> str:
    reasons = {
        "phone": _("Tulis nomor telepon kantor, misalnya (021) 345 678."),
        "address": _("Tulis alamat web yang lengkap, diawali https://, misalnya https://www.contoh.go.id."),
    }
    return reasons.get(str(error.details.get("reason")), _("Permintaan ini tidak dapat dipenuhi."))


def _name(error: DomainError, zone: str | None) -> str:
    reasons = {
        "empty": _("Tulis nama lengkap seperti pada Kartu Keluarga."),
        "number": _("Ini tampaknya NIK atau nomor HP. Tulis nama lengkap seperti pada Kartu Keluarga."),
        "long": _("Nama ini terlalu panjang: %(count)s huruf. Tulis paling banyak %(maximum)s, misalnya tanpa gelar."),
        "letters": _("Nama ini tidak berisi huruf. Tulis nama lengkap seperti pada Kartu Keluarga."),
        "marks": _("Tanda %(mark)s tidak dapat dipakai dalam nama. Titik, koma, tanda petik, dan garis boleh."),
        "digits": _("Nama ini berisi angka. Hapus angkanya, atau nyatakan bahwa di kartu memang tertulis begitu."),
    }
    reason = str(error.details.get("reason"))
    if reason == "marks" and not error.details.get("mark"):
        return _("Nama ini berisi tanda yang tidak dapat ditampilkan. Ketik ulang namanya.")
    return reasons.get(reason, reasons["empty"]) % error.details


def _phone(error: DomainError, zone: str | None) -> str:
    example = _("Tulis nomor HP Indonesia, misalnya 0812 3456 7890.")
    reasons = {
        "foreign": _("Ini tampaknya nomor luar negeri."),
        "short": _("Nomor ini terlalu pendek: %(digits)s angka, seharusnya %(least)s sampai %(most)s."),
        "long": _(
            "Nomor ini terlalu panjang: %(digits)s angka, seharusnya %(least)s sampai %(most)s. Satu nomor saja."
        ),
    }
    reason = reasons.get(str(error.details.get("reason")))
    return f"{reason % error.details} {example}" if reason else example


def _email(error: DomainError, zone: str | None) -> str:
    if error.details.get("reason") == "unusual":
        return _(
            "Di depan tanda @ ada huruf yang ditolak banyak penyedia email: %(signs)s. "
            "Perbaiki, atau nyatakan bahwa alamatnya memang begini."
        ) % {"signs": error.details.get("signs", "")}
    return _("Tulis alamat email yang benar, misalnya nama@contoh.id.")


def _search(error: DomainError, zone: str | None) -> str:
    reasons = {
        "empty": _("Ketik atau pindai sesuatu dulu."),
        "short": _("Nama paling sedikit tiga huruf."),
        "figures": _(
            "Angka ini bukan NIK (16 angka), nomor HP, kode pemesanan (8 huruf atau angka), "
            "atau nomor antrean (1–4 angka)."
        ),
    }
    return reasons.get(str(error.details.get("reason")), _("Yang diketik tidak dapat dicari. Lihat contoh di bawah."))


OF_TYPED: dict[str, Sentence] = {
    "invalid_nik": _nik,
    "invalid_contact": _contact,
    "invalid_name": _name,
    "invalid_phone": _phone,
    "invalid_email": _email,
    "invalid_search": _search,
}
