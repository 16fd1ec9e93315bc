"""The parts of a ticket from top to bottom: head, stub with number and QR code, tear line, details, lists.

The limits on lines keep a broken record inside the frame; a real office's texts never reach them.
"""

from collections.abc import Iterable

from queue_app.adapters.qr import MODULES, QUIET_ZONE

from .formats import POINT, Format
from .layout import ELLIPSIS, LEADING, Measure, Page
from .ticket import PrintedTicket

# An A4 page keeps everything by shrinking its type; below 6 pt nobody can read it, and the lists are cut
# instead.
_SHRINK = (1.0, 0.85, 0.7, 0.55)


def fit(ticket: PrintedTicket, form: Format, measure: Measure) -> Page:
    """Return the ticket laid out in the largest type that keeps all of it on one page."""
    for factor in _SHRINK if form.fixed_height else (1.0,):
        page = _compose(ticket, form.scaled(factor), measure)
        if not page.cut:
            break
    return page


def _compose(ticket: PrintedTicket, form: Format, measure: Measure) -> Page:
    page = Page(form, measure, y=form.margin)
    _head(page, ticket)
    (_stub_beside if form.beside else _stub_stacked)(page, ticket)
    page.tear = page.y
    page.y += form.padding * 0.9
    _details(page, ticket)
    page.frame_end = page.y
    page.y += form.padding
    _list(page, ticket.labels.requirements, (("•", text) for text in ticket.requirements))
    _list(page, ticket.labels.steps, ((f"{number}.", text) for number, text in enumerate(ticket.steps, 1)))
    _note(page, ticket.change_note)
    return page


def _head(page: Page, ticket: PrintedTicket) -> None:
    form, white = page.form, (255, 255, 255)
    page.y += form.padding * 0.6
    page.block(ticket.title, font="helveticaB", size=form.heading, colour=white, most=2)
    page.block(ticket.service, size=form.body, colour=white)
    page.y += form.padding * 0.6
    page.head_end = page.y


def _stub_beside(page: Page, ticket: PrintedTicket) -> None:
    form, left = page.form, page.left
    side, quiet = MODULES * form.module, QUIET_ZONE * form.module
    page.code_at = (form.width - left - side, page.head_end + quiet)
    width = page.code_at[0] - quiet - left
    page.y += form.padding * 0.6
    page.block(ticket.labels.queue_number, size=form.body, colour=form.ink.label, width=width, most=1)
    page.y += 1
    page.single(ticket.queue_number, font="helveticaB", size=form.number, x=left, width=width, centred=False)
    page.block(ticket.labels.code, size=form.body, colour=form.ink.label, width=width, most=1)
    page.y += 1
    page.single(ticket.code, font="courierB", size=form.number / 3, x=left, width=width, centred=False)
    page.y = max(page.y + form.padding * 0.3, page.code_at[1] + side + quiet)


def _stub_stacked(page: Page, ticket: PrintedTicket) -> None:
    form, left, inner = page.form, page.left, page.inner
    side, quiet = MODULES * form.module, QUIET_ZONE * form.module
    page.y += form.padding * 0.8
    page.block(ticket.labels.queue_number, size=form.body, colour=form.ink.label, centred=True, most=1)
    page.y += 1
    page.single(ticket.queue_number, font="helveticaB", size=form.number, x=left, width=inner, centred=True)
    page.code_at = ((form.width - side) / 2, page.y + quiet)
    page.y = page.code_at[1] + side + quiet
    page.block(ticket.labels.code, size=form.body, colour=form.ink.label, centred=True, most=1)
    page.y += 1
    page.single(ticket.code, font="courierB", size=form.number * 0.42, x=left, width=inner, centred=True)
    page.y += form.padding * 0.6


def _details(page: Page, ticket: PrintedTicket) -> None:
    form, labels = page.form, ticket.labels
    _detail(page, labels.day, ticket.day)
    _detail(page, labels.window, ticket.window)
    _detail(page, labels.place, ticket.office, ticket.address)
    _detail(page, labels.person, ticket.person)
    page.y += form.padding * 0.2
    accent, centred = form.ink.accent, not form.beside
    page.block(labels.free, font="helveticaB", size=form.body, colour=accent, centred=centred, most=2)
    page.y += form.padding * 0.6


def _detail(page: Page, label: str, value: str, more: str = "") -> None:
    if not (value or more):
        return
    form, top, column = page.form, page.y, page.form.label_width
    if column:
        page.block(label, size=form.body, colour=form.ink.label, width=column - 1, most=2)
    else:
        page.block(label, size=form.small, colour=form.ink.label, most=1)
    label_end = page.y
    if column:
        page.y = top
    x, width = page.left + column, page.inner - column
    page.block(value, font="helveticaB", size=form.body, x=x, width=width)
    page.block(more, size=form.small, x=x, width=width, most=4)
    page.y = max(page.y, label_end) + form.body * POINT * 0.35


def _list(page: Page, title: str, items: Iterable[tuple[str, str]]) -> None:
    """Add a list of (mark, text) below the frame; one that would leave the page ends in an ellipsis."""
    form, pending = page.form, list(items)
    if not pending or page.cut:
        return
    line = form.body * POINT * LEADING
    last_line = form.max_height - form.margin - line
    indent = max(page.measure(f"{mark}  ", "helvetica", form.body) for mark, _ in pending)
    page.block(title, font="helveticaB", size=form.heading * 0.9, x=form.margin, width=page.outer, most=2)
    page.y += line * 0.15
    for mark, text in pending:
        top, count = page.y, len(page.lines)
        page.block(mark, size=form.body, x=form.margin, width=indent, most=1)
        page.y = top
        page.block(text, size=form.body, x=form.margin + indent, width=page.outer - indent, most=16)
        if page.y > last_line:
            del page.lines[count:]
            page.y, page.cut = top, True
            page.block(ELLIPSIS, size=form.body, x=form.margin, width=page.outer)
            return
        page.y = max(page.y, top + line) + line * 0.2
    page.y += form.padding * 0.5


def _note(page: Page, text: str) -> None:
    form, count = page.form, len(page.lines)
    page.block(text, size=form.small, colour=form.ink.label, x=form.margin, width=page.outer, most=8)
    if page.y > form.max_height - form.margin:
        del page.lines[count:]
        page.cut = True
