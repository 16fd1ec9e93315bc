"""The receipt, judged from its bytes as a printer takes them: lines, sizes, pictures, cuts."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_app.adapters.pdf import PrintedTicket, TicketLabels
from queue_app.adapters.qr import MODULES
from queue_app.adapters.receipt import receipt_bytes, trial_bytes
from queue_app.adapters.receipt.characters import lines_of, plain
from queue_app.domain.catalogue import CATALOGUE
from queue_app.domain.printing import COLUMNS
from tests.harness.fake_printer import strips

DOTS_PER_MM = 8
DOTS = {32: 384, 42: 504, 48: 576}  # by letters in a line
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


@pytest.mark.parametrize("columns", COLUMNS)
def test_a_receipt_says_everything_and_its_code_is_read(columns: int) -> None:
    (strip,) = strips(receipt_bytes([TICKET], columns=columns))
    dots = DOTS[columns]
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


@pytest.mark.parametrize("columns", COLUMNS)
def test_each_of_a_party_is_cut_off_and_a_copy_says_so_above_and_below(columns: int) -> None:
    first, second = strips(receipt_bytes([TICKET, SECOND], columns=columns, copy_mark="SALINAN"))
    assert (first.codes, second.codes) == ([TICKET.token], [SECOND.token])
    assert "A-013" in second.lines
    for strip in (first, second):
        said = [line for line in strip.lines if line]
        assert (said[0], said[-1]) == ("SALINAN", "SALINAN")
        assert strip.size_of("SALINAN") >= 3


def test_long_lists_end_in_an_ellipsis() -> None:
    (strip,) = strips(receipt_bytes([replace(TICKET, requirements=("Akta kelahiran " * 9,) * 9)], columns=32))
    assert "  ..." in strip.lines
    assert len(strip.lines) < 50


@given(text=st.text(max_size=80), columns=st.sampled_from(COLUMNS))
@settings(max_examples=40)
def test_no_text_breaks_the_paper(text: str, columns: int) -> None:
    """Nor can one bring commands of its own."""
    ticket = replace(
        TICKET, office=text, service=text, person=text, requirements=(text,), day=text, queue_number="Z-1000"
    )
    content = receipt_bytes([ticket], columns=columns, copy_mark="SALINAN")
    (strip,) = strips(content)
    assert strip.codes == [TICKET.token]
    assert all(len(line) <= columns for line in strip.lines)
    assert b"\x10" not in content  # within a picture, a printer would take it for a question


def test_a_trial_page_fills_the_line() -> None:
    (strip,) = strips(trial_bytes(columns=48, title="HALAMAN UJI", lines=("Meja depan 1",)))
    assert "Meja depan 1" in strip.lines
    assert max(map(len, strip.lines)) == 48


def test_nothing_is_no_receipt() -> None:
    with pytest.raises(ValueError, match="at least one"):
        receipt_bytes([], columns=32)


def test_every_sign_of_the_pdf_is_written_out() -> None:
    signs = [bytes([number]).decode("cp1252", "ignore") for number in range(0xA0, 0x100)]
    signs += [bytes([number]).decode("cp1252", "ignore") for number in range(0x80, 0xA0)]
    assert [sign for sign in signs if "?" in plain(f"a{sign}b")] == []


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Usia ≥ 17 tahun → rekam; ≤ 5 MB", "Usia >= 17 tahun -> rekam; <= 5 MB"),
        ("Suhu 37°C, miring 90°.", "Suhu 37 derajat C, miring 90 derajat."),
        ("½ jam, 2½ jam, ¾", "1/2 jam, 2 1/2 jam, 3/4"),
        ("10² = 100, 20 m²", "10^2 = 100, 20 m2"),
        ("Ærø Østby Þórður Straße œuvre ðé łódź ħal", "AEro Ostby Thordur Strasse oeuvre de lodz hal"),
        ("€5 × 2 ÷ 3 ± 4 ≠ 5 … “a” ‘b’ – —", "EUR5 x 2 : 3 +/- 4 =/= 5 ... \"a\" 'b' - -"),
        ("✓ KK • KTP → 1", "v KK - KTP -> 1"),
        ("a\u00a0b\u2011c\u200b", "a b-c"),
        ("KTP 🎫 asli", "KTP ? asli"),
    ],
)
def test_signs_are_written_out(text: str, printed: str) -> None:
    assert plain(text) == printed


@pytest.mark.parametrize("columns", COLUMNS)
def test_no_word_of_the_demo_is_broken(columns: int) -> None:
    """On 42 characters a line, 7 of its 23 services were printed for 48."""
    assert len(CATALOGUE) == 23
    texts = [text for each in CATALOGUE for pair in (each.name, each.summary, each.who, *each.needs) for text in pair]
    for text in texts:
        lines = lines_of(text, columns, 99)
        assert " ".join(lines) == plain(text)
        assert max(map(len, lines), default=0) <= columns
    for service in CATALOGUE:
        ticket = replace(TICKET, service=service.name[0], requirements=tuple(need[0] for need in service.needs))
        (strip,) = strips(receipt_bytes([ticket], columns=columns))
        assert all(len(line) * size <= columns for line, size in zip(strip.lines, strip.sizes, strict=True))
        assert plain(service.name[0]) in " ".join(" ".join(strip.lines).split())
