"""Papers, colours and measures."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

Colour = tuple[int, int, int]

POINT: Final = 25.4 / 72  # mm


class Paper(Enum):
    """What the ticket is printed on; the value is what stands in an address."""

    A4 = "a4"
    ROLL_80 = "80mm"
    ROLL_58 = "58mm"


@dataclass(frozen=True)
class Ink:
    """Colours by purpose; `edge` is the line under the head, None where there is none."""

    head: Colour
    edge: Colour | None
    text: Colour
    label: Colour
    accent: Colour
    tear: Colour


@dataclass(frozen=True)
class Format:
    """Measures of a paper in millimetres; type sizes (number, heading, body, small) in points."""

    width: float
    max_height: float
    fixed_height: bool
    margin: float
    padding: float
    module: float  # side of one QR module
    number: float
    heading: float
    body: float
    small: float
    label_width: float  # 0 puts a label above its value
    beside: bool  # number and code stand beside the QR code, not above and below it
    ink: Ink

    def scaled(self, factor: float) -> "Format":
        """Return the format with type `factor` times as large; paper and QR code keep their size."""
        return replace(
            self,
            number=self.number * factor,
            heading=self.heading * factor,
            body=self.body * factor,
            small=self.small * factor,
        )


_OFFICE = Ink(
    head=(0x0F, 0x4C, 0x5C),
    edge=(0xFF, 0xB7, 0x03),
    text=(0x1B, 0x1F, 0x23),
    label=(0x50, 0x5A, 0x5F),
    accent=(0x1B, 0x6E, 0x46),
    tear=(0x8F, 0x88, 0x7A),
)

# A thermal head prints black or nothing: it would dither the office's colours into speckled, blurred type.
_BLACK = (0, 0, 0)
_THERMAL = Ink(head=_BLACK, edge=None, text=_BLACK, label=_BLACK, accent=_BLACK, tear=_BLACK)

# Receipt printers put down 8 dots a millimetre, on 72 of 80 and 48 of 58 mm. Modules of whole dots (12 and
# 10) print without ragged edges, and all codes stay above the 30 mm that a desk scanner reads at ease. A roll
# has no end but a page must have one: 1.5 m is past any real ticket.
FORMATS: Final = {
    Paper.A4: Format(
        width=210,
        max_height=297,
        fixed_height=True,
        margin=20,
        padding=9,
        module=1.6,
        number=66,
        heading=17,
        body=12,
        small=10.5,
        label_width=34,
        beside=True,
        ink=_OFFICE,
    ),
    Paper.ROLL_80: Format(
        width=80,
        max_height=1500,
        fixed_height=False,
        margin=4,
        padding=4,
        module=1.5,
        number=54,
        heading=13,
        body=10.5,
        small=9,
        label_width=20,
        beside=False,
        ink=_THERMAL,
    ),
    Paper.ROLL_58: Format(
        width=58,
        max_height=1500,
        fixed_height=False,
        margin=5,
        padding=3,
        module=1.25,
        number=40,
        heading=11.5,
        body=9.5,
        small=8,
        label_width=0,
        beside=False,
        ink=_THERMAL,
    ),
}
