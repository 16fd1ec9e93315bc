"""A closed day on the pages of citizens and the display in the hall, as soon as it is confirmed."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import Closure
from queue_app.services.calendar.closures import revoke
from queue_app.web.site.announcements import ANNOUNCEMENTS
from tests.harness.at_counters import another_service
from tests.harness.closing import closed
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TODAY, TOMORROW, Visitor, World
from tests.web.citizen import text_of

NEW = "/admin/penutupan/baru"
REASON = {"reason_id": "Pemeliharaan jaringan", "reason_en": "Network maintenance"}
SAID = "Kantor tutup hari ini pukul 13.00–15.00 WIB: Pemeliharaan jaringan"
UNTIL = {"last_day": "2026-11-30", "last_at": "16.00"}
HOURS = {"first_day": TODAY.isoformat(), "starts_at": "13.00", "ends_at": "15.00"}


def close(visitor: Visitor, **form: object) -> str:
    """Drafted and confirmed; the address of the closure."""
    address = visitor.post(NEW, {**REASON, **form}).location
    assert visitor.post(f"{address}/mulai").status_code == 303
    return address


def hall(visitor: Visitor, world: World) -> list[dict[str, object]]:
    answer = visitor.get(f"/display/{world.here.slug}/now").json
    assert answer is not None
    return list(answer["announcements"])


@pytest.fixture(autouse=True)
def main_office(world: World) -> None:
    """The office of the front page."""
    world.there.position = 1
    world.session.commit()


def said_on(visitor: Visitor, path: str = "/") -> list[str]:
    found = re.findall(r'<p class="announcements__one[^"]*">(.*?)</p>', visitor.get(path).text)
    return [text_of(one).removeprefix("Penting: ").removeprefix("Important: ") for one in found]


def test_whoever_could_come_reads_it_until_it_is_revoked(administrator: Visitor, world: World) -> None:
    service = f"/{world.here.slug}/{world.offering.service.slug}"
    pages = ("/", f"/{world.here.slug}", service, f"{service}/data", f"/antrean/{world.here.slug}")
    address = close(administrator, **HOURS)
    for path in pages:
        assert said_on(administrator, path) == [SAID], path
    assert SAID in text_of(administrator.get(f"/display/{world.here.slug}").text)
    assert hall(administrator, world) == [{"text": SAID, "important": True}]
    english = "Office closed today, 13:00–15:00 WIB: Network maintenance"
    assert said_on(administrator, f"{service}?lang=en") == [english]
    for path in (f"/{world.there.slug}?lang=id", "/bantuan?lang=id"):
        assert said_on(administrator, path) == [], path

    assert administrator.post(f"{address}/cabut", {"reason": "Jaringan sudah baik"}).status_code == 303
    for path in pages:
        assert said_on(administrator, path) == [], path
    assert hall(administrator, world) == []


def test_a_draft_is_nobodys_news(administrator: Visitor, world: World) -> None:
    assert administrator.post(NEW, {**REASON, **HOURS}).location
    assert said_on(administrator) == hall(administrator, world) == []


def test_of_some_services_the_page_of_another_says_nothing(administrator: Visitor, world: World) -> None:
    other = another_service(world)
    close(administrator, first_day=TOMORROW.isoformat(), services=[world.offering.service_id])
    said = ["Perekaman KTP-el tutup Selasa, 24 November 2026: Pemeliharaan jaringan"]
    assert said_on(administrator, f"/{world.here.slug}") == said
    assert said_on(administrator, f"/{world.here.slug}/{world.offering.service.slug}") == said
    assert said_on(administrator, f"/{world.here.slug}/{other.service.slug}") == []
    assert [one["text"] for one in hall(administrator, world)] == said


@pytest.mark.parametrize(
    ("form", "when"),
    [
        ({"first_day": "2026-11-23"}, "hari ini"),
        ({"first_day": "2026-11-30"}, "Senin, 30 November 2026"),
        ({"first_day": "2026-11-23", "last_day": "2026-11-25"}, "hari ini sampai Rabu, 25 November 2026"),
        (
            {"first_day": "2026-11-24", "last_day": "2026-11-25", "starts_at": "8", "ends_at": "9.30"},
            "Selasa, 24 November 2026 sampai Rabu, 25 November 2026, setiap hari pukul 08.00–09.30 WIB",
        ),
    ],
)
def test_when_in_words(administrator: Visitor, world: World, form: dict[str, str], when: str) -> None:
    close(administrator, **form)
    assert said_on(administrator) == [f"Kantor tutup {when}: Pemeliharaan jaringan"]


def test_what_the_office_says_itself_stands_behind_it(administrator: Visitor, world: World) -> None:
    news = {"text_id": "Masuk lewat pintu timur.", "level": "important", "on_pages": "y", "on_display": "y", **UNTIL}
    administrator.post("/admin/pengumuman/baru", news)
    close(administrator, **HOURS, services=[])
    assert said_on(administrator) == [SAID, news["text_id"]]
    assert [one["text"] for one in hall(administrator, world)] == [SAID, news["text_id"]]


def test_what_is_closed_today_or_tomorrow_is_important(administrator: Visitor, world: World) -> None:
    news = {"text_id": "Pintu timur.", "text_en": "", "on_pages": "y", "on_display": "y", **UNTIL}
    for level in ("important", "info"):
        administrator.post(
            "/admin/pengumuman/baru", {**news, "level": level, "last_day": "2026-11-30", "last_at": "16"}
        )
    close(administrator, first_day="2026-11-25")
    close(administrator, first_day=TOMORROW.isoformat())
    said = [(str(one["text"]).partition(",")[0], one["important"]) for one in hall(administrator, world)]
    closed_first = [("Kantor tutup Selasa", True), ("Pintu timur.", True), ("Kantor tutup Rabu", False)]
    assert said == [*closed_first, ("Pintu timur.", False)]


def test_of_a_day_that_a_disruption_ended_the_display_speaks_once(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert visitor.get("/").status_code == 200  # what is announced has been read
    stopped = {"kind": "power", "services": str(world.offering.service_id), "until": ""}
    assert visitor.post("/loket/gangguan", stopped).status_code == 303
    page = visitor.get("/loket/gangguan/1/tutup").text
    people = re.search(r'name="people"[^>]*value="(\d+)"', page)
    assert people
    form = {"people": people[1], "reason_id": "Server pusat mati"}
    assert visitor.post("/loket/gangguan/1/tutup", form).status_code == 303
    assert said_on(visitor) == ["Kantor tutup hari ini: Server pusat mati"]
    assert hall(visitor, world) == []
    assert "Pelayanan hari ini ditutup" in visitor.get(f"/display/{world.here.slug}").text


def test_other_processes_see_it_as_late_as_an_announcement(administrator: Visitor, world: World) -> None:
    """What another process has closed is read after the five seconds for which announcements are kept."""
    at = [0.0]
    administrator.client.application.extensions[ANNOUNCEMENTS].now = lambda: at[0]
    assert said_on(administrator) == []
    closed(world.afresh(), world.offering, TOMORROW, now=MONDAY_MORNING, all_services=True)
    at[0] += 4.9
    assert said_on(administrator) == []
    at[0] += 0.1
    assert said_on(administrator) == ["Kantor tutup Selasa, 24 November 2026: Listrik padam"]
    closure = world.afresh().scalars(select(Closure)).one()
    later = MONDAY_MORNING + timedelta(seconds=1)
    revoke(world.session, closure.id, office_id=world.here.id, reason="Listrik nyala", actor=TESTER, now=later)
    world.session.commit()
    at[0] += 5
    assert said_on(administrator) == []


def test_beside_the_way_to_another_office_stands_that_it_is_closed(administrator: Visitor, world: World) -> None:
    address = close(administrator, **HOURS)
    other = f"/{world.there.slug}"
    beside = re.compile(rf"{world.here.name}</a>.*?</li>", re.S)
    listed = beside.search(administrator.get(other).text)
    assert listed
    assert SAID in text_of(listed[0])
    assert said_on(administrator, other) == []
    administrator.post(f"{address}/cabut", {"reason": "Selesai lebih cepat"})
    again = beside.search(administrator.get(other).text)
    assert again
    assert SAID not in text_of(again[0])
