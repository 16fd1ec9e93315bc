"""The icon of the site as a picture: telephones put no drawing (SVG) on their home screens.

The same as `templates/icon.svg`: a letter on the office's colour, and the line under the header.
"""

from __future__ import annotations

from io import BytesIO

EDGE, LETTER = "#ffb703", "#ffffff"
DETAIL = 4  # drawn so many times larger first: Pillow's shapes have no soft edges
# Of the side. A launcher may cut a "maskable" icon to the circle in its middle, 80 % wide.
CORNER, LINE, WHOLE, IN_THE_CIRCLE = 12 / 64, 8 / 64, 0.62, 0.42


def draw_icon(letter: str, colour: str, size: int, *, maskable: bool = False, corners: bool = True) -> bytes:
    """A PNG of ``size`` by ``size``. ``colour`` as "#0f4c5c"; ``corners``: round ones, outside of which it is clear."""
    from PIL import Image, ImageDraw, ImageFont  # late: few ask for it, and it takes a while

    side = size * DETAIL
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, side, side), fill=colour)
    line = round(side * (1 - LINE))
    draw.rectangle((0, line, side, side), fill=EDGE)
    font = ImageFont.load_default(side * (IN_THE_CIRCLE if maskable else WHOLE))
    middle = side / 2, (side if maskable else line) / 2
    draw.text(middle, letter, font=font, fill=LETTER, anchor="mm", stroke_width=side // 90, stroke_fill=LETTER)
    if corners and not maskable:
        mask = Image.new("L", (side, side), 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, side - 1, side - 1), side * CORNER, fill=255)
        picture.putalpha(mask)
    small = picture.resize((size, size), Image.Resampling.LANCZOS)
    file = BytesIO()
    (small if corners and not maskable else small.convert("RGB")).save(file, "PNG", optimize=True)
    return file.getvalue()
