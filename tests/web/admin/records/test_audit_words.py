"""The audit log in words: whoever reads it knows neither columns nor ids."""

import ast
from datetime import timedelta

import pytest
from sqlalchemy import select

from queue_app.domain.booking import TicketState
from queue_app.domain.roles import Role
from queue_app.domain.visits import VisitState
from queue_app.models import AuditEntry
from queue_app.queries.records.audit_subjects import audit_subjects
from queue_app.services.booking import change
from queue_app.services.records.retention import purge
from queue_app.web.admin.records.audit_words import ACTIONS, FIELDS, STATES, SUBJECTS, AuditWords
from tests.harness.at_counters import arrive, officer_at, open_counter
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import LAST_WEEK, NEXT_MONDAY, TODAY, TOMORROW, Visitor, World
from tests.harness.source import dotted, modules, tree
from tests.web.citizen import text_of


def entry(**different: object) -> AuditEntry:
    values = {"action": "x.done", "subject": "x", "subject_id": 7, "before": None, "after": None, **different}
    return AuditEntry(at=MONDAY_MORNING, actor="citizen", **values)


@pytest.fixture
def words(world: World) -> AuditWords:
    return AuditWords(audit_subjects(world.session, []), world.here.time_zone)


def recorded() -> set[str]:
    """The actions that the code records, as they stand there."""
    calls = [node for path in modules() for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    recording = {"audit.record", "_record"}
    said = [call.args[1] for call in calls if dotted(call.func) in recording and len(call.args) > 1]
    assert len(said) > 10
    return {name.value for name in said if isinstance(name, ast.Constant)}


def test_every_action_has_words() -> None:
    steps = {f"ticket.{state}" for state in TicketState} | {f"visit.{state}" for state in VisitState}
    stops = {"office.disrupted", "office.resumed", "office.closed_today"}
    assert recorded() | steps | stops <= set(ACTIONS)
    assert set(STATES) == {*TicketState, *VisitState}
    assert {"booking", "closure"} <= set(FIELDS)  # of a telephone number that was shown, of a call that was noted


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_everything_that_is_recorded_has_words(administrator: Visitor, world: World) -> None:
    _work(administrator, world)
    entries = world.afresh().scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert {one.subject for one in entries} <= set(SUBJECTS)
    assert {name for one in entries for name in {**(one.before or {}), **(one.after or {})}} <= set(FIELDS)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "id",
            [
                "Tiket dipesan Tiket A-011, Sen 23 Nov Keadaan: dipesan; Jam kedatangan: Sen 23 Nov, 09.00; "
                "Nomor antrean: 11",
                "Keadaan: dipesan → dibatalkan",
                "Kuota satu hari diubah Hari layanan Perekaman KTP-el, Sel 24 Nov Kuota: 6 → 9",
                "Tempat tiap jam: 08.00: 3, 09.00: 3, 13.00: 3",
                "Keadaan: buka → ditutup; Hari pertama",
                "Kantor: Dispendukcapil Sragen",
                "Tanggal: Kamis, 24 Desember 2026",
                "Dipanggil Kunjungan A-013, Sen 23 Nov Langkah: dipanggil; Nomor loket: 1",
                "Loket dibuat Loket 1 Nomor loket: 1; Dipakai: ya; Layanan: Perekaman KTP-el",
                "Jenis: Listrik sedang padam",
            ],
        ),
        (
            "en",
            [
                "State: booked → cancelled",
                "Quota: 6 → 9",
                "Places each hour: 08:00: 3, 09:00: 3, 13:00: 3",
                "State: open → closed; First day",
                "Thursday, 24 December 2026",
                "Step: called; Counter number: 1",
            ],
        ),
    ],
)
def test_the_page_is_read_by_people(administrator: Visitor, world: World, language: str, expected: list[str]) -> None:
    _work(administrator, world)
    page = text_of(administrator.get(f"/admin/jejak?lang={language}").text)
    for sentence in expected:
        assert sentence in page
    for raw in ("service_day", "office_service", "valid_from", "checked_in", "valid_until"):
        assert raw not in page


def test_what_is_not_known_is_shown_as_it_is(words: AuditWords) -> None:
    odd = entry(
        before={"colour": "red", "state": "sleeping", "slot": 99, "slots": {"99": 1}, "offices": [5], "windows": [[9]]},
        after={"role": None, "valid_from": "soon", "date": 3, "status": ["open"], "opens_at": {}, "name": "Ani"},
    )
    assert words.action(odd) == "x.done"
    assert words.subject(odd) == "x 7"
    said = {name: before or after for name, before, after in words.changes(odd)}
    assert said["colour"] == "red"
    assert said["Keadaan"] in {"sleeping", '["open"]'}
    assert {"99", '{"99": 1}', "[5]", "[[9]]", "soon", "3", "{}", "Ani", ""} <= set(said.values())


def test_windows_of_a_schedule_are_read_as_hours(words: AuditWords) -> None:
    windows = [[0, "08:00", "09:00", "public", 10], [4, "13:00", "14:30", "priority", 2]]
    ((name, _before, after),) = words.changes(entry(after={"windows": windows}))
    assert (name, after) == ("Jam pelayanan", "Senin 08.00–09.00: 10, Jumat 13.00–14.30 prioritas: 2")


@pytest.mark.parametrize("subject_id", [0, -1, 2**31 - 1])
def test_a_holiday_out_of_time_is_a_number(words: AuditWords, subject_id: int) -> None:
    assert words.subject(entry(subject="holiday", subject_id=subject_id)) == f"Hari libur {subject_id}"


def _work(administrator: Visitor, world: World) -> None:
    """Something of everything an office does."""
    moved, dropped = world.book(TODAY), world.book(TODAY)
    target = world.slot(NEXT_MONDAY, 13)
    change.cancel(world.session, dropped.id, now=LAST_WEEK)
    change.reschedule(world.session, moved.id, target.id, now=LAST_WEEK)
    world.session.commit()
    day = world.day(TOMORROW).id
    administrator.post(f"/admin/hari/kuota/{day}", {"step": "confirm", "quota": 9, "reason": "Alat tambahan"})
    closure = {"first_day": TOMORROW.isoformat(), "reason_id": "Listrik padam"}
    drafted = administrator.post("/admin/penutupan/baru", closure).location
    administrator.post(f"{drafted}/mulai")
    administrator.post(f"{drafted}/cabut", {"reason": "Listrik nyala"})
    holiday = {"office": "semua", "day": "2026-12-24", "name_id": "Cuti bersama", "reason": "Keputusan bersama"}
    administrator.post("/admin/libur", holiday)
    account = {"name": "Rina", "roles": ["desk"], "offices": [world.here.id]}
    administrator.post("/admin/petugas/undang", account)
    administrator.post(f"/admin/petugas/{world.staff(Role.COUNTER).id}", account)
    officer = officer_at(world, Visitor(administrator.client.application.test_client()), open_counter(world))
    arrive(world)
    officer.presses("p", "z", "p")
    officer.visitor.post("/loket/jeda", {"reason": "Salat"})
    administrator.post("/loket/gangguan", {"kind": "power", "services": world.offering.service_id, "until": ""})
    administrator.post("/loket/gangguan/1/selesai")
    purge(world.afresh(), retention=timedelta(days=1), now=MONDAY_MORNING + timedelta(days=30))
    world.session.commit()
