"""The calendar file, read back by a parser and line by line."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from icalendar import Calendar, Event

from queue_app.adapters.ics import appointment_ics

WIB = timezone(timedelta(hours=7))
NINE = datetime(2026, 11, 25, 9, 0, tzinfo=WIB)


def written(**changes: object) -> str:
    fields: dict[str, object] = {
        "code": "7KX9-2MQA",
        "site": "antrean.example",
        "starts_at": NINE,
        "ends_at": NINE + timedelta(hours=1),
        "stamp": datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
        "summary": "Perekaman KTP-el, nomor A-012",
        "location": "Dispendukcapil Sragen; Jl. Raya Sukowati No. 255, Sragen",
        "description": "Bawa: fotokopi KK\nTunjukkan kode QR di meja depan.",
        "url": "https://antrean.example/t/ABC",
        "reminder": "Besok: perekaman KTP-el",
    }
    return appointment_ics(**(fields | changes))  # type: ignore[arg-type]


def event_of(text: str) -> Event:
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


def test_the_event_says_when_where_and_what() -> None:
    event = event_of(written())
    assert event.decoded("dtstart") == datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
    assert event.decoded("dtstamp") == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert str(event["summary"]) == "Perekaman KTP-el, nomor A-012"
    assert str(event["location"]) == "Dispendukcapil Sragen; Jl. Raya Sukowati No. 255, Sragen"
    assert str(event["description"]) == "Bawa: fotokopi KK\nTunjukkan kode QR di meja depan."
    assert event.errors == []


def test_times_are_written_in_utc() -> None:
    assert "\r\nDTSTART:20261125T020000Z\r\n" in written()
    assert "VTIMEZONE" not in written()


def test_a_reminder_comes_the_day_before() -> None:
    (alarm,) = event_of(written()).walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(days=-1)
    assert str(alarm["action"]) == "DISPLAY"
    assert str(alarm["description"]) == "Besok: perekaman KTP-el"


def test_a_reschedule_replaces_the_event() -> None:
    before = event_of(written())
    after = event_of(
        written(code="7kx92mqa", sequence=1, starts_at=NINE + timedelta(days=1), ends_at=NINE + timedelta(days=2))
    )
    assert after["uid"] == before["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert event_of(written(code="7KX9-2MQB"))["uid"] != before["uid"]
    assert event_of(written(site="lain.example"))["uid"] != before["uid"]


def test_the_ticket_is_at_hand_and_no_organizer_is_missing() -> None:
    """METHOD:PUBLISH would ask for an ORGANIZER (RFC 5546 section 3.2.1); strict readers refuse the file without."""
    assert str(event_of(written())["url"]) == "https://antrean.example/t/ABC"
    assert "METHOD" not in written()


def test_the_same_appointment_gives_the_same_file() -> None:
    assert written() == written()


HOSTILE = [
    "",
    "a" * 300,
    "é" * 300,
    "🎫" * 100,
    "بطاقة الهوية \u202eabc",
    "x\r\nATTENDEE:mailto:a@b.example\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "x\nBEGIN:VALARM",
    "x\rEND:VCALENDAR",
    "x\u2028END:VCALENDAR\u2029\x85y\x0bz\x0c",
    "nul \x00 bell \x07 \x1b[31m del \x7f",
    "lone \ud800 surrogate",
    '\\n \\, \\; ;,:"^n',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_out_of_its_line(text: str) -> None:
    file = written(summary=text, location=text, description=text, reminder=text)
    octets = file.encode()
    assert octets.endswith(b"END:VCALENDAR\r\n")
    lines = octets.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(byte < 0x20 and byte != 0x09 for line in lines for byte in line)
    names = [line.split(b":")[0].split(b";")[0] for line in lines if line and not line.startswith(b" ")]
    assert names.count(b"BEGIN") == names.count(b"END") == 3
    assert b"ATTENDEE" not in names
    event = event_of(file)
    assert event.errors == []
    assert len(event.walk("VALARM")) == 1


@pytest.mark.parametrize("text", ["é" * 300, "🎫" * 100, "بطاقة الهوية", '\\n \\, \\; ;,:"'])
def test_text_survives_the_way_there_and_back(text: str) -> None:
    assert str(event_of(written(summary=text))["summary"]) == text


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": datetime(2026, 11, 25, 9, 0)},  # noqa: DTZ001
        {"stamp": datetime(2026, 11, 23, 9, 0)},  # noqa: DTZ001
        {"ends_at": NINE},
        {"ends_at": NINE - timedelta(minutes=1)},
    ],
)
def test_impossible_times_are_refused(changes: dict[str, datetime]) -> None:
    with pytest.raises(ValueError):
        written(**changes)
