"""Dates, times and plural forms as Indonesian and English write them."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from queue_app.adapters.language import (
    Catalogue,
    format_day,
    format_instant,
    format_short_day,
    format_time,
    format_window,
    translations,
)

DAY = date(2026, 11, 23)
TWO = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
THREE = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def test_days() -> None:
    assert format_day(DAY, "id") == "Senin, 23 November 2026"
    assert format_day(DAY, "en") == "Monday, 23 November 2026"
    assert format_short_day(DAY, "id") == "Sen 23 Nov"
    assert format_short_day(DAY, "en") == "Mon 23 Nov"


def test_times() -> None:
    assert format_time(time(9, 0), None, "id") == "09.00"
    assert format_time(time(9, 0), None, "en") == "09:00"
    assert format_time(TWO, "Asia/Jayapura", "id") == "11.00"
    with pytest.raises(ValueError, match="zone"):
        format_time(TWO, None, "id")


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Asia/Jakarta", "09.00–10.00 WIB"), ("Asia/Makassar", "10.00–11.00 WITA"), ("Asia/Jayapura", "11.00–12.00 WIT")],
)
def test_windows_are_shown_in_the_office_zone(zone: str, shown: str) -> None:
    assert format_window(TWO, THREE, zone, "id") == shown


def test_instants_fall_on_the_office_day() -> None:
    assert format_instant(TWO, "Asia/Jakarta", "id") == "Senin, 23 November 2026 pukul 09.00 WIB"
    late = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    assert format_instant(late, "Asia/Jakarta", "en") == "Monday, 23 November 2026 at 00:30 WIB"


def test_a_catalogue_gives_back_what_it_does_not_know(tmp_path: Path) -> None:
    file = tmp_path / "en.po"
    file.write_text(
        'msgid "Kembali"\nmsgstr "Back"\n\n'
        'msgid "%(n)d tempat"\nmsgid_plural "%(n)d tempat"\nmsgstr[0] "%(n)d place"\nmsgstr[1] "%(n)d places"\n\n'
        'msgid "Belum"\nmsgstr ""\n'
    )
    english = Catalogue(file, "en")
    assert english.gettext("Kembali") == "Back"
    assert english.gettext("Belum") == "Belum"
    assert english.ngettext("%(n)d tempat", "%(n)d tempat", 1) == "%(n)d place"
    assert english.ngettext("%(n)d tempat", "%(n)d tempat", 0) == "%(n)d places"
    assert english.ngettext("satu", "banyak", 2) == "banyak"
    assert translations("id").gettext("Kembali") == "Kembali"
    assert translations("en").gettext("Kembali") == "Back"
