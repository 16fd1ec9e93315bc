"""The administrator's counters and the numbers of the rule of who is called next."""

from __future__ import annotations

import re

from sqlalchemy import select

from queue_app.domain.calling import CallingRules
from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Counter, Office
from tests.harness.at_counters import another_service, arrive, officer_at, open_counter
from tests.harness.office import Visitor, World, refusals
from tests.web.citizen import text_of

COUNTERS, RULES = "/admin/loket", "/admin/aturan-panggilan"


def test_counters_are_made_changed_and_taken_out_of_use(administrator: Visitor, world: World) -> None:
    family = another_service(world)
    assert "Belum ada loket." in administrator.get(COUNTERS).text
    assert 'name="number"' in administrator.get(f"{COUNTERS}/baru").text
    new = f"{COUNTERS}/baru"
    assert refusals(administrator.post(new, {"number": "1"})) == ["Pilih paling sedikit satu layanan."]
    for number in ("0", "100", "x"):
        answer = administrator.post(new, {"number": number, "services": world.offering.service_id})
        assert answer.status_code == 422
    for expected in (303, 422):
        answer = administrator.post(new, {"number": "1", "services": world.offering.service_id})
        assert answer.status_code == expected
    assert refusals(answer) == ["Nomor loket ini sudah ada."]
    counter = world.afresh().scalars(select(Counter)).one()
    edit = f"{COUNTERS}/{counter.id}"
    page = administrator.get(edit).text
    assert 'name="number"' not in page  # painted over the door
    assert re.search(rf'value="{world.offering.service_id}"[^>]*checked', page)
    answer = administrator.post(edit, {"services": [family.service_id], "number": "9"})  # unticked: not in use
    assert answer.status_code == 303
    counter = world.afresh().get_one(Counter, counter.id)
    assert (counter.number, counter.active, [one.id for one in counter.services]) == (1, False, [family.service_id])
    assert "tidak dipakai" in administrator.get(COUNTERS).text


def test_whoever_went_home_is_sent_away_from_the_counter(administrator: Visitor, world: World) -> None:
    counter = open_counter(world)
    free = f"{COUNTERS}/{counter.id}/kosongkan"
    browser = Visitor(administrator.client.application.test_client())
    officer = officer_at(world, browser, counter)
    arrive(world)
    officer.presses("p")
    assert "Budi counter" in administrator.get(COUNTERS).text
    closing = administrator.post(f"{COUNTERS}/{counter.id}", {"services": [world.offering.service_id]})
    assert closing.status_code == 422
    assert administrator.get(free).status_code == 200
    assert administrator.post(free, {"reason": ""}).status_code == 422
    assert administrator.post(free, {"reason": "Pulang sakit"}).status_code == 303
    assert "Pilih loket" in officer.look()
    officer.presses("1", "m")  # whoever comes next goes on with the same person
    entry = world.afresh().scalars(select(AuditEntry).where(AuditEntry.reason == "Pulang sakit")).one()
    assert entry.action == "counter.signed_out"
    log = text_of(administrator.get("/admin/jejak").text)
    assert "Meninggalkan loket Loket 1" in log


def test_no_counter_of_another_office(visitor: Visitor, world: World) -> None:
    counter = open_counter(world)
    elsewhere = visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.there))
    for address in (f"{COUNTERS}/{counter.id}", f"{COUNTERS}/{counter.id}/kosongkan"):
        assert elsewhere.get(address).status_code == 404
        assert elsewhere.post(address, {"reason": "Iseng saja"}).status_code == 404


def test_the_rule_is_changed_with_a_reason(administrator: Visitor, world: World) -> None:
    page = administrator.get(RULES).text
    form = dict(re.findall(r'name="(\w+)"[^>]*value="(\d+)"', page))
    assert CallingRules(**{name: int(value) for name, value in form.items()}) == CallingRules()
    wanted = {**form, "skip_back": "7", "nearly": "4"}
    assert administrator.post(RULES, wanted).status_code == 422
    outside = administrator.post(RULES, {**wanted, "calls_before_skip": "0", "reason": "Rapat"})
    assert refusals(outside) == ["Panggilan sebelum boleh dilewati: Tulis angka dari 1 sampai 5."]
    assert administrator.post(RULES, {**wanted, "reason": "Rapat bulanan"}).status_code == 303
    rules = world.afresh().get_one(Office, world.here.id).calling_rules
    assert (rules.skip_back, rules.nearly) == (7, 4)
    log = text_of(administrator.get("/admin/jejak").text)
    assert "Aturan panggilan diubah" in log
    assert "Yang dilewati mundur berapa orang: 5 → 7" in log
