"""A table as the file that somebody takes away: CSV line by line, XLSX as soon as it is whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response, send_file, stream_with_context

from queue_app.adapters.table_export import XLSX_TYPE, Row, csv_rows, xlsx_file

KINDS = ("csv", "xlsx")


def table_file(kind: str, name: str, columns: Sequence[str], rows: Iterable[Row], *, sheet: str) -> Response:
    """``name``: without its ending, of letters that a header may hold."""
    if kind == "xlsx":
        file = xlsx_file(columns, rows, sheet=sheet)
        answer = send_file(file, XLSX_TYPE, as_attachment=True, download_name=f"{name}.xlsx")
    else:
        answer = Response(stream_with_context(csv_rows(columns, rows)), content_type="text/csv; charset=utf-8")
        answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
