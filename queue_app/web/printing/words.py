"""The outcomes of printing in words: what is the matter and what to do now."""

from __future__ import annotations

from dataclasses import dataclass

from queue_app.domain.printing import PrintProblem, PrintState
from queue_app.web.site.language import lazy_gettext as _l


@dataclass(frozen=True)
class PrintWords:
    """``short``: for tables; ``advice``: what to do. ``kind`` is that of a notice or a pill."""

    short: object
    advice: object
    kind: str


STATES = {
    PrintState.PRINTED: PrintWords(_l("Tercetak"), _l("Printer menjawab bahwa semuanya beres."), "success"),
    PrintState.SENT: PrintWords(
        _l("Terkirim"), _l("Printer tidak memberi jawaban. Lihat kertasnya: apakah semua tiket keluar?"), "edge"
    ),
    PrintState.SENDING: PrintWords(
        _l("Tidak diketahui"), _l("Pencetakan belum selesai atau terputus. Lihat kertasnya."), "edge"
    ),
}
BROWSER = PrintWords(_l("Dicetak lewat browser"), _l("Browser tidak memberi kabar. Lihat kertasnya."), "edge")
PROBLEMS = {
    PrintProblem.UNREACHABLE: PrintWords(
        _l("Printer tidak terhubung"),
        _l("Tidak ada yang tercetak. Periksa apakah printer menyala dan kabelnya terpasang, lalu cetak lagi."),
        "stop",
    ),
    PrintProblem.PAPER_OUT: PrintWords(
        _l("Kertas habis"), _l("Pasang gulungan kertas baru, tutup printernya, lalu cetak lagi."), "stop"
    ),
    PrintProblem.COVER_OPEN: PrintWords(
        _l("Tutup printer terbuka"), _l("Tutup printernya sampai berbunyi klik, lalu cetak lagi."), "stop"
    ),
    PrintProblem.OFFLINE: PrintWords(
        _l("Printer tidak siap"), _l("Matikan printer, nyalakan lagi, lalu cetak lagi."), "stop"
    ),
    PrintProblem.INTERRUPTED: PrintWords(
        _l("Pencetakan terputus"),
        _l("Mungkin hanya sebagian yang tercetak. Buang kertasnya, periksa printer, lalu cetak lagi."),
        "stop",
    ),
}


def words_for(state: PrintState, problem: str | None, *, by_browser: bool = False) -> PrintWords:
    if by_browser:
        return BROWSER
    if state is PrintState.FAILED:
        return PROBLEMS[PrintProblem(problem or PrintProblem.INTERRUPTED)]
    return STATES[state]
