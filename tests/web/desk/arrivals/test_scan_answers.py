"""The front desk's scan: every answer, repeated requests, undo, with and without scripts."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from queue_app.domain.booking import TicketState
from queue_app.domain.errors import RepeatedRequest
from queue_app.domain.roles import Role
from queue_app.models import Booking, CheckIn, Ticket
from queue_app.services.arrivals import check_in, no_shows
from queue_app.services.arrivals.check_in import Scan
from queue_app.services.booking import change
from queue_app.services.calendar.closing import close_day
from queue_app.web.desk.arrivals import answering
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import LAST_WEEK, NONCE, TODAY, TOMORROW, Visitor, World

SCAN = "/meja/pindai"


def scan(visitor: Visitor, code: str, nonce: str = NONCE) -> dict[str, str]:
    answer = visitor.post_json(SCAN, {"code": code, "nonce": nonce})
    assert answer.status_code == 200, answer.text
    # The form token inside is signed anew with each second that begins.
    return {**answer.json, "html": re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", answer.json["html"])}


def state(world: World, booking: Booking) -> TicketState:
    return world.afresh().get_one(Ticket, booking.tickets[0].id).state


def test_a_genuine_ticket_is_checked_in(desk: Visitor, world: World) -> None:
    booking = world.book()
    answer = scan(desk, world.token(booking))
    assert (answer["result"], answer["tone"], answer["sign"], answer["word"]) == ("checked_in", "ok", "✓", "Hadir")
    assert answer["number"].startswith("A-")
    assert answer["service"] == "Perekaman KTP-el · 09.00–\u206010.00\u00a0WIB"  # breaks nowhere within
    assert re.fullmatch(r"Siti Wahyuni · 3314\u00a0••••\u00a0••••\u00a0\d{4}", answer["person"])
    assert answer["undo_url"]
    assert state(world, booking) is TicketState.CHECKED_IN


@pytest.mark.parametrize("spelling", ["{0}", "{0[0]}{0[1]}{0[2]}{0[3]}-{0[4]}{0[5]}{0[6]}{0[7]}", " {0} "])
def test_a_typed_code_counts_as_well(desk: Visitor, world: World, spelling: str) -> None:
    booking = world.book()
    assert scan(desk, spelling.format(booking.code.lower()))["result"] == "checked_in"


def test_a_name_with_digits_is_to_be_compared_with_the_card(desk: Visitor, world: World) -> None:
    said = "nama memuat angka: cocokkan dengan kartu"
    assert said in scan(desk, world.token(world.book(name="Siti 2 Wahyuni")))["html"]
    assert said not in scan(desk, world.token(world.book()), NONCE + "2")["html"]


def test_somebody_who_comes_early_is_told_from_when(desk: Visitor, world: World) -> None:
    answer = scan(desk, world.token(world.book(hour=13)))
    assert (answer["result"], answer["sign"]) == ("too_early", "!")
    assert "12.30\u00a0WIB" in answer["detail"]
    assert not answer["undo_url"]


def test_somebody_late_is_admitted_after_the_others(desk: Visitor, world: World, clock: FixedClock) -> None:
    booking = world.book(hour=8)
    desk.sign_in(world, world.staff(Role.DESK), now=clock.advance(hours=2))
    answer = scan(desk, world.token(booking))
    assert (answer["result"], answer["tone"], answer["word"]) == ("late", "wait", "Hadir, terlambat")
    assert answer["undo_url"]


def test_a_second_scan_says_when_and_where_the_first_was(desk: Visitor, world: World, clock: FixedClock) -> None:
    booking = world.book()
    scan(desk, world.token(booking))
    clock.advance(minutes=5)
    answer = scan(desk, world.token(booking), NONCE + "2")
    assert (answer["result"], answer["tone"]) == ("already", "wait")
    assert "Senin, 23 November 2026 pukul 09.00\u00a0WIB" in answer["detail"]
    assert "Dispendukcapil Sragen" in answer["detail"]


def test_the_wrong_day_names_the_right_one(desk: Visitor, world: World) -> None:
    answer = scan(desk, world.token(world.book(TOMORROW)))
    assert (answer["result"], answer["tone"], answer["sign"]) == ("wrong_day", "stop", "✕")
    assert "Selasa, 24 November 2026, 09.00–\u206010.00\u00a0WIB" in answer["detail"]


def test_a_closed_day_is_no_day_to_come_back_on(desk: Visitor, world: World) -> None:
    booking = world.book(TOMORROW)
    closing = {"reason_id": "Listrik padam", "reason_en": "Power cut", "actor": TESTER, "now": LAST_WEEK}
    close_day(world.session, world.day(TOMORROW).id, **closing)
    world.session.commit()
    answer = scan(desk, world.token(booking))
    assert (answer["result"], answer["tone"], answer["word"]) == ("day_closed", "stop", "Ditutup kantor")
    assert "Tidak ada pelayanan Selasa, 24 November 2026" in answer["detail"]
    assert "Listrik padam" in answer["detail"]
    assert answer["undo_url"] == ""


def test_another_office_is_named_and_the_person_is_not(desk: Visitor, world: World) -> None:
    answer = scan(desk, world.token(world.book(offering=world.offering_there)))
    assert answer["result"] == "wrong_office"
    assert "Dispendukcapil Gemolong" in answer["detail"]
    assert (answer["person"], answer["number"]) == ("", "")


def test_a_cancelled_ticket_says_so(desk: Visitor, world: World) -> None:
    booking = world.book()
    change.cancel(world.session, booking.id, now=LAST_WEEK)
    world.session.commit()
    assert scan(desk, world.token(booking))["word"] == "Dibatalkan"


def test_a_moved_ticket_names_its_new_time(desk: Visitor, world: World) -> None:
    booking = world.book()
    old = world.token(booking)
    change.reschedule(world.session, booking.id, world.slot(TOMORROW, 8).id, now=LAST_WEEK)
    world.session.commit()
    answer = scan(desk, old)
    assert (answer["result"], answer["tone"]) == ("rescheduled", "wait")
    assert "Selasa, 24 November 2026, 08.00–\u206009.00\u00a0WIB" in answer["detail"]


@pytest.mark.parametrize(
    "code", ["ZZZZ-ZZZZ", "0" * 34, "https://example.org/", "x' OR 1=1", "💳" * 30, "3314990101900001"]
)
def test_anything_else_is_unknown(desk: Visitor, world: World, code: str) -> None:
    assert scan(desk, code)["result"] == "unknown"


def test_the_same_nonce_changes_nothing(desk: Visitor, world: World) -> None:
    booking = world.book()
    first = scan(desk, world.token(booking))
    assert scan(desk, world.token(booking)) == first
    assert len(world.afresh().scalars(select(CheckIn)).all()) == 1


def test_two_requests_with_one_nonce_at_once(desk: Visitor, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loser of the race asks again and finds what the winner stored."""
    booking, asked = world.book(), []
    original = check_in.check_in
    monkeypatch.setattr(answering, "check_in_at_desk", lambda *_, **__: None)

    def lose_once(session: object, asked_for: Scan, **others: object) -> CheckIn:
        asked.append(asked_for)
        if len(asked) == 1:
            raise RepeatedRequest()
        return original(session, asked_for, **others)

    monkeypatch.setattr(answering, "check_in", lose_once)
    assert scan(desk, world.token(booking))["result"] == "checked_in"
    assert asked[0] == asked[1]


