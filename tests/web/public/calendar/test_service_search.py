"""The services are found by the words that people use, without scripts as well."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.catalogue import CATALOGUE, Category
from queue_app.models import OfficeService, Service
from queue_app.web.public.calendar.search import WORDS, matching
from tests.harness.factories import make_offering, make_office, make_service
from tests.harness.fakes import FixedClock
from tests.harness.searches import SEARCHES
from tests.web.citizen import NIK, text_of

LINE = re.compile(r'<li data-words="([^"]*)"( hidden)?>\s*<a [^>]*href="/sragen/([^"]+)"')


@pytest.fixture
def services() -> list[Service]:
    """All of the catalogue."""
    return [
        Service(
            code=one.code,
            name_id=one.name[0],
            name_en=one.name[1],
            summary_id=one.summary[0],
            summary_en=one.summary[1],
        )
        for one in CATALOGUE
    ]


@pytest.mark.parametrize(("typed", "codes"), SEARCHES.items())
def test_people_find_what_they_mean(services: list[Service], typed: str, codes: str) -> None:
    found = matching(services, typed)
    assert [service.code for service in services if service.code in found] == codes.split()


def test_every_service_of_the_catalogue_has_words_and_no_other(services: list[Service]) -> None:
    assert set(WORDS) == {service.code for service in services}


@pytest.fixture
def two(client: FlaskClient, session: Session, offering: OfficeService, clock: FixedClock) -> FlaskClient:
    """An office that gives the recording and family cards."""
    make_offering(session, offering.office, make_service(session, "KK_BARU"), now=clock.now(), letter="K")
    session.commit()
    return client


def test_what_only_another_office_gives_is_named_with_the_way_there(
    two: FlaskClient, session: Session, clock: FixedClock
) -> None:
    there = make_office(session, "gemolong")
    for code, letter in (("AKTA_LAHIR", "L"), ("KK_BARU", "K")):
        service = session.scalars(select(Service).where(Service.code == code)).first() or make_service(session, code)
        given = make_offering(session, there, service, now=clock.now(), letter=letter)
        if code == "AKTA_LAHIR":
            birth = given
    session.commit()
    page = two.get("/sragen?cari=akte+lahir").text
    assert "Tidak di kantor ini, tetapi di kantor lain" in page
    assert 'href="/gemolong/akta-lahir"' in page
    for path in ("/sragen", "/sragen?cari=kk", "/gemolong?cari=akte+lahir"):
        assert "tetapi di kantor lain" not in two.get(path).text, path
    birth.active = False
    session.commit()
    assert "tetapi di kantor lain" not in two.get("/sragen?cari=akte+lahir").text


def test_what_the_office_has_stopped_is_named(two: FlaskClient, session: Session, offering: OfficeService) -> None:
    said = "Tidak diberikan lagi di kantor ini"
    for path in ("/sragen", "/sragen?cari=kk"):
        assert said not in two.get(path).text
    service = session.scalars(select(Service).where(Service.code == "KK_BARU")).one()
    given = session.scalars(select(OfficeService).where(OfficeService.service_id == service.id)).one()
    given.active = False
    session.commit()
    page = two.get("/sragen?cari=kk").text
    assert re.search(f"{said} {service.name_id}", text_of(page))
    for path in ("/sragen", "/sragen?cari=ktp"):
        assert said not in two.get(path).text, path


def shown(page: str) -> list[str]:
    return [slug for _words, hidden, slug in LINE.findall(page) if not hidden]


@pytest.mark.parametrize("path", ["/", "/sragen"])
def test_the_page_shows_what_was_searched_for(two: FlaskClient, path: str) -> None:
    assert shown(two.get(path).text) == ["ktp-rekam", "kk-baru"]
    page = two.get(f"{path}?cari=Nikah").text
    assert shown(page) == ["kk-baru"]
    assert "Layanan yang cocok: 1" in text_of(page)
    assert 'value="Nikah"' in page
    assert "cari=Nikah&amp;lang=en" in page  # the other language keeps it


def test_what_nobody_offers_is_said_and_all_is_shown(two: FlaskClient) -> None:
    page = two.get("/?cari=paspor").text
    assert "Tidak ada layanan yang cocok." in text_of(page)
    assert shown(page) == ["ktp-rekam", "kk-baru"]


@pytest.mark.parametrize("typed", ["", "   ", "...", NIK, "081234567890", "%", "<script>", "a" * 5000, "\x00", "é"])
def test_whatever_is_typed_shows_the_list_and_no_number_of_a_person(two: FlaskClient, typed: str) -> None:
    answer = two.get("/", query_string={"cari": typed})
    assert answer.status_code == 200
    assert shown(answer.text)
    main = answer.text.split("<main")[1]
    for never in (NIK, "081234567890", "<script>", "a" * 61):
        assert never not in main


def test_the_groups_without_a_service_are_hidden(two: FlaskClient, session: Session) -> None:
    service = session.scalars(select(Service).where(Service.code == "KK_BARU")).one()
    service.category = Category.FAMILY_CARD
    session.commit()
    page = two.get("/?cari=kk").text
    assert len(re.findall(r"<section hidden>", page)) == 1
    assert len(re.findall(r"<section>", page)) == 1


def test_today_s_queue_is_one_link_away(two: FlaskClient) -> None:
    assert 'href="/antrean/sragen">Antrean hari ini</a>' in two.get("/").text
    assert "Antrean hari ini" in two.get("/antrean/sragen").text
