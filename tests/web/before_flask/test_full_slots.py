"""The gate before Flask: refuses for at most a second, never takes the answer from those who have a place."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.models import Booking, OfficeService, Slot
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.calendar import quota
from queue_app.web.before_flask import KNOWN_REFUSALS
from tests.harness.factories import TESTER, make_booking, slots_of
from tests.harness.fakes import FixedClock
from tests.web.before_flask.conftest import ByProgram, Seconds, forget_details
from tests.web.citizen import DETAILS, NIK, PHONE, Citizen, hidden, text_of

CameThrough = Callable[[], Counter[str]]


@pytest.fixture
def late(client: FlaskClient, seconds: Seconds, holder: Booking) -> Citizen:
    """Somebody with the details given, who comes too late."""
    citizen = Citizen(client)
    citizen.give_details()
    return citizen


def press(citizen: Citizen, slot: Slot) -> int:
    return citizen.claim(slot.id, in_address=True).status_code


def test_the_second_one_is_refused_before_flask(late: Citizen, slot: Slot, came_through: CameThrough) -> None:
    path = f"POST /slots/{slot.id}/bookings"
    first = late.claim(slot.id, in_address=True)
    assert (first.status_code, came_through()[path]) == (409, 1)
    second = late.claim(slot.id, in_address=True)
    assert (second.status_code, came_through()[path]) == (409, 0)
    said = text_of(second.text)
    for word in ("Jam ini sudah penuh", "Selasa, 24 November 2026 pukul 08.00", "09.00–10.00", "Isian Anda masih"):
        assert word in said
    for secret in (NIK, PHONE, DETAILS["name"], "3314 ••••"):
        assert secret not in second.text
    assert second.headers["Cache-Control"] == "no-store"
    assert "ETag" not in second.headers
    assert "default-src 'none'" in second.headers["Content-Security-Policy"]
    third = late.claim(slot.id, in_address=True)
    assert third.data == second.data
    assert not came_through()[path]


def test_it_speaks_the_readers_language(late: Citizen, slot: Slot) -> None:
    assert press(late, slot) == 409
    assert "Jam ini sudah penuh" in late.claim(slot.id, in_address=True).text
    late.get("/?lang=en")
    assert "This hour is full" in late.claim(slot.id, in_address=True).text


def test_what_it_knows_is_never_older_than_a_second(
    late: Citizen, slot: Slot, seconds: Seconds, came_through: CameThrough
) -> None:
    path = f"POST /slots/{slot.id}/bookings"
    came_through()
    assert press(late, slot) == 409
    assert came_through()[path] == 1
    seconds.now += 0.49
    assert press(late, slot) == 409
    assert came_through()[path] == 0
    seconds.now += 0.02  # half of its life: one asks again, for all
    assert press(late, slot) == 409
    assert press(late, slot) == 409
    assert came_through()[path] == 1
    seconds.now += 1.0
    assert press(late, slot) == 409
    assert came_through()[path] == 1


@pytest.mark.parametrize("how", ["cancelled", "more places"])
def test_a_place_that_comes_back_is_found_within_a_second(
    late: Citizen,
    slot: Slot,
    holder: Booking,
    session: Session,
    seconds: Seconds,
    clock: FixedClock,
    how: str,
) -> None:
    assert press(late, slot) == 409
    if how == "cancelled":
        cancel(session, holder.id, now=clock.now())
    else:
        day = slot.service_day_id
        quota.set_day_quota(session, day, 6, reason="Ada petugas lagi", actor=TESTER, now=clock.now())
    session.commit()
    assert press(late, slot) == 409  # it may still believe so
    seconds.now += 1.0
    assert press(late, slot) == 303


def test_a_place_found_by_one_is_open_to_all(
    app: Flask, late: Citizen, slot: Slot, holder: Booking, session: Session, seconds: Seconds, clock: FixedClock
) -> None:
    assert press(late, slot) == 409
    quota.set_day_quota(session, slot.service_day_id, 8, reason="Ada petugas", actor=TESTER, now=clock.now())
    session.commit()
    seconds.now += 0.6  # one asks again and wins
    assert press(late, slot) == 303
    other = Citizen(app.test_client())
    other.give_details(nik="3314991703050002")
    assert press(other, slot) == 303


def test_who_has_the_last_place_may_ask_again_for_the_answer(
    client: FlaskClient,
    app: Flask,
    slot: Slot,
    session: Session,
    seconds: Seconds,
    keyring: FileKeyring,
    clock: FixedClock,
) -> None:
    """The answer was lost, the slot is full by now, and others keep the gate shut."""
    make_booking(session, slot.id, keyring=keyring, now=clock.now())
    session.commit()
    winner, late = Citizen(client), Citizen(app.test_client())
    winner.give_details()
    late.give_details(nik="3314991703050002")
    choice = winner.choice().text
    draft = {"offering": hidden(choice, "offering"), "request_key": hidden(choice, "request_key")}
    ticket = winner.post(f"/slots/{slot.id}/bookings", **draft)
    assert ticket.status_code == 303
    for _ in range(3):
        assert press(late, slot) == 409
    again = winner.post(f"/slots/{slot.id}/bookings", **draft)
    assert (again.status_code, again.location) == (303, ticket.location)


def test_the_page_leads_to_a_ticket_that_is_there_already(
    client: FlaskClient, slot: Slot, session: Session, seconds: Seconds
) -> None:
    citizen = Citizen(client)
    citizen.give_details()
    cookies = [cookie for cookie in client._cookies.values() if cookie.key.startswith("draft-")]  # type: ignore[union-attr]
    ticket = citizen.claim(slot.id, in_address=True)
    for cookie in cookies:  # the answer that would have taken them away never came
        client.set_cookie(cookie.key, cookie.value, path=cookie.path)
    found = citizen.get(f"/slots/{slot.id}/bookings")
    assert (found.status_code, found.location) == (303, ticket.location)


def test_a_changed_hour_under_the_same_request_is_refused(
    client: FlaskClient, slot: Slot, session: Session, offering: OfficeService
) -> None:
    citizen = Citizen(client)
    citizen.give_details()
    choice = citizen.choice().text
    cookies = [cookie for cookie in client._cookies.values() if cookie.key.startswith("draft-")]  # type: ignore[union-attr]
    ticket = citizen.claim(slot.id, page=choice)
    for cookie in cookies:
        client.set_cookie(cookie.key, cookie.value, path=cookie.path)
    other = slots_of(session, offering, date(2026, 11, 25))[0]
    answer = citizen.claim(other.id, page=choice)
    assert answer.status_code == 409
    assert "sudah memesan jam lain" in answer.text
    assert ticket.location in answer.text
    session.expire_all()
    assert session.scalars(select(Slot.booked).where(Slot.id == other.id)).one() == 0


def test_a_party_too_large_for_the_rest_shuts_no_gate(
    app: Flask, slot: Slot, session: Session, seconds: Seconds, keyring: FileKeyring, clock: FixedClock
) -> None:
    make_booking(session, slot.id, keyring=keyring, now=clock.now(), request_key="api7:of-a-partner")
    session.commit()
    assert app.extensions[KNOWN_REFUSALS].holders(session, slot.id, of_full=True) is None
    make_booking(session, slot.id, keyring=keyring, now=clock.now(), request_key="of-a-citizen")
    session.commit()
    assert app.extensions[KNOWN_REFUSALS].holders(session, slot.id, of_full=True) == {"of-a-partner", "of-a-citizen"}


def test_a_claim_won_in_another_process_is_noticed_at_once(
    app: Flask, late: Citizen, slot: Slot, holder: Booking, came_through: CameThrough
) -> None:
    """Whoever won there may come here for the lost answer, and this process knows an older list of holders."""
    path = f"POST /slots/{slot.id}/bookings"
    assert press(late, slot) == 409
    came_through()
    assert press(late, slot) == 409
    assert came_through()[path] == 0
    app.extensions[KNOWN_REFUSALS].claim_was_won(slot.id)
    assert press(late, slot) == 409
    assert came_through()[path] == 1


def test_who_was_moved_away_may_ask_again_as_well(
    slot: Slot,
    offering: OfficeService,
    by_program: ByProgram,
    stranger: FlaskClient,
    session: Session,
    keyring: FileKeyring,
    clock: FixedClock,
) -> None:
    """They hold no place of this slot any more, and the request that booked it is theirs still."""
    booked = by_program(slot, stranger, key="key-of-the-winner")
    session.rollback()
    booking = session.scalars(select(Booking)).one()
    reschedule(session, booking.id, slots_of(session, offering, date(2026, 11, 26))[0].id, now=clock.now())
    for _ in range(2):
        make_booking(session, slot.id, keyring=keyring, now=clock.now())
    session.commit()
    for _ in range(2):
        assert by_program(slot, stranger, first=5).json["code"] == "slot_full"
    again = by_program(slot, stranger, key="key-of-the-winner")
    assert (again.status_code, again.json["code"]) == (201, booked.json["code"])


def test_details_that_are_only_in_the_form_come_back_with_the_page(
    late: Citizen, client: FlaskClient, slot: Slot
) -> None:
    """Their cookie lives half an hour, and the page was looked at for longer."""
    page = late.choice().text
    assert press(late, slot) == 409
    forget_details(client)
    assert 'name="details"' in late.claim(slot.id, page=page, in_address=True).text
