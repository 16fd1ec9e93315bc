"""The administrator sees who waits for an answer, what is late, and what was deleted."""

from __future__ import annotations

from datetime import timedelta

from queue_app.domain.data_rights import RequestKind, RequestProof, RequestState
from queue_app.domain.roles import CITIZEN
from queue_app.services.privacy.requests import answer, receive
from queue_app.services.records.audit import seal_entries
from queue_app.services.records.retention import purge
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TODAY, TOMORROW, Visitor, World
from tests.web.citizen import text_of

UNPROVED = {"proof": RequestProof.NONE, "actor": CITIZEN}


def test_open_late_and_answered(administrator: Visitor, world: World) -> None:
    late, fresh, done = (world.book(day).tickets[0] for day in (TODAY, TOMORROW, TODAY))
    session, now = world.session, MONDAY_MORNING
    receive(session, late, RequestKind.DELETE, **UNPROVED, now=now - timedelta(hours=80))
    receive(session, fresh, RequestKind.COPY, **UNPROVED, now=now)
    asked = receive(session, done, RequestKind.SUSPEND, **UNPROVED, now=now)
    answer(session, asked, RequestState.REFUSED, **UNPROVED, now=now, reason="Kartu tidak cocok")
    session.commit()
    page = administrator.get("/admin/pelindungan-data").text
    said = text_of(page)
    assert said.count("terlambat") == 1
    assert said.index("Menghapus data") < said.index("Melihat dan menyalin data") < said.index("Yang sudah dijawab")
    assert "ditolak: Kartu tidak cocok" in said
    assert f'href="/meja/orang/{late.id}/data"' in page


def test_what_was_deleted_is_proved(administrator: Visitor, world: World) -> None:
    world.book(TODAY, 8)
    page = text_of(administrator.get("/admin/pelindungan-data").text)
    assert "Belum ada yang dihapus." in page
    assert "90 hari sesudah hari kedatangan terakhir" in page
    over = MONDAY_MORNING  # an hour past it: a month later the administrator would be logged out
    purge(world.afresh(), retention=timedelta(0), now=over)
    world.session.commit()
    assert "menunggu segel" in administrator.get("/admin/pelindungan-data").text
    seal_entries(world.session, keyring=world.keyring, now=over)
    world.session.commit()
    page = text_of(administrator.get("/admin/pelindungan-data").text)
    assert "Tiket: 1, Pemesanan: 1" in page
    assert "disegel, nomor" in page
    log = text_of(administrator.get("/admin/jejak?tindakan=purge.").text)
    assert "Tiket: 1, Pemesanan: 1" in log
