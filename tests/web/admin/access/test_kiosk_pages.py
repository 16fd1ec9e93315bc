"""The administrator's kiosks."""

import re

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Device, Printer
from queue_app.services.access.kiosks import create_device
from queue_app.web.admin.records.audit_words import ACTIONS, FIELDS, SUBJECTS
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import Visitor, World, refusals

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


def test_from_a_new_kiosk_to_a_locked_one(administrator: Visitor, world: World) -> None:
    world.afresh()
    printer = Printer(office_id=world.here.id, name="Struk", host="192.0.2.7")
    world.session.add(printer)
    world.session.commit()
    assert "Belum ada kios" in administrator.get("/admin/kios").text
    assert refusals(administrator.post("/admin/kios/baru", {"name": "0812 3456 7890"}))
    made = administrator.post("/admin/kios/baru", {"name": "Pintu masuk"})
    page = administrator.get(made.location).text
    (code,) = CODE.findall(page)
    assert "http://localhost/kiosk/sragen" in page
    assert not CODE.findall(administrator.get(made.location).text)  # once
    own = f"/admin/kios/{world.afresh().scalars(select(Device.id)).one()}"
    renewed = administrator.get(administrator.post(f"{own}/kode-baru").location).text
    assert CODE.findall(renewed) != [code]
    administrator.post(f"{own}/printer", {"printer": str(printer.id)})
    assert re.search(r"<option[^>]* selected>Struk", administrator.get("/admin/kios").text)
    administrator.post(f"{own}/printer", {"printer": ""})
    assert refusals(administrator.post(f"{own}/kunci", {"reason": ""}))
    administrator.post(f"{own}/kunci", {"reason": "Perangkat hilang"})
    assert "terkunci" in administrator.get("/admin/kios").text
    administrator.post(f"{own}/buka", {"reason": "Ditemukan"})
    assert "terkunci" not in administrator.get("/admin/kios").text
    entries = [
        one for one in world.afresh().scalars(select(AuditEntry).order_by(AuditEntry.id)) if one.subject == "device"
    ]
    assert [one.action for one in entries] == [
        f"device.{what}" for what in ("created", "new_code", "printer", "printer", "locked", "unlocked")
    ]
    assert {one.action for one in entries} <= set(ACTIONS)
    assert "device" in SUBJECTS
    assert {name for one in entries for name in {**(one.before or {}), **(one.after or {})}} <= set(FIELDS)
    assert "Printer kios dipilih" in administrator.get("/admin/jejak?tindakan=device.").text


def test_kiosks_of_another_office_do_not_exist_here(visitor: Visitor, world: World) -> None:
    session = world.afresh()
    device, _code = create_device(session, office_id=world.there.id, name="Lain", actor=TESTER, now=MONDAY_MORNING)
    session.commit()
    foreign = f"/admin/kios/{device.id}"
    administrator = visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    for path in ("kunci", "buka", "kode"):
        assert administrator.get(f"{foreign}/{path}").status_code == 404
    for path in ("kode-baru", "printer"):
        assert administrator.post(f"{foreign}/{path}").status_code == 404
    assert "Lain" not in administrator.get("/admin/kios").text
