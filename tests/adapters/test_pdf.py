"""The printed ticket, judged from its pages: decoded, measured and searched for ink where none may be."""

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from math import hypot

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from queue_app.adapters.pdf import Paper, PrintedTicket, TicketLabels, ticket_pdf
from queue_app.adapters.pdf.characters import printable, unprintable

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
    free="GRATIS / FREE",
)
TICKET = PrintedTicket(
    queue_number="A-012",
    code="7KX9-2MQA",
    token="7KX92MQA0123456789ABCDEFGHJKMNPQRS",
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
EMOJI = "🎫👨‍👩‍👧 Siti 🇮🇩"
ARABIC = "\u202eبطاقة الهوية\u202c سيتي"
LONG = "Siti Wahyuningsih Kusumaningrum " * 10
UNBROKEN = "W" * 300
CONTROLS = "a\x00b\r\nc\u2028d\ud800e\t(f)\\"


def pages_of(pdf: bytes) -> Iterator[pypdfium2.PdfPage]:
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    for number in range(len(document)):
        yield document[number]


def picture(page: pypdfium2.PdfPage, dpi: int) -> Image.Image:
    return page.render(scale=dpi / 72).to_pil().convert("L")


def words_on(page: pypdfium2.PdfPage) -> str:
    return " ".join(page.get_textpage().get_text_range().split())


def all_texts(ticket: PrintedTicket, text: str) -> PrintedTicket:
    """The ticket with every text but its token replaced, labels too."""
    labels = TicketLabels(**dict.fromkeys(TicketLabels.__dataclass_fields__, text) | {"language": "id"})
    texts = {name: text for name in PrintedTicket.__dataclass_fields__ if isinstance(getattr(ticket, name), str)}
    changed = texts | {"token": ticket.token}
    return replace(ticket, **changed, labels=labels, requirements=(text,) * 12, steps=(text,) * 12)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("paper", Paper)
def test_an_independent_reader_decodes_a_code_of_30_mm_or_more_in_its_quiet_zone(paper: Paper, dpi: int) -> None:
    (page,) = pages_of(ticket_pdf([TICKET], paper=paper))
    image = picture(page, dpi)
    (found,) = zxingcpp.read_barcodes(image)
    assert found.text == TICKET.token
    corner, right, below = found.position.top_left, found.position.top_right, found.position.bottom_left
    width = hypot(right.x - corner.x, right.y - corner.y) / dpi * 25.4
    height = hypot(below.x - corner.x, below.y - corner.y) / dpi * 25.4
    assert 30 <= width <= 42
    assert width == pytest.approx(height, rel=0.02)
    # Four modules around are white; a quarter of one is left to anti-aliasing and the reader's rounding.
    module = width / 25 / 25.4 * dpi
    zone = without_square(image, corner.x, corner.y, 25 * module, keep_off=0.25 * module)
    side = 4 * module - 0.25 * module
    around = (corner.x - side, corner.y - side, right.x + side, below.y + side)
    assert zone.crop(tuple(map(round, around))).getextrema() == (255, 255)


def without_square(image: Image.Image, x: float, y: float, side: float, *, keep_off: float) -> Image.Image:
    """The picture with the square at (x, y), and `keep_off` pixels around it, wiped out."""
    wiped = image.copy()
    wiped.paste(255, tuple(map(round, (x - keep_off, y - keep_off, x + side + keep_off, y + side + keep_off))))
    return wiped


@pytest.mark.parametrize("paper", Paper)
def test_each_number_has_its_label(paper: Paper) -> None:
    """Two numbers stand on a ticket, and only one of them opens it again."""
    (page,) = pages_of(ticket_pdf([TICKET], paper=paper))
    words = words_on(page)
    assert "Nomor antrean A-012" in words
    assert "Kode pemesanan 7KX9-2MQA" in words


@pytest.mark.parametrize("paper", Paper)
def test_the_page_says_everything(paper: Paper) -> None:
    (page,) = pages_of(ticket_pdf([TICKET], paper=paper))
    words = words_on(page)
    said = [
        *(getattr(LABELS, name) for name in TicketLabels.__dataclass_fields__ if name != "language"),
        *(TICKET.queue_number, TICKET.code, TICKET.title, TICKET.service, TICKET.office, TICKET.address),
        *(TICKET.day, TICKET.window, TICKET.person, *TICKET.requirements, *TICKET.steps, TICKET.change_note),
    ]
    assert [text for text in said if text not in words] == []


@pytest.mark.parametrize(("paper", "width"), [(Paper.A4, 210), (Paper.ROLL_80, 80), (Paper.ROLL_58, 58)])
def test_the_page_has_the_width_of_its_paper(paper: Paper, width: float) -> None:
    (page,) = pages_of(ticket_pdf([TICKET], paper=paper))
    assert page.get_width() / 72 * 25.4 == pytest.approx(width, abs=0.1)


def test_a_roll_is_as_long_as_its_content() -> None:
    short = replace(TICKET, requirements=(), steps=(), change_note="")
    heights = [
        next(pages_of(ticket_pdf([ticket], paper=Paper.ROLL_58))).get_height() / 72 * 25.4 for ticket in (short, TICKET)
    ]
    assert 120 < heights[0] < heights[1] - 30 < 260


def test_a_party_gets_a_page_each() -> None:
    family = [replace(TICKET, queue_number=f"A-01{n}", token=f"7KX92MQA{n:026d}") for n in range(5)]
    pages = list(pages_of(ticket_pdf(family, paper=Paper.ROLL_80)))
    assert [zxingcpp.read_barcodes(picture(page, 203))[0].text for page in pages] == [one.token for one in family]
    assert all(one.queue_number in words_on(page) for one, page in zip(family, pages, strict=True))


def test_an_empty_party_and_a_token_that_does_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        ticket_pdf([], paper=Paper.A4)
    with pytest.raises(ValueError, match="QR"):
        ticket_pdf([replace(TICKET, token="Z" * 39)], paper=Paper.A4)


@pytest.mark.parametrize("text", ["", EMOJI, ARABIC, LONG, UNBROKEN, CONTROLS, "ꦱꦶꦠꦶ", " ", "Łukasz Đặng"])
@pytest.mark.parametrize("paper", Paper)
def test_no_text_leaves_the_paper_or_touches_the_code(paper: Paper, text: str) -> None:
    (page,) = pages_of(ticket_pdf([all_texts(TICKET, text)], paper=paper))
    image = picture(page, 200)
    assert_margins_are_white(image, paper)
    assert zxingcpp.read_barcodes(image)[0].text == TICKET.token


@pytest.mark.parametrize("paper", Paper)
def test_lists_without_end_stay_on_one_page(paper: Paper) -> None:
    endless = replace(TICKET, requirements=(LONG,) * 200, steps=(UNBROKEN,) * 200)
    (page,) = pages_of(ticket_pdf([endless], paper=paper))
    assert_margins_are_white(picture(page, 100), paper)


def test_a_long_list_on_a4_is_set_smaller_and_not_cut() -> None:
    items = tuple(f"Syarat {n}: surat keterangan asli dan fotokopinya" for n in range(1, 26))
    (page,) = pages_of(ticket_pdf([replace(TICKET, requirements=items)], paper=Paper.A4))
    words = words_on(page)
    assert all(item in words for item in (*items, *TICKET.steps, TICKET.change_note))


def assert_margins_are_white(image: Image.Image, paper: Paper) -> None:
    """No ink in the outer 3 mm, where printers cannot reach and the page would be cut."""
    edge = round(3 / (210 if paper is Paper.A4 else 80 if paper is Paper.ROLL_80 else 58) * image.width)
    inside = (edge, edge, image.width - edge, image.height - edge)
    framed = image.copy()
    framed.paste(255, inside)
    assert framed.getextrema() == (255, 255)


def test_the_same_ticket_gives_the_same_bytes() -> None:
    assert ticket_pdf([TICKET], paper=Paper.A4) == ticket_pdf([TICKET], paper=Paper.A4)


def test_the_document_has_a_title_and_a_language_and_names_nobody() -> None:
    pdf = ticket_pdf([TICKET], paper=Paper.A4)
    assert b"/Lang (id)" in pdf
    metadata = pypdfium2.PdfDocument(BytesIO(pdf)).get_metadata_dict()
    assert metadata["Title"] == "Tiket antrean A-012"
    assert metadata["CreationDate"].startswith("D:20000101")
    assert metadata["Author"] == metadata["Subject"] == metadata["Keywords"] == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Siti  Wahyuni\n", "Siti Wahyuni"),
        ("pukul 09.00–10.00 “WIB” …", "pukul 09.00–10.00 “WIB” …"),
        ("José Müller", "José Müller"),
        ("Jose\u0301", "José"),
        ("Łukasz Đặng Šimić", "Lukasz Dang Šimic"),
        ("09.00 − 10.00", "09.00 – 10.00"),
        ("سيتي", "?"),
        ("Siti 🎫🎫 W", "Siti ? W"),
        ("ﬁ ½ ²", "fi ½ ²"),
        ("a\u200bb\u202ec\x00d", "abcd"),
        ("Usia ≥ 17 → rekam, ≤ 5 MB", "Usia >= 17 -> rekam, <= 5 MB"),
        ("37 °C, 2½ jam, ✓ Ærø, 10⁴", "37 °C, 2½ jam, v Ærø, 10^4"),
        ("1⅓ ● ☐ ʻAisyah ﬀ №5", "1 1/3 • [ ] 'Aisyah ff No.5"),
        ("a\u00a0b\u2011c", "a b-c"),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_what_the_built_in_fonts_cannot_show_is_replaced(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text())
def test_what_cannot_be_printed_is_named(text: str) -> None:
    assert bool(unprintable(text)) == ("?" in printable(text.replace("?", "")))
    assert set(unprintable(text)) <= set(unicodedata.normalize("NFC", text))


@given(st.text())
def test_any_text_ends_up_in_the_built_in_fonts_on_one_line(text: str) -> None:
    shown = printable(text)
    shown.encode("cp1252")
    assert len(shown.splitlines()) <= 1
    assert printable(shown) == shown
