"""What a QR code and a PDF ticket cost: processor time of one call, in this process, without any server."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

from queue_app.adapters.pdf import Paper, PrintedTicket, TicketLabels, ticket_pdf
from queue_app.adapters.qr import qr_svg
from queue_app.domain.tickets import ALPHABET, TOKEN_LENGTH
from scripts.benchmarks.table import Line

LABELS = TicketLabels(
    language="id",
    queue_number="Nomor antrean",
    code="Kode pemesanan",
    day="Hari",
    window="Datang",
    place="Tempat",
    person="Atas nama",
    requirements="Yang dibawa",
    steps="Selanjutnya",
    free="GRATIS",
)


def qr(rounds: int, calls: int) -> Iterator[Line]:
    tokens = [_token(number) for number in range(calls)]
    times = _timed(rounds, lambda: [qr_svg(token, title="Kode QR") for token in tokens])
    yield Line("QR code as SVG", [1000 * seconds / calls for seconds in times], "ms", at_most=2)


def pdf(rounds: int, calls: int) -> Iterator[Line]:
    tickets = [_ticket(_token(number)) for number in range(calls)]
    for paper, name in ((Paper.A4, "A4"), (Paper.ROLL_80, "80 mm roll")):
        ticket_pdf(tickets[:1], paper=paper)  # the first one loads fonts
        times = _timed(rounds, lambda paper=paper: [ticket_pdf([one], paper=paper) for one in tickets])  # type: ignore[misc]
        yield Line(f"PDF ticket, {name}", [1000 * seconds / calls for seconds in times], "ms", at_most=6)


def _timed(rounds: int, work: Callable[[], object]) -> list[float]:
    """Seconds of processor time in each round."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return times


def _token(number: int) -> str:
    return "".join(random.Random(number).choices(ALPHABET, k=TOKEN_LENGTH))


def _ticket(token: str) -> PrintedTicket:
    return PrintedTicket(
        queue_number="A-012",
        code="7KX9-2MQA",
        token=token,
        title="Tiket antrean",
        service="Perekaman KTP-el (pemula/baru)",
        office="Dispendukcapil Sragen",
        address="Jl. Raya Sukowati No. 255, Sragen Kulon, Kabupaten Sragen 57212",
        day="Rabu, 25 November 2026",
        window="pukul 09.00–10.00 WIB",
        person="S. W.",
        requirements=("Fotokopi Kartu Keluarga (KK)", "Datang sendiri, perekaman tidak dapat diwakilkan"),
        steps=("Kami mengingatkan Anda Selasa sore.", "Tunjukkan kode QR di meja depan.", "Tunggu dipanggil."),
        change_note="Pindah jadwal atau batalkan sampai Selasa, 24 November 2026 pukul 12.00 WIB.",
        labels=LABELS,
    )
