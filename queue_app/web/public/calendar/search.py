"""Finding a service by the words that people use: "KTP hilang" and "akte", not the names of the list.

`static/js/services.js` does the same while somebody types; tests/journeys/test_search.py holds both to one table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from queue_app.domain.identity import holds_personal_number
from queue_app.models import Service
from queue_app.web.site.language import gettext as _

LONGEST = 60  # characters
LEAST_STEM = 4  # letters of a word that may be the beginning of what was typed: "pindah" of "pindahan"
# By the codes of R-SERVICE-1: whatever else people say, in both languages. Name and summary need not be repeated.
WORDS = {
    "KTP_REKAM": "ktpel ektp bikin buat baru pertama pemula rekam perekaman foto sidik jari iris 17 tahun id card new",
    "KTP_REKAM_LUAR": "ktpel ektp rekam perantau luar kota daerah domisili kos mahasiswa id card",
    "KTP_CETAK_HILANG": "ktpel ektp kehilangan hilang dompet dicuri copet cetak print ganti duplikat id card reprint",
    "KTP_CETAK_RUSAK": "ktpel ektp rusak patah pecah buram pudar terbakar cetak print ganti id card reprint broken",
    "KTP_UBAH": "ktpel ektp ganti ubah status kawin nikah menikah cerai alamat nama salah gelar id card married",
    "KTP_PINDAH": "ktpel ektp pindah pindahan datang alamat domisili id card moved",
    "KTP_AMBIL": "ktpel ektp ambil jadi selesai tercetak id card pick up",
    "SUKET": "suket surat keterangan resi sementara ktpel ektp tukar",
    "IKD": "ikd ktp digital hp aplikasi aktivasi app phone",
    "KK_BARU": "kk baru bikin buat nikah menikah kawin keluarga rumah tangga married",
    "KK_UBAH": "kk tambah anggota bayi anak lahir kurang mati meninggal cerai salah ganti kepala keluarga numpang baby",
    "KK_PISAH": "kk pecah pisah cerai sendiri mandiri nikah menikah divorce",
    "KK_HILANG": "kk kehilangan hilang rusak sobek robek cetak print ulang reprint",
    "KIA_05": "kia anak bayi balita kartu baby",
    "KIA_17": "kia anak sekolah pelajar kartu",
    "PINDAH": "pindah pindahan keluar skpwni sk merantau luar kota move away",
    "DATANG": "pindah pindahan masuk datang skpwni move here",
    "AKTA_LAHIR": "akte akta lahir kelahiran bayi anak baby",
    "AKTA_MATI": "akte akta mati meninggal wafat kematian death",
    "AKTA_KAWIN": "akte akta nikah menikah kawin perkawinan pernikahan kristen katolik hindu buddha wedding",
    "LEGALISIR": "legalisir legalisasi cap fotokopi copy salinan stempel akte ktp kk",
    "SINKRON": "sinkron nik tidak aktif online ditolak bank bpjs konsolidasi dukcapil pusat vaksin sim kartu",
    "KONSUL": "tanya bertanya informasi bantuan keluhan lapor pengaduan pungli calo ask help complain",
}
# Words that tell nothing about a service.
_TELLING_NOTHING = (
    "saya aku mau ingin bikin buat membuat urus mengurus ngurus cara untuk yang di ke dan atau dari punya karena surat "
    "i my me a an the to for of want need get make how and or"
)
FILLERS = frozenset(_TELLING_NOTHING.split())


@dataclass(frozen=True)
class Found:
    """``codes``: of the services to show; ``words``: by which each is known, and ``fillers``, for the script."""

    typed: str
    codes: frozenset[str]
    text: str
    words: dict[str, str]
    fillers: str = " ".join(sorted(FILLERS))


def search(services: Sequence[Service], typed: str) -> Found:
    """All of them when nothing was typed, and when nothing fits: then the text says so."""
    typed = "" if holds_personal_number(typed) else " ".join(typed[:LONGEST].split())  # a NIK stands nowhere
    codes = matching(services, typed)
    text = _("Layanan yang cocok: %(count)s") % {"count": len(codes)}
    if not codes:
        text = _(
            "Tidak ada layanan yang cocok. Coba kata lain, misalnya KTP, KK, akta, atau pindah. "
            "Semua layanan ada di bawah ini."
        )
    return Found(
        typed=typed,
        codes=codes or frozenset(service.code for service in services),
        text=text if wanted_words(typed) else "",
        words={service.code: " ".join(known_words(service)) for service in services},
    )


def matching(services: Sequence[Service], typed: str) -> frozenset[str]:
    """The codes of those that have most of the words, which for most questions is all of them."""
    words = wanted_words(typed)
    scores = {service.code: _score(known_words(service), words) for service in services}
    best = max(scores.values(), default=0)
    return frozenset(code for code, score in scores.items() if score == best) if best else frozenset()


def known_words(service: Service) -> tuple[str, ...]:
    """By which a service is found, each once, in small letters and without accents."""
    text = f"{service.name_id} {service.summary_id} {service.name_en} {service.summary_en}"
    return tuple(dict.fromkeys(_split(f"{text} {WORDS.get(service.code, '')}")))


def wanted_words(typed: str) -> list[str]:
    """Those that tell something; all of them, when none does."""
    words = _split(typed)
    return [word for word in words if word not in FILLERS] or words


def _split(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.lower())
    return re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.category(sign).startswith("M")))


def _score(known: Sequence[str], words: Sequence[str]) -> int:
    return sum(any(_is_said(word, one) for one in known) for word in words)


def _is_said(word: str, known: str) -> bool:
    return known.startswith(word) or (len(known) >= LEAST_STEM and word.startswith(known))
