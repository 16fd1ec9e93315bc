"""The outcomes of a service in the words of staff."""

from __future__ import annotations

from queue_app.domain.visits import Outcome
from queue_app.web.site.language import lazy_gettext as _l

OUTCOMES = {
    Outcome.DONE: _l("Berhasil"),
    Outcome.FAILED_IRIS: _l("Gagal: iris"),
    Outcome.FAILED_FINGERPRINT: _l("Gagal: sidik jari"),
    Outcome.FAILED_DATA: _l("Gagal: data tidak cocok"),
    Outcome.FAILED_DEVICE: _l("Gagal: alat"),
    Outcome.FAILED_NETWORK: _l("Gagal: jaringan"),
    Outcome.REFUSED: _l("Ditolak: berkas kurang"),
}
# Those too that no counter gives.
ANY_OUTCOME = {
    **OUTCOMES,
    Outcome.NOT_SERVED: _l("Belum dilayani: hari pelayanan berakhir"),
    Outcome.UNRECORDED: _l("Hasil belum dicatat"),
}
