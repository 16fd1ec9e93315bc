"""The six steps as their pages are sent: what they store, what they refuse, and where they lead."""

import re

import pytest
from sqlalchemy import func, select

from queue_app.adapters.holiday_library import known_holidays
from queue_app.domain.catalogue import CATALOGUE
from queue_app.domain.roles import Role
from queue_app.models import Counter, Holiday, HolidayYear, Office, OfficeService, Service, Slot
from queue_app.services.calendar.proposals import propose_holidays, years_ahead
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TOMORROW, Visitor, World

ZONE = "Asia/Jayapura"
EDGES = ("days-0-opens", "days-0-closes", "days-4-opens", "days-4-closes")  # of the days that the tests fill in


@pytest.fixture
def bare(visitor: Visitor, world: World) -> tuple[Visitor, Office]:
    """A new office, and its administrator at work there; the two others keep theirs."""
    administrator = world.staff(Role.ADMINISTRATOR, world.here, world.there)
    visitor.sign_in(world, administrator)
    sent = {"name": "Titik Layanan Abepura", "region": "Distrik Abepura", "zone": ZONE, "like": "0"}
    answer = visitor.post("/admin/kantor/baru", sent)
    assert (answer.status_code, answer.location) == (303, "/admin/persiapan/kantor")
    office = world.afresh().scalars(select(Office).where(Office.slug == "titik-layanan-abepura")).one()
    return visitor, office


def offered(world: World, office: Office) -> list[OfficeService]:
    found = select(OfficeService).where(OfficeService.office_id == office.id).order_by(OfficeService.letter)
    return list(world.afresh().scalars(found))


def week(**changes: str) -> dict[str, str]:
    """Monday alone, from eight to ten."""
    return {
        "days-0-opens": "08.00",
        "days-0-closes": "10.00",
        "length": "60",
        "valid_from": "2026-11-23",
        **changes,
    }


def test_who_makes_an_office_goes_on_there(bare: tuple[Visitor, Office], world: World) -> None:
    visitor, office = bare
    assert office.time_zone == ZONE
    page = visitor.get("/admin/persiapan").text
    assert "Titik Layanan Abepura" in page
    assert page.count("Belum lengkap") == 6
    assert "Alamat kantor belum diisi." in page


def test_step_by_step_to_an_open_office(bare: tuple[Visitor, Office], world: World) -> None:
    visitor, office = bare
    data = {"name": office.name, "address": "Jl. Raya Abepura", "phone": "(0967) 123 456"}
    assert visitor.post("/admin/persiapan/kantor", data).location == "/admin/persiapan/layanan"
    assert visitor.post("/admin/persiapan/layanan", {"codes": ["IKD", "SUKET"]}).location == "/admin/persiapan/jam"
    first, _second = offered(world, office)
    sent = week(**{"quotas-0-offering": str(first.id), "quotas-0-places": "12"})
    assert visitor.post("/admin/persiapan/jam", sent).location == "/admin/persiapan/hari-libur"
    slots = world.afresh().scalars(select(Slot).where(Slot.office_id == office.id).order_by(Slot.starts_at)).all()
    assert {(slot.service_id, slot.capacity) for slot in slots} == {(first.service_id, 6)}
    assert slots[0].starts_at == MONDAY_MORNING.replace(hour=23, minute=0, day=22)  # 08.00 WIT
    local = {"days-0-day": "2026-11-30", "days-0-name": "Hari jadi kota"}
    assert visitor.post("/admin/persiapan/hari-libur", local).location == "/admin/persiapan/petugas"
    holiday = world.afresh().scalars(select(Holiday)).one()
    assert (holiday.office_id, holiday.name_id) == (office.id, "Hari jadi kota")
    assert visitor.post("/admin/persiapan/loket", {"number": "3"}).location == "/admin/persiapan"
    assert visitor.post("/admin/persiapan/loket", {"number": "3"}).status_code == 303
    counters = select(func.count()).select_from(Counter).where(Counter.office_id == office.id)
    assert world.afresh().scalar(counters) == 3
    page = visitor.get("/admin/persiapan").text
    assert "Tanpa jam dan kuota: Aktivasi Identitas Kependudukan Digital (IKD)." in page
    tried = visitor.post("/admin/persiapan/coba").text
    assert "H-001" in tried
    assert "Belum ada jam untuk layanan ini." in tried


