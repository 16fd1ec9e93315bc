"""Pictures for the head of the pages are drawn anew, small, and never unfold to more than they should."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from queue_app.adapters.logo import LARGEST, draw_logo
from queue_app.domain.setup import InvalidSetup
from queue_app.domain.site import LOGO_FILE_MAX


def a_picture(size: tuple[int, int] = (600, 300), form: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    file = BytesIO()
    Image.new(mode, size, "#7a1f5c").save(file, form, **options)  # type: ignore[arg-type]  # each form has its own
    return file.getvalue()


def why_refused(content: bytes) -> object:
    with pytest.raises(InvalidSetup) as refused:
        draw_logo(content)
    return refused.value.details["reason"]


def header_alone(width: int, height: int) -> bytes:
    """A PNG that says how large it is and holds nothing."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", b"")
    )


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_it_is_drawn_anew_at_the_size_of_the_head(form: str) -> None:
    logo = draw_logo(a_picture(form=form))
    with Image.open(BytesIO(logo.picture)) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (logo.width, logo.height)) == ("PNG", (160, 80))
        red, green, blue, alpha = drawn.convert("RGBA").getpixel((80, 40))  # type: ignore[misc]  # four bands
    assert (abs(red - 0x7A) < 16, abs(green - 0x1F) < 16, abs(blue - 0x5C) < 16, alpha) == (True, True, True, 255)


def test_what_is_clear_stays_clear_and_nothing_of_the_file_is_kept() -> None:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "foto di rumah"
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(file, "PNG", exif=exif)
    logo = draw_logo(file.getvalue())
    assert b"rumah" in file.getvalue()
    assert b"rumah" not in logo.picture
    with Image.open(BytesIO(logo.picture)) as drawn:
        assert drawn.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]  # four bands


def test_it_is_a_few_thousand_bytes_whatever_was_sent() -> None:
    noise = Image.effect_noise(LARGEST, 90).convert("RGB")
    file = BytesIO()
    noise.save(file, "JPEG", quality=90)
    assert len(draw_logo(file.getvalue()).picture) < 36_000


def test_a_turned_photograph_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    assert draw_logo(a_picture((300, 600), "JPEG", exif=exif)).width == 160


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        a_picture(form="GIF", mode="P"),
        a_picture((20, 20), form="TIFF"),
        a_picture()[:60],
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        a_picture(form="WEBP")[:40],
        header_alone(100, 100),
    ],
)
def test_what_is_no_picture_of_these_kinds_is_refused(content: bytes) -> None:
    assert why_refused(content) == "logo"


@pytest.mark.parametrize("sides", [(2001, 2000), (20_000, 20_000)])
def test_a_picture_that_would_unfold_is_refused_by_its_first_bytes(sides: tuple[int, int]) -> None:
    assert why_refused(header_alone(*sides)) == "logo_large"


def test_a_long_file_is_refused() -> None:
    assert why_refused(a_picture() + bytes(LOGO_FILE_MAX)) == "logo_large"
