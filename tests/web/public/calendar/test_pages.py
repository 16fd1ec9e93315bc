"""The way in, and the pages that only explain."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app.domain.catalogue import Category
from queue_app.models import Office, OfficeService
from queue_app.web.public.blueprint import RESERVED
from tests.harness.factories import make_offering, make_office, make_service
from tests.harness.fakes import FixedClock
from tests.web.citizen import text_of


def test_every_first_word_of_the_sites_own_addresses_is_reserved(app: Flask) -> None:
    words = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    assert {word for word in words if word and not word.startswith("<")} <= RESERVED


def test_an_office_that_is_called_like_an_address_does_not_hide_it(client: FlaskClient, session: Session) -> None:
    make_office(session, "bantuan")
    make_office(session, "slots")
    session.commit()
    assert "Cara memesan" in client.get("/bantuan").text
    assert client.get("/slots").status_code == 404


def test_help_answers_what_people_ask_and_leads_on(client: FlaskClient) -> None:
    page = client.get("/bantuan").text
    parts = re.findall(r'<a class="govuk-link" href="#([a-z-]+)">', page)
    assert len(parts) >= 12
    assert all(f'id="{part}"' in page for part in parts)
    for way in ("/tiket-saya", "/t/", "/kode-hilang", "/bukan-saya", "/kontak"):
        assert f'href="{way}">' in page
    for answer in ("Yang perlu dibawa", "Datang terlambat", "Kantor tutup pada hari Anda", "Calo dan pungutan"):
        assert answer in page


def test_an_empty_house_says_so(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "belum dibuka" in page.text


@pytest.mark.usefixtures("offering")
def test_the_main_office_comes_first_with_its_services_and_the_others_below(
    client: FlaskClient, session: Session, clock: FixedClock
) -> None:
    other = make_office(session, "gemolong")
    other.position = 1
    make_offering(session, other, now=clock.now())
    session.commit()
    page = client.get("/").text
    assert page.index('href="/sragen/ktp-rekam"') < page.index('href="/gemolong"')
    assert 'href="/gemolong/ktp-rekam"' in client.get("/gemolong").text


@pytest.mark.usefixtures("offering")
def test_a_service_says_what_is_needed_before_it_asks(client: FlaskClient) -> None:
    page = client.get("/sragen/ktp-rekam").text
    words = text_of(page)
    for said in (
        "Warga berusia 17 tahun ke atas",
        "Fotokopi KK",
        "GRATIS",
        "Jl. Raya Sukowati 255",
        "Selasa, 24 November 2026",
        "Sudah pernah rekam KTP-el?",
    ):
        assert said in words
    assert 'href="/sragen/ktp-rekam/data"' in page
    assert 'href="/sragen/ktp-rekam/sudah-rekam"' in page
    assert "<form" not in page


def test_who_was_recorded_before_is_led_to_other_services(
    client: FlaskClient, session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    for letter, code, category in (("B", "KTP_CETAK", Category.CARD), ("C", "AKTA_LAHIR", Category.CERTIFICATE)):
        service = make_service(session, code, asks_recorded_before=False)
        service.category = category
        offering.service.category = Category.CARD
        make_offering(session, service=service, now=clock.now(), letter=letter)
    session.commit()
    page = client.get("/sragen/ktp-rekam/sudah-rekam").text
    assert 'href="/sragen/ktp-cetak"' in page
    assert 'href="/sragen/akta-lahir"' not in page
    assert 'href="/sragen/ktp-rekam/data"' in page  # those who were told to come again
    assert "Sudah pernah rekam" not in client.get("/sragen/ktp-cetak").text


@pytest.mark.parametrize("path", ["/nowhere", "/sragen/nothing", "/sragen/nothing/data", "/UPPER", "/sragen/ktp_rekam"])
@pytest.mark.usefixtures("offering")
def test_what_does_not_exist_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_service_that_is_no_longer_given_is_not_found(
    client: FlaskClient, session: Session, offering: OfficeService
) -> None:
    offering.active = False
    session.commit()
    for path in ("", "/data", "/pilih", "/sudah-rekam"):
        assert client.get("/sragen/ktp-rekam" + path).status_code == 404


def test_the_privacy_notice_tells_basis_purpose_and_time(client: FlaskClient, app: Flask) -> None:
    words = text_of(client.get("/privasi").text)
    assert "UU 27/2022" in words
    assert f"dihapus {app.extensions['settings'].retention // timedelta(days=1)} hari" in words


@pytest.mark.usefixtures("offering")
def test_pages_speak_english_too(client: FlaskClient) -> None:
    client.get("/?lang=en")
    for path, said in {
        "/": "What do you need?",
        "/sragen/ktp-rekam": "Residents of 17 and older",
        "/sragen/ktp-rekam/data": "Who will come?",
        "/tiket-saya": "Booking code",
        "/privasi": "Legal basis",
        "/bantuan": "enlarged up to 400 %, and",
    }.items():
        assert said in text_of(client.get(path).text), path


def test_other_zones_are_named(client: FlaskClient, session: Session, clock: FixedClock) -> None:
    office: Office = make_office(session, "jayapura", time_zone="Asia/Jayapura")
    make_offering(session, office, now=clock.now())
    session.commit()
    assert "Selasa, 24 November 2026" in client.get("/jayapura/ktp-rekam").text
