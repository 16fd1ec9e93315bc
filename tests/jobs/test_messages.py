"""What the messages say: every kind, in both languages, with nothing in them that does not belong there."""

import re
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.domain.closures import ClosureKind
from queue_app.domain.reminders import ABOUT_DATA, OF_CLOSURES, MessageKind
from queue_app.domain.tickets import show_code
from queue_app.domain.visits import VisitState
from queue_app.jobs import closure_letters
from queue_app.jobs.messages import Letter
from queue_app.models import Booking, MessageState, OfficeService, OutboxMessage, Visit
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.booking.change import cancel
from queue_app.services.calendar.closing import close_day
from queue_app.services.records import outbox
from tests.harness.closing import closed
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.jobs.conftest import THURSDAY, utc

Run = Callable[[str], int]
Book = Callable[..., Booking]
Write = Callable[..., Letter]
PHONE = "+6281234567890"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    "kind",  # a letter to those who were served is not about an appointment: tests/services/surveys
    [kind for kind in MessageKind if kind not in (*OF_CLOSURES, *ABOUT_DATA, MessageKind.SURVEY)],
)
def test_every_kind_is_written_in_both_languages(
    write: Write, book: Book, keyring: FileKeyring, kind: MessageKind, language: str
) -> None:
    booking = book(language=language, persons=2, email="siti.wahyuni@example.id")
    letter = write(booking, kind)
    first, second = booking.tickets
    day = "Kamis, 26 November 2026" if language == "id" else "Thursday, 26 November 2026"
    for expected in ("A-001", "A-002", show_code(booking.code), day, "WIB", "Dispendukcapil Sragen", "GRATIS"):
        assert expected in letter.text, expected
    assert "08.00–09.00 WIB" in letter.text or language == "en"
    assert "08:00–09:00 WIB" in letter.text or language == "id"
    if kind is not MessageKind.CANCELLED:
        assert "Fotokopi KK" in letter.text or language == "en"
        assert "Copy of the family card" in letter.text or language == "id"
        for ticket in (first, second):
            assert f"https://antre.example/t/{keyring.ticket_token(ticket.id)}" in letter.text
        assert "S. W." in letter.text
    assert "A-001" in letter.subject
    assert "\n" not in letter.subject
    assert len(letter.text) < 1500, "too long for a phone"
    for text in (letter.subject, letter.text):
        assert "Wahyuni" not in text
        assert "3314" not in text
        assert "81234567890" not in text
        assert not re.search(r"[{}<>]|&#|\n\n\n|None", text), text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_was_sent_home_is_told_and_who_was_served_is_not(
    write: Write, book: Book, session: Session, offering: OfficeService, keyring: FileKeyring, clock: FixedClock
) -> None:
    booking = book(persons=2, language="en")
    day = clock.set(utc("2026-11-26T08:00+07:00"))
    for ticket in booking.tickets:
        scan = Scan(keyring.ticket_token(ticket.id), ticket.office_id, None, f"door-{ticket.id}")
        check_in(session, scan, keyring=keyring, now=day)
    served, waiting = booking.tickets
    session.get_one(Visit, served.id).state = VisitState.SERVED
    closed(session, offering, THURSDAY, now=day, kind=ClosureKind.TODAY)
    clock.advance(hours=9)  # told also after the window is over
    letter = write(booking, MessageKind.SENT_HOME)
    assert "Reason: Power cut" in letter.text
    assert "A-001" not in letter.text
    assert keyring.ticket_token(waiting.id) in letter.text
    row = OutboxMessage(booking=booking, kind=MessageKind.SENT_HOME, due_at=day)
    assert not closure_letters.is_overtaken(session, row, now=clock.now())


def test_the_code_once_more_does_not_invite_to_a_closed_day(
    write: Write, book: Book, session: Session, clock: FixedClock
) -> None:
    booking = book()
    closed = {"reason_id": "Listrik padam", "reason_en": "Power cut", "actor": TESTER, "now": clock.now()}
    close_day(session, booking.tickets[0].slot.service_day_id, **closed)
    session.commit()
    text = write(booking, MessageKind.CODE_AGAIN).text
    assert show_code(booking.code) in text
    assert "kantor tutup pada waktu itu, jadi jangan datang" in text
    assert "Tunjukkan tiket" not in text
    row = OutboxMessage(booking=booking, kind=MessageKind.CODE_AGAIN, due_at=clock.now())
    assert not outbox.is_overtaken(session, row, now=clock.now())
    cancel(session, booking.id, now=clock.now())
    assert outbox.is_overtaken(session, row, now=clock.now())


def test_a_message_says_until_when_it_can_be_changed_and_when_no_longer(
    write: Write, book: Book, clock: FixedClock
) -> None:
    booking = book()
    assert "sampai Rabu, 25 November 2026 pukul 12.00 WIB" in write(booking, MessageKind.CONFIRMATION).text
    clock.set(utc("2026-11-25T17:00+07:00"))
    late = write(booking, MessageKind.REMINDER_DAY_BEFORE).text
    assert "batalkan lewat tautan tiket sebelum jam kedatangan" in late
    assert "12.00" not in late
    clock.set(utc("2026-11-26T08:00+07:00"))
    assert "batalkan" not in write(booking, MessageKind.REMINDER_SAME_DAY).text


