"""An empty table to be filled in: the headings, and one remark that says how."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from xlsxwriter import Workbook

from .table_export import csv_rows

AS_TEXT = "@"  # the number format "Text": what is typed stays as it was typed, all sixteen digits and the leading 0
WIDTH = 22


def csv_template(headings: Sequence[str], remark: str) -> Iterator[str]:
    yield from csv_rows(headings, [{name: remark if name == headings[0] else "" for name in headings}])


def xlsx_template(headings: Sequence[str], remark: str, *, sheet: str) -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        page.set_column(0, len(headings) - 1, WIDTH, book.add_format({"num_format": AS_TEXT}))
        page.write_row(0, 0, headings, book.add_format({"num_format": AS_TEXT, "bold": True}))
        page.write_string(1, 0, remark, book.add_format({"num_format": AS_TEXT, "italic": True}))
        page.freeze_panes(1, 0)
    return target.getvalue()
