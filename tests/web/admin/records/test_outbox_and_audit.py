"""The outbox and the audit log."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from queue_app.config import Settings
from queue_app.domain.roles import Role
from queue_app.models import MessageState, OutboxMessage
from queue_app.services.records.audit import seal_entries
from queue_app.services.records.leases import record_end, record_start
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import NEXT_MONDAY, TOMORROW, Visitor, World


def only_message(world: World) -> OutboxMessage:
    return world.afresh().scalars(select(OutboxMessage)).one()


def test_a_message_in_a_file_is_read_in_the_browser(administrator: Visitor, world: World, settings: Settings) -> None:
    world.book(NEXT_MONDAY)
    message = only_message(world)
    message.state, message.channel = MessageState.SENT, "file"
    world.session.commit()
    listed = administrator.get("/admin/pesan").text
    assert "Konfirmasi" in listed
    assert "Ditulis ke berkas" in listed
    assert "Terkirim" not in listed
    path = f"/admin/pesan/{message.id}"
    assert "tidak ditulis ke berkas" in administrator.get(path).text
    folder: Path = settings.outbox_folder
    folder.mkdir(parents=True)
    written = "To: +62812•••890\nKind: confirmation\nSubject: Antrean\n\nHalo <b>S. W.</b>\nNomor A-001\n"
    (folder / f"{message.id}.txt").write_text(written, encoding="utf-8")
    page = administrator.get(path).text
    assert "Halo &lt;b&gt;S. W.&lt;/b&gt;" in page
    link = re.search(r'href="(https://wa\.me/[^"]+)"', page).group(1)
    assert link.startswith("https://wa.me/6281234567890?text=Halo%20")
    assert "Kind" not in link
    assert page.count("6281234567890") == 1  # in that link and nowhere else
    assert 'rel="noopener noreferrer"' in page


def test_messages_of_another_office_do_not_exist(visitor: Visitor, world: World) -> None:
    world.book(offering=world.offering_there)
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert "Belum ada pesan" in visitor.get("/admin/pesan").text
    assert visitor.get(f"/admin/pesan/{only_message(world).id}").status_code == 404
    assert visitor.get("/admin/pesan/99999").status_code == 404


def test_the_clockwork_is_shown(administrator: Visitor, world: World) -> None:
    assert "Belum ada tugas" in administrator.get("/admin/pesan").text
    record_start(world.afresh(), "send-outbox", now=MONDAY_MORNING)
    record_end(world.session, "send-outbox", done=None, error="ChannelClosed", now=MONDAY_MORNING)
    world.session.commit()
    page = administrator.get("/admin/pesan").text
    assert "send-outbox" in page
    assert "ChannelClosed" in page


def test_the_audit_log_says_who_what_when_and_why(administrator: Visitor, world: World, visitor: Visitor) -> None:
    path = f"/admin/hari/kuota/{world.day(TOMORROW).id}"
    administrator.post(path, {"step": "confirm", "quota": 9, "reason": "Alat <tambahan>"})
    visitor.sign_in(world, world.staff(Role.AUDITOR))
    page = visitor.get("/admin/jejak?tindakan=day.").text
    assert "Kuota satu hari diubah" in page
    assert "Budi administrator" in page
    assert "Alat &lt;tambahan&gt;" in page
    assert '<span class="quiet">belum' in page
    assert "Petugas masuk" not in page
    seal_entries(world.afresh(), keyring=world.keyring, now=MONDAY_MORNING)
    world.session.commit()
    assert '<span class="quiet">belum' not in visitor.get("/admin/jejak?tindakan=day.").text


def test_the_audit_log_has_pages(administrator: Visitor, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from queue_app.web.admin.records import audit

    monkeypatch.setattr(audit, "A_PAGE", 2)
    for quota in (7, 8, 9):
        path = f"/admin/hari/kuota/{world.day(TOMORROW).id}"
        administrator.post(path, {"step": "confirm", "quota": quota, "reason": f"Langkah {quota}"})
    first = administrator.get("/admin/jejak?tindakan=day.").text
    assert "Langkah 9" in first
    assert "Langkah 7" not in first
    older = re.search(r'href="(/admin/jejak\?[^"]*sebelum[^"]*)"', first).group(1).replace("&amp;", "&")
    assert "Langkah 7" in administrator.get(older).text


def test_the_audit_log_of_another_office_stays_there(visitor: Visitor, world: World) -> None:
    world.book(offering=world.offering_there)
    visitor.sign_in(world, world.staff(Role.AUDITOR))
    assert "Tiket dipesan" not in visitor.get("/admin/jejak?tindakan=ticket.").text


@pytest.mark.parametrize("query", ["?tindakan=x", "?sebelum=x", "?sebelum=-1", "?sebelum=99999999999999999999"])
def test_a_bent_address_of_the_audit_log(administrator: Visitor, query: str) -> None:
    assert administrator.get(f"/admin/jejak{query}").status_code == 200