def test_a_nonce_of_another_desk_tells_nothing(desk: Visitor, world: World) -> None:
    there = world.book(offering=world.offering_there)
    asked = Scan(world.token(there), world.there.id, world.staff(Role.DESK, world.there).id, NONCE)
    check_in.check_in(world.session, asked, keyring=world.keyring, now=MONDAY_MORNING)
    world.session.commit()
    answer = desk.post_json(SCAN, {"code": world.token(there), "nonce": NONCE})
    assert (answer.status_code, answer.json["code"]) == (409, "request_changed")
    assert "A-" not in answer.text


@pytest.mark.parametrize("data", [{}, {"code": ""}, {"code": "7KX92MQA", "nonce": "short"}, {"code": "x" * 201}])
def test_half_a_scan_is_refused(desk: Visitor, data: dict[str, str]) -> None:
    assert desk.post_json(SCAN, {"nonce": NONCE, **data}).status_code == 422
    page = desk.post(SCAN, {"nonce": NONCE, **data})
    assert page.status_code == 422
    assert "autofocus" in page.text


def test_without_scripts_the_answer_is_a_page_with_the_field_again(desk: Visitor, world: World) -> None:
    answer = desk.post(SCAN, {"code": world.token(world.book()), "nonce": NONCE})
    assert answer.status_code == 303
    page = desk.get(answer.location).text
    assert "scanning--ok" in page
    assert "Siti Wahyuni" in page
    assert "autofocus" in page
    nonces = re.findall(r'name="nonce"[^>]*value="([^"]+)"', page)
    assert nonces != [NONCE]
    assert "urungkan" in page


def test_a_scan_is_taken_back_within_two_minutes(desk: Visitor, world: World, clock: FixedClock) -> None:
    booking = world.book()
    undo = scan(desk, world.token(booking))["undo_url"]
    clock.advance(seconds=119)
    assert desk.post_json(undo).json["result"] == "undone"
    assert state(world, booking) is TicketState.BOOKED
    assert desk.post(undo).status_code == 303  # pressing twice is harmless
    assert scan(desk, world.token(booking), NONCE + "2")["result"] == "checked_in"


def test_after_two_minutes_it_stays(desk: Visitor, world: World, clock: FixedClock) -> None:
    booking = world.book()
    undo = scan(desk, world.token(booking))["undo_url"]
    clock.advance(seconds=121)
    answer = desk.post_json(undo)
    assert (answer.status_code, answer.json["code"]) == (409, "undo_expired")
    assert desk.post(undo).status_code == 409
    assert state(world, booking) is TicketState.CHECKED_IN
    assert "/urungkan" not in desk.get(f"{SCAN}?hasil={undo.split('/')[3]}").text


def test_another_office_neither_sees_nor_undoes_a_scan(desk: Visitor, world: World, visitor: Visitor) -> None:
    undo = scan(desk, world.token(world.book()))["undo_url"]
    visitor.sign_in(world, world.staff(Role.DESK, world.there))
    assert visitor.post(undo).status_code == 404
    assert visitor.get(f"{SCAN}?hasil={undo.split('/')[3]}").status_code == 404
    assert visitor.get(f"{SCAN}?hasil=99999").status_code == 404


def test_no_show_and_back(desk: Visitor, world: World, clock: FixedClock) -> None:
    """Who comes after the hall has closed the day is still let in on that day."""
    booking = world.book(hour=8)
    clock.set(MONDAY_MORNING + timedelta(hours=6))
    no_shows.mark_no_shows(world.session, now=clock.now())
    world.session.commit()
    assert state(world, booking) is TicketState.NO_SHOW
    desk.sign_in(world, world.staff(Role.DESK), now=clock.now())
    assert scan(desk, world.token(booking))["result"] == "late"
    assert booking.tickets[0].day == TODAY
