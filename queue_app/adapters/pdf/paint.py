"""Draws a laid-out page with fpdf2. Everything is vector, so that it is sharp at any printer's resolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_app.adapters.qr import MODULES, dark_runs, qr_matrix

from .layout import Page

if TYPE_CHECKING:
    from fpdf import FPDF


def paint(pdf: FPDF, page: Page, token: str) -> None:
    """Add `page` to the document; a roll's page ends where its content ends."""
    form = page.form
    pdf.add_page(format=(form.width, form.max_height if form.fixed_height else page.y + form.margin))
    _frame(pdf, page)
    _code(pdf, page, token)
    for line in page.lines:
        pdf.set_font(line.font.removesuffix("B"), "B" if line.font.endswith("B") else "", line.size)
        pdf.set_text_color(*line.colour)
        pdf.text(line.x, line.baseline, line.text)


def _frame(pdf: FPDF, page: Page) -> None:
    form, ink = page.form, page.form.ink
    x, y, width, radius = form.margin, form.margin, page.outer, form.padding / 2
    pdf.set_fill_color(*ink.head)
    pdf.rect(x, y, width, page.head_end - y, style="F", round_corners=True, corner_radius=radius)
    pdf.rect(x, page.head_end - radius, width, radius, style="F")  # square where the head meets the stub
    if ink.edge:
        pdf.set_fill_color(*ink.edge)
        pdf.rect(x, page.head_end - 1, width, 1, style="F")
    pdf.set_draw_color(*ink.tear)
    pdf.set_line_width(0.4)
    pdf.set_dash_pattern(dash=2, gap=1.4)
    pdf.line(x, page.tear, x + width, page.tear)
    pdf.set_dash_pattern()
    pdf.set_draw_color(*ink.head)
    pdf.set_line_width(0.5)
    pdf.rect(x, y, width, page.frame_end - y, style="D", round_corners=True, corner_radius=radius)


def _code(pdf: FPDF, page: Page, token: str) -> None:
    """Draw the QR code as rectangles; equal runs in neighbouring rows are one, for fewer hairline gaps."""
    module, (left, top) = page.form.module, page.code_at
    rows: list[dict[tuple[int, int], None]] = [{} for _ in range(MODULES + 1)]
    for row, column, length in dark_runs(qr_matrix(token)):
        rows[row][column, length] = None
    drawn = ["0 0 0 rg"]
    started: dict[tuple[int, int], int] = {}
    for row, runs in enumerate(rows):
        for column, length in [run for run in started if run not in runs]:
            first = started.pop((column, length))
            x, y = left + column * module, top + first * module
            height = (row - first) * module
            box = (x, pdf.h - y - height, length * module, height)  # PDF counts points from the bottom
            drawn.append(" ".join(f"{side * pdf.k:.2f}" for side in box) + " re")
        for run in runs:
            started.setdefault(run, row)
    pdf._out("\n".join([*drawn, "f"]))  # one path: 120 calls of FPDF.rect take a quarter of the time of a ticket
