"""Films for Chromium's fake camera: tickets as they are held in front of it, in the uncompressed YUV4MPEG2 format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageFilter

from queue_app.adapters.qr import QUIET_ZONE, qr_matrix

SIZE = (640, 480)
DESK = 150  # the grey of what lies around the ticket


def nothing() -> Image.Image:
    return Image.new("L", SIZE, DESK)


def clean_ticket(token: str) -> Image.Image:
    return _held(_code(token, module=9), angle=0)


def hard_ticket(token: str) -> Image.Image:
    """Held aslant, out of focus, in a dark hall, by a hand that shades one side."""
    picture = _held(_code(token, module=7), angle=25).filter(ImageFilter.GaussianBlur(2.2))
    shade = Image.linear_gradient("L").rotate(90).resize(SIZE).point(lambda level: 120 + level // 4)
    dim = picture.point(lambda level: 30 + level * 60 // 255)  # from 30 to 90 of 255
    return Image.composite(dim, Image.new("L", SIZE, 25), shade.point(lambda level: min(255, level + 60)))


def write_film(path: Path, scenes: Sequence[tuple[Image.Image, int]], *, per_second: int = 4) -> Path:
    """Each scene for so many pictures; a camera that shows it begins again at the end."""
    colourless = bytes([128]) * (SIZE[0] * SIZE[1] // 2)
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F{per_second}:1 Ip A1:1 C420jpeg\n".encode())
        for picture, count in scenes:
            film.write((b"FRAME\n" + picture.tobytes() + colourless) * count)
    return path


def _code(token: str, *, module: int) -> Image.Image:
    rows = qr_matrix(token)
    width = len(rows) + 2 * QUIET_ZONE
    code = Image.new("L", (width, width), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                code.putpixel((x + QUIET_ZONE, y + QUIET_ZONE), 0)
    return code.resize((width * module, width * module), Image.Resampling.NEAREST)


def _held(code: Image.Image, *, angle: float) -> Image.Image:
    picture = nothing()
    turned = code.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=DESK)
    picture.paste(turned, ((SIZE[0] - turned.width) // 2, (SIZE[1] - turned.height) // 2))
    return picture
