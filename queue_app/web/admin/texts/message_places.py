"""The places in a message's text, in words, and what stands there in an example."""

from __future__ import annotations

from flask import current_app, render_template

from queue_app.adapters.language import ENGLISH, INDONESIAN
from queue_app.domain.message_texts import PLACES, closing_of, fill_in, parts_of
from queue_app.domain.reminders import MessageKind
from queue_app.web.request import settings
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


def examples(kind: MessageKind, language: str, office: str, zone: str) -> dict[str, str]:
    """With the ``office``'s own name, and the hours of its ``zone`` (a label, ``WIT``)."""
    told = _EXAMPLES | (_IN_ENGLISH if language == ENGLISH else _IN_INDONESIAN) | {"kantor": office}
    told |= {"tawaran": _offered(kind, told, language)}
    return {place: text.replace("WIB", zone) for place, text in told.items()}


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


def closing(kind: MessageKind, language: str) -> str:
    return "\n\n".join(render_template(f"messages/parts/{part}.{language}.txt").strip() for part in closing_of(kind))


def built_in(kind: MessageKind, language: str) -> dict[str, str]:
    """Subject and text that the office changes when it words a message for the first time: what the program sends, with
    the places in it.
    """
    place = {name: f"{{{name}}}" for name in PLACES[kind]}
    ticket = {"number": "{nomor}", "initials": None, "link": "{tautan}"}
    values = {
        **{"code": "{kode}", "service": "{layanan}", "day": "{hari}", "window": "{jam}", "office": "{kantor}"},
        **{"address": "{alamat}", "map_url": "{peta}", "requirements": ["{syarat}"], "places": [ticket]},
        **{"closed_day": "{hari}", "closed_window": "{jam}", "closed_office": "{kantor}", "closed_because": "{sebab}"},
        **{"part_of_day": True, "offered": None, "first_choice_until": None, "offered_back": False, "remaining": []},
        **{"accept_link": "{tautan}/terima", "choose_link": "{tautan}/ubah", "cancel_link": "{tautan}/batal"},
        **{
            "given": True,
            "may_move": True,
            "may_cancel": True,
            "move_until": "",
            "public_url": settings().public_url,
            "today": True,
        },
    }
    environment = current_app.jinja_env.overlay(autoescape=False, trim_blocks=True, lstrip_blocks=True)

    def written(part: str) -> str:
        return environment.get_template(f"messages/parts/{part}.{language}.txt").render(values).strip()

    text = environment.get_template(f"messages/{kind}/{language}.txt").render(values).strip()
    for name, part in parts_of(kind).items():
        text = text.replace(written(part), place[name])
    for part in closing_of(kind):
        text = text.replace(written(part), "")
    if "ubah" in place:
        text = text.replace("{tautan}/ubah", "{ubah}")
    subject, _, body = text.replace("- {syarat}", "{syarat}").partition("\n")
    if kind is MessageKind.DAY_OPENED:
        subject = subject.partition(":")[0]  # the rest goes by what becomes of their appointment
    return {"subject": fill_in(subject, place), "body": fill_in(body, place)}
