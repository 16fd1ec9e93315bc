"""The tables that can be taken in. Their headings are a format, so they are Indonesian in whatever language one reads.

The same headings stand over the tables that are taken away: what went out comes in again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from queue_app.domain.roles import Role

MOST_ROWS = 500  # of a file: one transaction of about a second, behind which others wait (on SQLite five at most)


class ImportKind(StrEnum):
    """As it stands in addresses."""

    STAFF = "petugas"
    SERVICES = "layanan"
    HOLIDAYS = "hari-libur"
    BOOKINGS = "pemesanan"


@dataclass(frozen=True)
class Column:
    heading: str
    required: bool = False


OFFICE, NAME, NAME_EN = "Kantor", "Nama", "Nama Inggris"
ROLES = "Peran"
CODE, SERVICE, LETTER, MINUTES = "Kode", "Layanan", "Huruf", "Menit"
CATEGORY, SUMMARY, SUMMARY_EN = "Kelompok", "Keterangan", "Keterangan Inggris"
DAY, CLOCK, KIND = "Tanggal", "Jam", "Jenis"
NIK, PHONE, EMAIL, OLD_NUMBER = "NIK", "Nomor HP", "Email", "Nomor lama"
# The texts of a service at an office, by the columns that hold them.
TEXTS: Mapping[str, str] = {
    "Siapa yang boleh datang": "who_id",
    "Siapa yang boleh datang, Inggris": "who_en",
    "Syarat": "requirements_id",
    "Syarat, Inggris": "requirements_en",
    "Langkah": "steps_id",
    "Langkah, Inggris": "steps_en",
    "Dasar hukum": "legal_basis",
}
COLUMNS: Mapping[ImportKind, tuple[Column, ...]] = {
    ImportKind.STAFF: (Column(NAME, True), Column(ROLES, True), Column(OFFICE, True)),
    ImportKind.SERVICES: (
        *(Column(OFFICE, True), Column(CODE), Column(NAME), Column(NAME_EN), Column(CATEGORY)),
        *(Column(SUMMARY), Column(SUMMARY_EN), Column(LETTER), Column(MINUTES), *map(Column, TEXTS)),
    ),
    ImportKind.HOLIDAYS: (Column(DAY, True), Column(NAME, True), Column(NAME_EN), Column(KIND), Column(OFFICE)),
    ImportKind.BOOKINGS: (
        *(Column(OFFICE, True), Column(SERVICE, True), Column(DAY, True), Column(CLOCK, True), Column(NIK, True)),
        *(Column(NAME, True), Column(PHONE), Column(EMAIL), Column(OLD_NUMBER)),
    ),
}
ROLE_WORDS: Mapping[Role, str] = {
    Role.DESK: "Meja depan",
    Role.VILLAGE: "Operator desa",
    Role.COUNTER: "Loket",
    Role.ADMINISTRATOR: "Administrator",
    Role.AUDITOR: "Auditor",
}
BETWEEN = "; "  # several roles or offices in one cell
NOTE = "#"  # a row that begins with it is a remark
# At which column people look for what a rule refuses.
COLUMN_OF: Mapping[str, str] = {
    "already_booked": NIK,
    "slot_full": CLOCK,
    "day_closed": DAY,
    "booking_closed": DAY,
    "not_open_yet": DAY,
    "holiday_booked": DAY,
    "invalid_party": NIK,
}
