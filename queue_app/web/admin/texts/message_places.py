"""The places in a message's text, in words, and what stands there in an example."""

from __future__ import annotations

from flask import render_template

from queue_app.adapters.language import ENGLISH, INDONESIAN
from queue_app.domain.reminders import MessageKind
from queue_app.web.site.language import lazy_gettext as _l

PLACE_WORDS = {
    "nomor": _l("nomor antrean, dengan inisial"),
    "kode": _l("kode pemesanan"),
    "layanan": _l("nama layanan"),
    "hari": _l("hari dan tanggal"),
    "jam": _l("jam kedatangan"),
    "kantor": _l("nama kantor"),
    "alamat": _l("alamat kantor"),
    "tautan": _l("tautan ke tiket, untuk tiap orang"),
    "peta": _l("tautan peta, kosong kalau tidak ada"),
    "syarat": _l("yang perlu dibawa, satu baris satu syarat"),
    "perubahan": _l("sampai kapan jadwal dapat dipindah atau dibatalkan"),
    "sebab": _l("alasan penutupan"),
    "tawaran": _l("jadwal pengganti, sampai kapan disimpan, dan tautan untuk menjawab"),
    "ubah": _l("tautan untuk memilih jam atau hari lain"),
    "survei": _l("tautan ke survei, untuk tiap orang"),
}
# Of nobody; in the language of the message and not of the page.
_EXAMPLES = {
    "nomor": "A-012 (S. W.)",
    "kode": "7KX9-2MQA",
    "kantor": "Dispendukcapil",
    "alamat": "Jl. Raya Sukowati 255",
    "tautan": "https://antrean.example/t/…",
    "peta": "https://www.openstreetmap.org/…",
    "ubah": "https://antrean.example/t/…/ubah",
    "survei": "A-012: https://antrean.example/t/…/survei",
}
_IN_INDONESIAN = {
    "layanan": "Perekaman KTP-el",
    "hari": "Senin, 23 November 2026",
    "jam": "09.00–10.00 WIB",
    "syarat": "- Fotokopi Kartu Keluarga (KK)",
    "perubahan": "Berhalangan? Pindah ke hari lain lewat tautan tiket sampai Minggu, 22 November 2026 pukul 12.00 WIB.",
    "sebab": "Listrik padam",
}
_IN_ENGLISH = {
    "layanan": "Biometric recording for the first card",
    "hari": "Monday, 23 November 2026",
    "jam": "09:00–10:00 WIB",
    "syarat": "- Copy of the family card (KK)",
    "perubahan": "Cannot come? Move to another day by the ticket's link until Sunday, 22 November 2026, 12:00 WIB.",
    "sebab": "Power cut",
}
_OFFERED = {
    INDONESIAN: ("Selasa, 24 November 2026", "Senin, 23 November 2026 pukul 12.00 WIB"),
    ENGLISH: ("Tuesday, 24 November 2026", "Monday, 23 November 2026, 12:00 WIB"),
}
_ANSWERS = {"accept": "terima", "choose": "ubah", "cancel": "batal"}


def examples(kind: MessageKind, language: str) -> dict[str, str]:
    told = _EXAMPLES | (_IN_ENGLISH if language == ENGLISH else _IN_INDONESIAN)
    return told | {"tawaran": _offered(kind, told, language)}


def _offered(kind: MessageKind, told: dict[str, str], language: str) -> str:
    """Another place for whoever lost theirs; or that the old one is free again."""
    day, until = _OFFERED[language]
    place = {"day": day, "window": told["jam"], "office": told["kantor"], "address": told["alamat"], "until": until}
    links = {f"{way}_link": f"{told['tautan']}/{word}" for way, word in _ANSWERS.items()}
    if kind is MessageKind.DAY_OPENED:
        ticket = {"number": told["nomor"], "initials": None, "link": told["tautan"]}
        now = {"day": day, "window": told["jam"], "code": told["kode"], "places": [ticket], "offered_back": True}
        then = {"closed_day": told["hari"], "closed_window": told["jam"]}
        return render_template(f"messages/parts/opened.{language}.txt", **now, **then, **links).strip()
    return render_template(f"messages/parts/offer.{language}.txt", offered=place, **links).strip()


def closing(language: str) -> str:
    """The lines under every message, which no office can leave out: that nothing is to be paid."""
    return render_template(f"messages/parts/closing.{language}.txt")
