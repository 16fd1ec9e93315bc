"""The nine elements of the survey: what each is called, what is asked, and what each score says."""

from __future__ import annotations

from collections import UserString
from dataclasses import dataclass

from queue_app.domain.figures.openness import FEWEST
from queue_app.domain.surveys import Element, Grade, Result
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

Words = UserString


@dataclass(frozen=True)
class Question:
    """``scores``: the words for 1 to 4."""

    name: Words
    question: Words
    scores: tuple[Words, Words, Words, Words]


QUESTIONS = {
    Element.REQUIREMENTS: Question(
        _l("Persyaratan"),
        _l("Apakah persyaratan yang diminta sesuai dengan layanannya?"),
        (_l("Tidak sesuai"), _l("Kurang sesuai"), _l("Sesuai"), _l("Sangat sesuai")),
    ),
    Element.PROCEDURE: Question(
        _l("Prosedur"),
        _l("Seberapa mudah prosedur pelayanannya?"),
        (_l("Tidak mudah"), _l("Kurang mudah"), _l("Mudah"), _l("Sangat mudah")),
    ),
    Element.SPEED: Question(
        _l("Waktu penyelesaian"),
        _l("Seberapa cepat Anda dilayani?"),
        (_l("Tidak cepat"), _l("Kurang cepat"), _l("Cepat"), _l("Sangat cepat")),
    ),
    Element.COST: Question(
        _l("Biaya"),
        _l("Layanan ini gratis. Apa yang Anda alami?"),
        (
            _l("Diminta membayar mahal"),
            _l("Diminta membayar"),
            _l("Gratis, tetapi ada ongkos lain"),
            _l("Gratis seluruhnya"),
        ),
    ),
    Element.PRODUCT: Question(
        _l("Hasil layanan"),
        _l("Apakah hasil yang Anda terima sesuai dengan yang dijanjikan?"),
        (_l("Tidak sesuai"), _l("Kurang sesuai"), _l("Sesuai"), _l("Sangat sesuai")),
    ),
    Element.COMPETENCE: Question(
        _l("Kompetensi petugas"),
        _l("Seberapa mampu petugas melayani Anda?"),
        (_l("Tidak mampu"), _l("Kurang mampu"), _l("Mampu"), _l("Sangat mampu")),
    ),
    Element.CONDUCT: Question(
        _l("Perilaku petugas"),
        _l("Apakah petugas sopan dan ramah?"),
        (_l("Tidak sopan"), _l("Kurang sopan"), _l("Sopan dan ramah"), _l("Sangat sopan dan ramah")),
    ),
    Element.COMPLAINTS: Question(
        _l("Penanganan pengaduan"),
        _l("Bagaimana pengaduan dan saran ditangani di kantor ini?"),
        (
            _l("Tidak ada tempat mengadu"),
            _l("Ada, tetapi tidak berfungsi"),
            _l("Berfungsi, kurang maksimal"),
            _l("Dikelola dengan baik"),
        ),
    ),
    Element.FACILITIES: Question(
        _l("Sarana dan prasarana"),
        _l("Bagaimana ruang dan peralatannya?"),
        (_l("Buruk"), _l("Cukup"), _l("Baik"), _l("Sangat baik")),
    ),
}
GRADES = {
    Grade.A: _l("A – Sangat baik"),
    Grade.B: _l("B – Baik"),
    Grade.C: _l("C – Kurang baik"),
    Grade.D: _l("D – Tidak baik"),
}


def grade_word(result: Result, wanted: int) -> str:
    """The grade, and whether fewer answered than are ``wanted``; until it is told, how many there are."""
    if result.grade is None:
        few = {"people": result.people, "fewest": FEWEST}
        return _("belum cukup jawaban (%(people)s dari sedikitnya %(fewest)s)") % few
    grade = str(GRADES[result.grade])
    return grade if result.people >= wanted else _("%(grade)s, responden di bawah minimal") % {"grade": grade}
