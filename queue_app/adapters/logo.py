"""A picture that somebody sends in for the head of the pages, drawn anew: nothing of the file itself is kept."""

from __future__ import annotations

import struct
from io import BytesIO

from queue_app.domain.setup import InvalidSetup
from queue_app.domain.site import LOGO_FILE_MAX, Logo

FORMATS = ("PNG", "JPEG", "WEBP")  # never SVG, which is a program as well
MOST_PIXELS = 4_000_000  # known from the first bytes: a small file can unfold to gigabytes
LARGEST = (400, 80)  # pixels: twice of what a page has room for
COLOURS = 256  # a palette: some thousand bytes, on every first visit


def draw_logo(content: bytes) -> Logo:
    """Raises InvalidSetup: ``logo_large`` for too many bytes or pixels, ``logo`` for everything that is no picture."""
    from PIL import Image, ImageOps  # late: few ask for it, and it takes a while

    if len(content) > LOGO_FILE_MAX:
        raise InvalidSetup(reason="logo_large")
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as sent:
            if sent.width * sent.height > MOST_PIXELS:
                raise InvalidSetup(reason="logo_large")
            picture = ImageOps.exif_transpose(sent).convert("RGBA")
    except Image.DecompressionBombError:
        raise InvalidSetup(reason="logo_large") from None
    except (OSError, ValueError, SyntaxError, IndexError, struct.error):  # as Pillow tells of damaged files
        raise InvalidSetup(reason="logo") from None
    picture.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    file = BytesIO()
    picture.quantize(COLOURS, Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    return Logo(file.getvalue(), *picture.size)
