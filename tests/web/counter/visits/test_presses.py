"""The page of a counter: each key and what it leads to, presses that arrive twice, and everything it refuses."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy import func, select

from queue_app.domain.roles import Role
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import AuditEntry, Counter, VisitStep
from tests.harness.at_counters import (
    PAGE,
    Officer,
    another_service,
    arrive,
    officer_at,
    open_counter,
    steps_of,
    visit_of,
)
from tests.harness.fakes import FixedClock
from tests.harness.office import Visitor, World, refusals
from tests.web.citizen import text_of


def second_officer(world: World, client: FlaskClient, number: int, role: Role = Role.DESK) -> Officer:
    """In a browser of their own, at a new counter."""
    return officer_at(world, Visitor(client.application.test_client()), open_counter(world, number), role)


def test_from_the_call_to_the_end(officer: Officer, world: World) -> None:
    first, second = arrive(world), arrive(world, hour=9, name="Budi Santoso")
    assert set(officer.keys) == {"p", "k"}
    assert "Berikutnya: A-011" in text_of(officer.shown)
    officer.presses("p")
    assert set(officer.keys) == {"m", "u", "t", "z", "k", "i"}
    assert "Siti Wahyuni" in officer.shown
    assert "Identitas belum diperiksa" in officer.shown
    officer.presses("m")
    assert set(officer.keys) == {"s", "t", "z", "k", "i"}
    assert officer.press("s", outcome="refused").status_code == 303
    visit = visit_of(world, first)
    assert (visit.state, visit.outcome) == (VisitState.SERVED, Outcome.REFUSED)
    assert steps_of(world, first) == ["call", "start", "finish"]
    assert "datang lagi" not in officer.look()  # what was missing is theirs to bring: a booking like any other
    officer.presses("p")
    assert visit_of(world, second).state is VisitState.CALLED
    assert world.session.scalar(select(func.count()).where(AuditEntry.action == "visit.called")) == 2


def test_three_calls_then_back_into_the_line_then_absent_and_come_after_all(officer: Officer, world: World) -> None:
    ticket = arrive(world)
    for _round in range(2):
        officer.presses("p", "u", "u")
        assert set(officer.keys) == {"m", "l", "t", "z", "k", "i"}
        officer.presses("l")
    assert steps_of(world, ticket) == ["call", "recall", "recall", "skip", "call", "recall", "recall", "absent"]
    assert visit_of(world, ticket).state is VisitState.ABSENT
    assert officer.press("p").status_code == 303
    assert officer.notice == "Tidak ada yang menunggu untuk loket ini."
    assert "tidak hadir" in officer.look()
    officer.presses("1")  # "Datang: antre lagi"
    assert visit_of(world, ticket).state is VisitState.WAITING
    officer.presses("p")
    assert visit_of(world, ticket).state is VisitState.CALLED


def test_who_was_put_aside_is_called_back_to_any_counter(officer: Officer, world: World, client: FlaskClient) -> None:
    ticket, other = arrive(world), arrive(world, name="Budi Santoso")
    officer.presses("p", "m", "t")
    assert visit_of(world, ticket).state is VisitState.HELD
    officer.presses("p")
    assert "1" not in officer.keys  # one open call a counter
    elsewhere = second_officer(world, client, 2)
    elsewhere.presses("1")
    visit = visit_of(world, ticket)
    assert visit.counter
    assert (visit.state, visit.counter.number) == (VisitState.CALLED, 2)
    assert visit_of(world, other).counter.number == 1


def test_one_is_passed_on_to_another_counter_or_service(world: World, visitor: Visitor, client: FlaskClient) -> None:
    family = another_service(world)
    officer = officer_at(world, visitor, open_counter(world, 1, world.offering, family))
    elsewhere = second_officer(world, client, 2)
    ticket, behind = arrive(world), arrive(world, name="Budi Santoso")
    officer.presses("p")
    offered = dict(re.findall(r'<option value="((?:counter|service):\d+)">([^<]+)<', officer.look()))
    (to_counter, to_service) = offered
    assert list(offered.values()) == ["Loket 2 · Budi desk", family.service.name_id]
    transfer = re.search(r'action="([^"]+/alihkan)"', officer.shown).group(1)
    nonce = {"nonce": re.search(r'name="nonce" value="([^"]+)"', officer.shown).group(1)}
    officer.visitor.post(transfer, {**nonce, "target": "counter:4711"})
    assert officer.notice == "Tujuan itu tidak dapat dipilih lagi. Pilih yang lain."
    for _twice in range(2):
        officer.visitor.post(transfer, {**nonce, "target": to_counter})
    assert officer.notice == ""
    assert "Dialihkan ke loket ini: A-011" in text_of(elsewhere.look())
    assert "A-011" not in text_of(officer.look()).replace("Urungkan: Alihkan A-011", "")
    officer.presses("p")
    assert visit_of(world, behind).state is VisitState.CALLED
    elsewhere.presses("p")
    assert visit_of(world, ticket).state is VisitState.CALLED
    transfer = re.search(r'action="([^"]+/alihkan)"', elsewhere.look()).group(1)
    nonce = {"nonce": re.search(r'name="nonce" value="([^"]+)"', elsewhere.shown).group(1)}
    elsewhere.visitor.post(transfer, {**nonce, "target": to_service})
    visit = visit_of(world, ticket)
    assert (visit.state, visit.service_id, visit.ticket.queue_number) == (
        VisitState.WAITING,
        family.service_id,
        ticket.queue_number,
    )


def test_a_press_that_arrives_twice_is_one_press(officer: Officer, world: World) -> None:
    ticket, other = arrive(world), arrive(world, name="Budi Santoso")
    for key, values in (("p", {}), ("u", {}), ("m", {}), ("s", {"outcome": "done"})):
        address = officer.keys[key]
        page = re.search(r'name="nonce" value="([^"]+)"', officer.shown).group(1)
        for _twice in range(2):
            assert officer.visitor.post(address, {"nonce": page, **values}).status_code == 303
        assert officer.notice == ""
    assert steps_of(world, ticket) == ["call", "recall", "start", "finish"]
    assert visit_of(world, other).state is VisitState.WAITING
    for nonce in ("", "short", "x" * 80, "%%%%%%%%%%%%%%%%%%%%"):
        officer.visitor.post("/loket/panggil", {"nonce": nonce})
    assert visit_of(world, other).state is VisitState.WAITING


def test_every_step_can_be_taken_back_for_a_minute(officer: Officer, world: World, clock: FixedClock) -> None:
    ticket = arrive(world)
    officer.presses("p", "u", "m", "s")
    assert "Urungkan: Selesai A-011" in text_of(officer.look())
    undone = officer.keys["z"]
    officer.presses("z", "z", "z", "z")
    assert (visit_of(world, ticket).state, steps_of(world, ticket)) == (VisitState.WAITING, [])
    officer.visitor.post(undone)
    assert officer.notice == ""  # undone already
    officer.presses("p")
    undo = officer.keys["z"]
    clock.advance(seconds=61)
    assert "z" not in officer.keys
    officer.visitor.post(undo)
    assert officer.notice == "Batas waktu untuk mengurungkan, satu menit, sudah lewat."
    assert visit_of(world, ticket).state is VisitState.CALLED


def test_what_is_refused_is_said_and_the_page_shows_how_things_are(
    officer: Officer, world: World, client: FlaskClient
) -> None:
    ticket, other = arrive(world), arrive(world, name="Budi Santoso")
    officer.presses("p")
    nonce = {"nonce": "n" * 20}
    for address, words in (
        ("/loket/panggil", "Nomor A-011 masih di loket ini. Selesaikan, tunda, atau lewati dulu."),
        (f"/loket/{ticket.id}/lewati", "Baru dipanggil 1 kali. Menurut aturan, nomor baru boleh dilewati sesudah 3"),
        (f"/loket/{other.id}/mulai", "Keadaan orang ini sudah berubah."),
        ("/loket/keluar", "Nomor A-011 masih di loket ini."),
    ):
        assert officer.visitor.post(address, nonce).location == PAGE
        assert officer.notice.startswith(words)
    elsewhere = second_officer(world, client, 2)
    (step,) = world.afresh().scalars(select(VisitStep.id))
    assert elsewhere.visitor.post(f"/loket/langkah/{step}/urungkan").status_code == 404
    one = world.session.scalars(select(Counter.id).where(Counter.number == 1)).one()
    elsewhere.visitor.post(f"/loket/{one}/duduk")
    assert elsewhere.notice == "Loket ini ditempati Budi counter."
    stranger = Visitor(client.application.test_client()).sign_in(world, world.staff(Role.DESK, world.there))
    for address in (f"/loket/{one}/duduk", f"/loket/{ticket.id}/datang", f"/loket/{ticket.id}/datang-lagi"):
        assert stranger.post(address, nonce).status_code == 404
    stranger.post(f"/loket/{ticket.id}/mulai", nonce)
    assert "Anda tidak duduk di loket ini. Pilih loket dulu." in stranger.get(PAGE).text


def test_a_counter_pauses_with_a_reason_and_is_left(officer: Officer, world: World) -> None:
    arrive(world)
    refused = officer.visitor.post("/loket/jeda", {"reason": " "})
    assert (refused.status_code, refusals(refused)) == (
        422,
        ["Tulis alasannya, supaya kelak jelas mengapa ini diubah."],
    )
    for reason in ("Salat", "Lain"):
        assert officer.visitor.post("/loket/jeda", {"reason": reason}).status_code == 303
    assert set(officer.keys) == {"j", "k"}
    assert "Jeda sejak pukul 09.00: Salat" in officer.shown
    officer.visitor.post("/loket/panggil", {"nonce": "n" * 20})
    assert officer.notice == "Loket ini sedang jeda. Tekan Lanjut dulu."
    officer.presses("j", "p", "z", "k")
    assert "Pilih loket" in officer.look()
    assert world.afresh().scalars(select(Counter)).one().staff_id is None
    officer.presses("1", "k")  # and back


def test_nobody_sees_more_than_an_invitation_where_there_is_no_counter(visitor: Visitor, world: World) -> None:
    page = visitor.sign_in(world, world.staff(Role.COUNTER)).get(PAGE).text
    assert "belum mempunyai loket" in page


def test_the_page_keeps_itself_fresh_for_next_to_nothing(officer: Officer, world: World, clock: FixedClock) -> None:
    def again(etag: str) -> tuple[int, str]:
        answer = officer.visitor.get("/loket/isi", headers={"If-None-Match": f'"{etag}"'})
        return answer.status_code, answer.headers["ETag"].strip('W/"')

    etag = re.search(r'data-etag="([^"]+)"', officer.look()).group(1)
    assert again(etag) == (304, etag)
    ticket = arrive(world)
    status, fresh = again(etag)
    assert (status, fresh != etag) == (200, True)
    officer.presses("p")
    for press in ("u", "z"):
        _, etag = again("")
        officer.presses(press)
        assert again(etag)[0] == 200
    _, etag = again("")
    clock.advance(seconds=10)
    assert again(etag)[0] == 200  # an hour may have begun
    assert visit_of(world, ticket).calls == 1


def test_scripts_are_not_needed_for_any_of_it(officer: Officer, world: World) -> None:
    """Every key is a button of a form."""
    arrive(world)
    officer.presses("p")
    assert re.search(r"<noscript>.*?Muat ulang halaman", officer.look(), re.S)
    assert not re.search(r'<(?!button|input|select)\w+[^>]*data-key="', officer.shown)
