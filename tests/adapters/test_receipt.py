"""The receipt, judged from its bytes as a printer takes them: lines, sizes, pictures, cuts."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_app.adapters.pdf import PrintedTicket, TicketLabels
from queue_app.adapters.qr import MODULES
from queue_app.adapters.receipt import receipt_bytes, trial_bytes
from queue_app.models import RollWidth
from tests.harness.fake_printer import strips

DOTS_PER_MM = 8
PAPER = {RollWidth.MM_58: (384, 32), RollWidth.MM_80: (576, 48)}  # dots, letters in a line
LABELS = TicketLabels(
    language="id",
    queue_number="Nomor antrean",
    code="Kode pemesanan",
    day="Hari",
    window="Datang",
    place="Tempat",
    person="Atas nama",
    requirements="Bawa",
    steps="Selanjutnya",
    free="GRATIS – tidak ada biaya apa pun",
)
TICKET = PrintedTicket(
    queue_number="A-012",
    code="7KX9-2MQA",
    token="7KX92MQA0123456789ABCDEFGHJKMNPQRS",
    title="Tiket antrean",
    service="Perekaman KTP-el (pemula/baru)",
    office="Dispendukcapil Sragen",
    address="Jl. Raya Sukowati No. 255",
    day="Rabu, 25 November 2026",
    window="pukul 09.00–10.00 WIB",
    person="S. W.",
    requirements=("Fotokopi Kartu Keluarga (KK)", "Datang sendiri, perekaman tidak dapat diwakilkan"),
    steps=("Tunggu nomor Anda dipanggil.",),
    change_note="",
    labels=LABELS,
)
SECOND = replace(TICKET, queue_number="A-013", token="0KX92MQA0123456789ABCDEFGHJKMNPQRS", person="B. S.")


@pytest.mark.parametrize("width", RollWidth)
def test_a_receipt_says_everything_and_its_code_is_read(width: RollWidth) -> None:
    (strip,) = strips(receipt_bytes([TICKET], width=width))
    dots, columns = PAPER[width]
    words = " ".join(strip.text.split())
    for text in (TICKET.office, TICKET.service, TICKET.day, "pukul 09.00-10.00 WIB", TICKET.code, "Atas nama: S. W."):
        assert text in words
    assert "GRATIS - tidak ada biaya apa pun" in words
    assert "- Datang sendiri, perekaman" in words
    assert "SALINAN" not in words
    assert strip.codes == [TICKET.token]
    (picture,) = strip.pictures
    assert picture.width == dots
    left, top, right, bottom = picture.point(lambda dot: 255 - dot).convert("L").getbbox()
    side = right - left
    assert side == bottom - top >= 30 * DOTS_PER_MM
    assert min(left, top, dots - right, picture.height - bottom) >= side / MODULES * 4 - DOTS_PER_MM
    assert strip.size_of(TICKET.queue_number) >= 6
    assert all(len(line) * size <= columns for line, size in zip(strip.lines, strip.sizes, strict=True))


@pytest.mark.parametrize("width", RollWidth)
def test_each_of_a_party_is_cut_off_and_a_copy_says_so_above_and_below(width: RollWidth) -> None:
    first, second = strips(receipt_bytes([TICKET, SECOND], width=width, copy_mark="SALINAN"))
    assert (first.codes, second.codes) == ([TICKET.token], [SECOND.token])
    assert "A-013" in second.lines
    for strip in (first, second):
        said = [line for line in strip.lines if line]
        assert (said[0], said[-1]) == ("SALINAN", "SALINAN")
        assert strip.size_of("SALINAN") >= 3


def test_long_lists_end_in_an_ellipsis() -> None:
    (strip,) = strips(
        receipt_bytes([replace(TICKET, requirements=("Akta kelahiran " * 9,) * 9)], width=RollWidth.MM_58)
    )
    assert "  ..." in strip.lines
    assert len(strip.lines) < 50


@given(text=st.text(max_size=80), width=st.sampled_from(RollWidth))
@settings(max_examples=40)
def test_no_text_breaks_the_paper(text: str, width: RollWidth) -> None:
    """Nor can one bring commands of its own."""
    ticket = replace(
        TICKET, office=text, service=text, person=text, requirements=(text,), day=text, queue_number="Z-1000"
    )
    content = receipt_bytes([ticket], width=width, copy_mark="SALINAN")
    (strip,) = strips(content)
    assert strip.codes == [TICKET.token]
    assert all(len(line) <= PAPER[width][1] for line in strip.lines)
    assert b"\x10" not in content  # within a picture, a printer would take it for a question


def test_a_trial_page_fills_the_line() -> None:
    (strip,) = strips(trial_bytes(width=RollWidth.MM_80, title="HALAMAN UJI", lines=("Meja depan 1",)))
    assert "Meja depan 1" in strip.lines
    assert max(map(len, strip.lines)) == 48


def test_nothing_is_no_receipt() -> None:
    with pytest.raises(ValueError, match="at least one"):
        receipt_bytes([], width=RollWidth.MM_58)
