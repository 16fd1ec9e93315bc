"""The QR code: what an independent reader sees, and what the page gets."""

import gzip
import random
import re
from io import BytesIO
from xml.etree import ElementTree

import pypdfium2
import pytest
import zxingcpp
from fpdf import FPDF
from fpdf.svg import SVGObject
from PIL import Image

from queue_app.adapters.qr import CAPACITY, MODULES, qr_matrix, qr_svg

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN = "7KX92MQA0123456789ABCDEFGHJKMNPQRS"


def tokens(count: int) -> list[str]:
    """Made-up tokens, the same in every run."""
    source = random.Random(33_14)
    return ["".join(source.choices(CROCKFORD, k=34)) for _ in range(count)]


def rendered(svg: str) -> Image.Image:
    """The SVG as pixels, drawn by fpdf2 and PDFium at about 6 pixels a module."""
    pdf = FPDF(unit="mm", format=(60, 60))
    pdf.add_page()
    SVGObject(svg.encode()).draw_to_page(pdf, x=0, y=0)
    page = pypdfium2.PdfDocument(BytesIO(bytes(pdf.output())))[0]
    return page.render(scale=200 / 33).to_pil().convert("L")


@pytest.mark.parametrize(
    "payload",
    [
        TOKEN,
        "0",
        "A-012",
        "9" * CAPACITY,
        "Z" * CAPACITY,
        *tokens(8),
    ],
)
def test_an_independent_reader_decodes_the_matrix(payload: str) -> None:
    image = Image.new("L", (MODULES + 8, MODULES + 8), 255)
    for y, row in enumerate(qr_matrix(payload)):
        for x, dark in enumerate(row):
            image.putpixel((x + 4, y + 4), 0 if dark else 255)
    (found,) = zxingcpp.read_barcodes(image.resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST))
    assert found.text == payload
    assert found.format == zxingcpp.BarcodeFormat.QRCode


@pytest.mark.parametrize("payload", [TOKEN, "A-012", "Z" * CAPACITY])
def test_an_independent_reader_decodes_the_svg(payload: str) -> None:
    (found,) = zxingcpp.read_barcodes(rendered(qr_svg(payload, title="Kode QR")))
    assert found.text == payload


def test_the_symbol_is_always_the_same_size_and_the_same_picture() -> None:
    matrix = qr_matrix(TOKEN)
    assert len(matrix) == MODULES == 25
    assert {len(row) for row in matrix} == {MODULES}
    assert qr_matrix(TOKEN) == matrix
    assert len(qr_matrix("A")) == MODULES


@pytest.mark.parametrize("payload", ["", "A" * (CAPACITY + 1), "abc", "TIKET\n", "É", "🎫", "A_B"])
def test_a_payload_that_does_not_fit_is_refused_without_repeating_it(payload: str) -> None:
    with pytest.raises(ValueError, match="QR") as refusal:
        qr_matrix(payload)
    assert not payload or payload not in str(refusal.value)


def test_the_svg_is_one_path_with_its_quiet_zone_and_a_name() -> None:
    svg = qr_svg(TOKEN, title='Kode QR "A-012" <Sragen> & lain')
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("viewBox") == "0 0 33 33"
    assert root.get("role") == "img"
    assert root.get("shape-rendering") == "crispEdges"
    assert root.findtext(f"{space}title") == 'Kode QR "A-012" <Sragen> & lain'
    assert root.find(f"{space}rect").attrib == {"width": "33", "height": "33", "fill": "#fff"}
    assert len(root.findall(f"{space}path")) == 1


def test_the_svg_keeps_to_a_policy_without_inline_styles_and_scripts() -> None:
    assert not re.search(r"style=|<style|<script|\son\w+=|href", qr_svg(TOKEN, title="Kode QR"))


def test_the_svg_is_small() -> None:
    sizes = [len(gzip.compress(qr_svg(token, title="Kode QR tiket A-012").encode())) for token in tokens(50)]
    assert max(sizes) < 700