def test_one_person_gets_one_plain_link(write: Write, book: Book, keyring: FileKeyring) -> None:
    booking = book()
    text = write(booking, MessageKind.CONFIRMATION).text
    assert f"\nhttps://antre.example/t/{keyring.ticket_token(booking.tickets[0].id)}\n" in text
    assert len(text) < 800


def test_a_family_is_told_how_to_show_all_at_once(write: Write, book: Book, keyring: FileKeyring) -> None:
    booking = book(persons=2)
    text = write(booking, MessageKind.CONFIRMATION).text
    links = [f"https://antre.example/t/{keyring.ticket_token(ticket.id)}" for ticket in booking.tickets]
    assert "Nomor antrean: A-001 (S. W.), A-002 (S. W.)\n" in text
    assert "Cukup satu kali untuk semua: tunjukkan kode pemesanan, atau kode QR paling atas" in text
    assert f"\n{links[0]}\nTiket yang lain:\nA-002: {links[1]}\n" in text


@pytest.mark.parametrize("language", ["id", "en"])
def test_who_stays_at_home_is_named_and_who_comes_as_well(
    write: Write, book: Book, session: Session, clock: FixedClock, language: str
) -> None:
    booking = book(persons=2, language=language)
    cancel(session, booking.id, position=0, now=clock.now())
    session.refresh(booking)
    letter = write(booking, MessageKind.CANCELLED, cancel_all=False)
    assert letter.subject.endswith(": A-001")
    kept = "tetap berlaku, dengan kode yang sama: A-002." if language == "id" else "stand, with the same code: A-002."
    assert kept in letter.text
    assert "\n\n\n" not in letter.text
    assert "memesan jadwal baru" not in letter.text
    clock.advance(minutes=5)
    last = write(booking, MessageKind.CANCELLED)
    assert last.subject.endswith(": A-002")  # of the first one they were told
    assert "https://antre.example" in last.text


def test_an_apostrophe_stays_an_apostrophe(write: Write, book: Book, offering: OfficeService, session: Session) -> None:
    offering.office.address = "Jl. Qur'an & Hadits 1"
    session.commit()
    assert "Jl. Qur'an & Hadits 1" in write(book(), MessageKind.CONFIRMATION).text


def test_the_outbox_file_is_readable_and_holds_no_whole_phone(
    settings: Settings, session: Session, run: Run, book: Book
) -> None:
    booking = book(phone=PHONE, email="siti@example.id")
    assert run("send-outbox") == 1
    (path,) = settings.outbox_folder.iterdir()
    row = session.query(OutboxMessage).one()
    assert (path.name, row.channel) == (f"{row.id}.txt", "file")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["To: +62812•••890", "Kind: confirmation"]
    assert lines[2].startswith("Subject: Tiket A-001: Kamis, 26 November 2026")
    assert lines[3] == ""
    assert show_code(booking.code) in path.read_text(encoding="utf-8")
    assert "234567" not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.outbox_folder.stat().st_mode) == 0o700


def test_a_message_that_cannot_be_written_does_not_hold_up_the_others(
    app: Flask, settings: Settings, session: Session, run: Run, book: Book
) -> None:
    broken, whole = book(), book()
    broken.phone = b"\x01" + b"altered" * 8
    session.commit()
    assert run("send-outbox") == 1
    session.expire_all()
    first, second = session.query(OutboxMessage).order_by(OutboxMessage.id)
    assert (first.booking_id, first.state, first.last_error) == (
        broken.id,
        MessageState.QUEUED,
        "PersonalDataUnreadable",
    )
    assert (second.booking_id, second.state) == (whole.id, MessageState.SENT)


def test_a_message_that_never_can_be_written_is_given_up(
    clock: FixedClock, session: Session, run: Run, book: Book
) -> None:
    book().phone = b"\x01" + b"altered" * 8
    session.commit()
    for _ in range(outbox.TRIES + 2):
        run("send-outbox")
        clock.advance(minutes=40)
    row = session.query(OutboxMessage).one()
    assert (row.state, row.attempts) == (MessageState.FAILED, outbox.TRIES)


def test_a_full_disk_keeps_the_message_with_all_its_tries(
    app: Flask, settings: Settings, clock: FixedClock, session: Session, run: Run, book: Book, tmp_path: Path
) -> None:
    book()
    blocked = tmp_path / "file-in-the-way"
    blocked.write_text("")
    app.extensions["settings"] = replace(settings, instance=blocked)
    with pytest.raises(Exception, match="outbox folder"):
        run("send-outbox")
    row = session.query(OutboxMessage).one()
    assert (row.state, row.attempts) == (MessageState.QUEUED, 0)
    app.extensions["settings"] = settings
    clock.advance(minutes=1)
    assert run("send-outbox") == 1
