"""The ways on from "this NIK has a booking": the code once more, and what to do when it is somebody else's."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.reminders import MessageKind
from queue_app.domain.tickets import show_code
from queue_app.jobs.registry import run_job
from queue_app.models import Booking, MessageState, OfficeService, OutboxMessage
from tests.harness.factories import make_nik
from tests.web.citizen import NIK, Citizen, hidden, slots_on, text_of

TOKEN = re.compile(r'name="csrf_token"[^>]*>')


def queued(session: Session) -> list[OutboxMessage]:
    session.rollback()
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.kind == MessageKind.CODE_AGAIN)).unique())


def test_from_the_refusal_to_the_code_and_the_ticket(citizen: Citizen, session: Session, app: Flask) -> None:
    """Without scripts: refused, code asked for, message read, ticket opened."""
    ticket = citizen.book()
    code = show_code(session.scalars(select(Booking.code)).one())
    again = Citizen(citizen.client)
    again.give_details()
    page = again.choice().text
    refused = again.claim(max(slots_on(page)), page=page)
    assert 'href="#sudah-punya"' in refused.text
    ways = refused.text.split('id="sudah-punya"')[1].split("</div>")[0]
    assert re.findall(r'href="([^"]+)"', ways) == ["/tiket-saya", "/kode-hilang", "/bukan-saya"]

    answer = again.post("/kode-hilang", nik="3314 9917 0305 0001")
    assert (answer.status_code, answer.location) == (303, "/kode-hilang/diminta")
    said = again.get(answer.location).text
    for secret in (code, NIK, "Siti", "siti@", "A-001", ticket):
        assert secret not in said
    assert NIK not in again.addresses()

    run_job(app, "send-outbox")
    (message,) = queued(session)
    assert message.state is MessageState.SENT
    (letter,) = [
        text
        for path in app.extensions["settings"].outbox_folder.glob("*.txt")
        if "Kind: code_again" in (text := path.read_text(encoding="utf-8"))
    ]
    assert code in letter
    assert ticket in letter  # the link of the ticket itself
    assert NIK not in letter
    assert again.post("/tiket-saya", code=code, phone="0812 3456 7890").location == ticket


def test_the_answer_is_the_same_whether_or_not_there_is_a_booking(citizen: Citizen, session: Session) -> None:
    citizen.book()
    citizen.book(nik="3314 9918 0305 0002", email="", name="Budi")
    answers = set()
    for nik in (NIK, "3314991803050002", make_nik().digits):
        answer = citizen.post("/kode-hilang", nik=nik)
        page = citizen.get(answer.location).text
        answers.add((answer.status_code, answer.location, answer.text, TOKEN.sub("", page)))
    assert len(answers) == 1
    assert len(queued(session)) == 1


def test_asked_again_and_again_it_is_one_message_and_then_one_waits(citizen: Citizen, session: Session) -> None:
    citizen.book()
    assert [citizen.post("/kode-hilang", nik=NIK).status_code for _ in range(6)] == [303] * 5 + [429]
    assert len(queued(session)) == 1
    stranger = make_nik().digits
    assert [citizen.post("/kode-hilang", nik=stranger).status_code for _ in range(6)] == [303] * 5 + [429]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_asks_for_one_nik_from_many_addresses_nor_for_many_from_one(citizen: Citizen) -> None:
    token = hidden(citizen.get("/kode-hilang").text, "csrf_token")

    def ask(nik: str, address: str) -> int:
        values = {"csrf_token": token, "nik": nik}
        return citizen.client.post("/kode-hilang", data=values, environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask(NIK, f"10.0.0.{number}") for number in range(6)] == [303] * 5 + [429]
    assert [ask(make_nik(number).digits, "10.0.1.1") for number in range(1, 32)] == [303] * 30 + [429]


@pytest.mark.parametrize(
    ("nik", "words"), [("", "Tulis NIK orang yang akan datang."), ("331499", "yang tertulis 6 angka")]
)
def test_a_slip_is_named_at_its_field(citizen: Citizen, nik: str, words: str) -> None:
    answer = citizen.post("/kode-hilang", nik=nik)
    assert answer.status_code == 422
    assert text_of(answer.text).count(words) == 2
    assert hidden(answer.text, "nik") == nik or not nik


@pytest.mark.parametrize("path", ["/kode-hilang", "/kode-hilang/diminta", "/bukan-saya"])
def test_the_office_is_named_with_its_telephone(
    citizen: Citizen, session: Session, offering: OfficeService, path: str
) -> None:
    """No other channel than mail sends by itself, and the pages say so instead of letting people wait."""
    offering.office.phone = "(0271) 891234"
    session.commit()
    page = text_of(citizen.get(path).text)
    assert "Telepon (0271) 891234" in page
    assert "KTP-el atau Kartu Keluarga" in page


def test_both_are_linked_from_my_ticket(citizen: Citizen) -> None:
    page = citizen.get("/tiket-saya").text
    assert 'href="/kode-hilang"' in page
    assert 'href="/bukan-saya"' in page