def test_a_service_point_like_another_is_ready_at_once(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))
    sent = {"name": "Cabang", "region": "Distrik", "zone": ZONE, "like": str(world.here.id)}
    assert visitor.post("/admin/kantor/baru", sent).status_code == 303
    assert "A-001" in visitor.post("/admin/persiapan/coba").text


def test_only_who_answers_for_all_offices_makes_another_or_changes_the_head(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    for path in ("/admin/kantor/baru", "/admin/tampilan", "/admin/layanan/baru"):
        assert visitor.get(path).status_code == 403
        assert visitor.post(path).status_code == 403
    assert "/admin/kantor/baru" not in visitor.get("/admin/persiapan").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "!!"}, "Tulis nama dengan huruf atau angka."),
        ({"name": "Petugas"}, "Nama ini sudah dipakai."),
        ({"name": "sragen"}, "Nama ini sudah dipakai."),
        ({"zone": "Asia/Tokyo"}, "Pilih salah satu yang tersedia."),
        ({"like": "4711"}, "Pilih salah satu yang tersedia."),
    ],
)
def test_an_office_that_cannot_be_is_refused(
    visitor: Visitor, world: World, changes: dict[str, str], said: str
) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))
    sent = {"name": "Cabang", "region": "Distrik", "zone": ZONE, "like": "0", **changes}
    answer = visitor.post("/admin/kantor/baru", sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Distrik" in answer.text  # nothing typed is lost


def test_the_whole_catalogue_by_one_button(bare: tuple[Visitor, Office], world: World) -> None:
    visitor, office = bare
    assert visitor.post("/admin/persiapan/layanan", {"step": "all"}).status_code == 303
    assert len(offered(world, office)) == len(CATALOGUE)
    assert "Semua layanan dari katalog sudah diberikan." in visitor.get("/admin/persiapan/layanan").text
    page = visitor.get("/admin/persiapan/jam").text
    assert 'value="50"' in page  # the catalogue's quota for the recording


def test_a_service_of_ones_own(bare: tuple[Visitor, Office], world: World) -> None:
    visitor, office = bare
    sent = {"name_id": "Layanan Keliling", "name_en": "Mobile", "summary_id": "Datang.", "summary_en": "Comes."}
    assert visitor.post("/admin/layanan/baru", sent).status_code == 303
    assert visitor.post("/admin/layanan/baru", sent).status_code == 422
    (offering,) = offered(world, office)
    assert world.session.get_one(Service, offering.service_id).name_en == "Mobile"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"days-0-opens": "", "days-0-closes": "", "days-4-opens": "", "days-4-closes": ""},
            "Isi jam buka paling sedikit satu hari.",
        ),
        ({"days-0-closes": "07.00"}, "Jam tutup harus sesudah jam buka."),
        ({"days-0-closes": ""}, "Tulis jam buka dan jam tutup"),
        ({"days-0-break_from": "09.00"}, "Istirahat harus di antara"),
        ({"days-0-opens": "delapan"}, "Tulis jam yang benar"),
        ({"valid_from": "2026-11-22"}, "Tanggal ini sudah lewat"),
        ({"valid_from": ""}, "Bagian ini harus diisi."),
        ({"quotas-0-places": "-1"}, "Tulis angka dari 0"),
        ({"length": "7"}, "Pilih salah satu yang tersedia."),
    ],
)
def test_hours_that_cannot_be_come_back_with_what_was_typed(
    bare: tuple[Visitor, Office], world: World, changes: dict[str, str], said: str
) -> None:
    visitor, office = bare
    visitor.post("/admin/persiapan/layanan", {"codes": ["IKD"]})
    (offering,) = offered(world, office)
    sent = week(**{"quotas-0-offering": str(offering.id), "quotas-0-places": "12", "days-4-opens": "08.15", **changes})
    sent.setdefault("days-4-closes", "11.45")
    answer = visitor.post("/admin/persiapan/jam", sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert changes.get("days-4-opens", "08.15") in answer.text
    assert world.afresh().scalars(select(Slot.id).where(Slot.office_id == office.id)).first() is None


def test_hours_for_a_foreign_service_are_not_found(bare: tuple[Visitor, Office], world: World) -> None:
    visitor, _office = bare
    sent = week(**{"quotas-0-offering": str(world.offering.id), "quotas-0-places": "12"})
    assert visitor.post("/admin/persiapan/jam", sent).status_code == 422


def test_the_proposed_holidays_of_a_year_by_one_button(bare: tuple[Visitor, Office], world: World) -> None:
    visitor, _office = bare
    session = world.afresh()
    propose_holidays(session, known_holidays(years_ahead(MONDAY_MORNING)), now=MONDAY_MORNING)
    session.commit()
    assert "Pastikan semuanya untuk 2026" in visitor.get("/admin/persiapan/hari-libur").text
    assert visitor.post("/admin/persiapan/hari-libur", {"tahun": "2026"}).location == "/admin/persiapan/hari-libur"
    assert world.afresh().scalars(select(HolidayYear.year)).all() == [2026]
    typed = {"tahun": "2027", "days-0-day": "2026-11-30", "days-0-name": "Hari jadi kota"}
    visitor.post("/admin/persiapan/hari-libur", typed)  # what was typed beside it is not lost
    assert "Hari jadi kota" in visitor.get("/admin/persiapan/hari-libur").text
    for day, name in (("2026-11-30", "Hari jadi kota"), ("2026-12-25", "Natal")):
        answer = visitor.post("/admin/persiapan/hari-libur", {"days-0-day": day, "days-0-name": "Dua kali"})
        assert answer.status_code == 422
        assert re.search(f"Tanggal ini sudah libur: [^<]*{name}", answer.text)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"days-0-day": "2026-11-30"}, "Tulis tanggal dan namanya"),
        ({"days-0-name": "Hari jadi"}, "Tulis tanggal dan namanya"),
        ({"days-0-day": "2026-11-01", "days-0-name": "Kemarin"}, "Hari itu sudah lewat."),
    ],
)
def test_half_a_local_holiday_is_refused(
    bare: tuple[Visitor, Office], world: World, sent: dict[str, str], said: str
) -> None:
    visitor, _office = bare
    answer = visitor.post("/admin/persiapan/hari-libur", sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert world.afresh().scalars(select(Holiday.id)).all() == []


def test_a_local_holiday_does_not_send_people_away_unseen(administrator: Visitor, world: World) -> None:
    """Nor is the other one of the same form kept; what was typed comes back."""
    world.book(TOMORROW)
    sent = {"days-0-day": "2026-12-09", "days-0-name": "Kirab", "days-1-day": TOMORROW.isoformat()}
    answer = administrator.post("/admin/persiapan/hari-libur", {**sent, "days-1-name": "Hari jadi kota"})
    assert answer.status_code == 422
    assert "Pada hari itu sudah ada yang memesan. Tambahkan di Hari libur" in answer.text
    assert 'value="Hari jadi kota"' in answer.text
    assert world.afresh().scalars(select(Holiday.id)).all() == []


def test_counters_need_services(bare: tuple[Visitor, Office], world: World) -> None:
    visitor, _office = bare
    answer = visitor.post("/admin/persiapan/loket", {"number": "2"})
    assert answer.status_code == 422
    assert "Pilih dulu layanan kantor ini." in answer.text
