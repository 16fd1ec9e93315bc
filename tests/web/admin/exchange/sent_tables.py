"""Tables as they are sent in by the page, and what stands in them."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from queue_app.models import Ticket
from tests.harness.factories import make_nik
from tests.harness.office import Visitor, World
from tests.web.citizen import text_of

HEADINGS = ["Kantor", "Layanan", "Tanggal", "Jam", "NIK", "Nama", "Nomor HP", "Nomor lama"]


def send(
    administrator: Visitor, kind: str, content: bytes | str, name: str = "berkas.csv", **values: Any
) -> TestResponse:
    encoded = content.encode() if isinstance(content, str) else content
    return administrator.post(f"/admin/impor/{kind}", {"file": (io.BytesIO(encoded), name), **values})


def carried_out(administrator: Visitor, kind: str, content: bytes | str, **values: Any) -> TestResponse:
    """Looked at, and sent once more with the box ticked."""
    looked = send(administrator, kind, content, **values)
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', looked.text)
    assert seen, text_of(looked.text)
    return send(administrator, kind, content, seen=seen[1], run="y", **values)


def booking_row(**changes: Any) -> list[Any]:
    row = dict(
        zip(
            HEADINGS,
            ["sragen", "KTP_REKAM", "24/11/2026", "08.00", "", "Siti Wahyuni", "081234567890", "A-7"],
            strict=True,
        )
    )
    row["NIK"] = make_nik().digits
    return list((row | changes).values())


def as_csv(*rows: list[Any], headings: list[str] = HEADINGS, separator: str = ";") -> str:
    return "".join(separator.join(map(str, row)) + "\r\n" for row in [headings, *rows])


def as_xlsx(*rows: list[Any], headings: list[str] = HEADINGS) -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in [headings, *rows]:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def tickets(world: World) -> int:
    return world.afresh().scalar(select(func.count()).select_from(Ticket)) or 0
