"""Where a ticket stands in words: for its page and its papers, and for the lists of staff."""

from __future__ import annotations

from queue_app.domain.stages import Stage
from queue_app.domain.visits import FAILED, Outcome
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

STAGES = {
    Stage.BOOKED: _l("Akan datang"),
    Stage.TODAY: _l("Hari ini"),
    Stage.ARRIVED: _l("Hadir"),
    Stage.CALLED: _l("Dipanggil"),
    Stage.IN_SERVICE: _l("Sedang dilayani"),
    Stage.SERVED: _l("Selesai dilayani"),
    Stage.MISSED: _l("Tidak hadir"),
    Stage.MOVED: _l("Dipindah"),
    Stage.CANCELLED: _l("Dibatalkan"),
    Stage.WITHDRAWN: _l("Ditutup kantor"),
    Stage.OVER: _l("Sudah lewat"),
}
# What helps the next time, where the person can help it.
ADVICE = {
    Outcome.FAILED_IRIS: _l("Lepas lensa kontak; jangan datang sesudah mata diobati."),
    Outcome.FAILED_FINGERPRINT: _l("Tangan bersih dan kering, tanpa inai atau luka di ujung jari."),
    Outcome.FAILED_DATA: _l("Bawa dokumen asli yang membuktikan data yang benar."),
}
_WHY = {
    Outcome.FAILED_IRIS: _l("Iris mata belum dapat direkam."),
    Outcome.FAILED_FINGERPRINT: _l("Sidik jari belum dapat direkam."),
    Outcome.FAILED_DATA: _l("Data Anda belum cocok dengan data pusat."),
    Outcome.FAILED_DEVICE: _l("Alat kami sedang bermasalah."),
    Outcome.FAILED_NETWORK: _l("Jaringan kami sedang bermasalah."),
    Outcome.REFUSED: _l("Berkasnya belum lengkap."),
    Outcome.UNRECORDED: _l("Hasil pelayanannya belum dicatat."),
}


def name_of(stage: Stage, outcome: Outcome | None = None) -> str:
    """In two or three words; who was at the counter in vain is not told that all is done."""
    return outcome_title(outcome) if stage is Stage.SERVED else str(STAGES[stage])


def outcome_title(outcome: Outcome | None) -> str:
    if outcome is Outcome.UNRECORDED:
        return _("Hasil belum dicatat")
    return _("Belum berhasil") if outcome in _WHY else _("Selesai dilayani")


def outcome_sentences(outcome: Outcome | None) -> tuple[str, ...]:
    """What came of the visit and what to do now, for the person."""
    if outcome is None or outcome not in _WHY:
        return (_("Anda sudah dilayani. Terima kasih sudah datang."),)
    advice = (str(ADVICE[outcome]),) if outcome in ADVICE else ()
    if outcome is Outcome.UNRECORDED:
        again = _("Tanyakan kepada petugas apakah pelayanannya sudah selesai.")
    elif outcome in FAILED:
        again = _(
            "Anda berhak datang lagi tanpa menunggu kuota: minta hari dan jamnya kepada petugas loket atau meja depan."
        )
    else:
        again = _("Lengkapi berkasnya, lalu pesan lagi.")
    return (str(_WHY[outcome]), *advice, again)
