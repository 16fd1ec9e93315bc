"""How the office is reached stands on every page of citizens, also on the one that says that the database is away."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app.models import Office, OfficeService
from tests.harness.factories import make_offering, make_office, make_service
from tests.harness.fakes import MONDAY_MORNING
from tests.web.citizen import Citizen

PHONE = "(0271) 890 900"
OF_NO_OFFICE = ("/tiket-saya", "/bantuan", "/privasi", "/no-such-page")


@pytest.fixture
def reachable(session: Session, offering: OfficeService) -> Office:
    office = offering.office
    office.phone, office.complaint_url = PHONE, "https://www.lapor.go.id"
    office.opening_hours_id, office.opening_hours_en = "Senin–Kamis 08.00–15.00", ""
    session.commit()
    return office


def test_on_each_page_of_the_office(citizen: Citizen, reachable: Office) -> None:
    ticket = citizen.book()
    for path in ("/", "/sragen", "/sragen/ktp-rekam", "/sragen/ktp-rekam/data", "/antrean/sragen", ticket):
        page = citizen.client.get(path).text
        for wanted in (PHONE, "SP4N-LAPOR!", "Senin–Kamis 08.00–15.00"):
            assert wanted in page, (path, wanted)
    # Where nobody wrote the hours in English, the Indonesian ones are better than none.
    assert "Senin–Kamis 08.00–15.00" in citizen.client.get("/sragen?lang=en").text


@pytest.mark.parametrize("path", OF_NO_OFFICE)
def test_a_page_of_no_office_names_the_only_one_there_is(client: FlaskClient, reachable: Office, path: str) -> None:
    assert PHONE in client.get(path).text


@pytest.mark.parametrize("path", OF_NO_OFFICE)
def test_where_there_are_several_it_leads_to_their_list(
    client: FlaskClient, session: Session, reachable: Office, path: str
) -> None:
    there = make_office(session, "gemolong")
    make_offering(session, there, make_service(session, "KK"), now=MONDAY_MORNING)
    session.commit()
    page = client.get(path).text
    assert PHONE not in page
    assert 'href="/kontak">Kantor dan kontak</a>' in page
    listed = client.get("/kontak").text
    assert PHONE in listed
    assert there.name in listed


def test_when_the_database_is_away_the_page_still_says_whom_to_call(
    shell: Flask, reachable: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And asks nobody: it would wait once more for a database that does not answer."""
    client = shell.test_client()
    assert PHONE in client.get("/bantuan").text
    monkeypatch.setattr("queue_app.web.site.contact.contacts", lambda _session: 1 / 0)
    answer = client.get("/probe/lose-database")
    assert answer.status_code == 503
    assert PHONE in answer.text


def test_public_pages_describe_themselves_and_tickets_do_not(citizen: Citizen, reachable: Office) -> None:
    said = {}
    for path in ("/", "/sragen/ktp-rekam", "/kontak", "/bantuan", "/privasi", "/tiket-saya", "/antrean/sragen"):
        found = re.findall('<meta name="description" content="([^"]+)">', citizen.client.get(path).text)
        assert len(found) == 1, path
        assert 40 <= len(found[0]) <= 160, found  # search engines cut off what is longer
        said[path] = found[0]
    assert len(set(said.values())) == len(said)
    ticket = citizen.book()
    for path in (ticket, f"{ticket}/cetak", f"{ticket}/ubah", f"{ticket}/batal"):
        assert 'name="description"' not in citizen.client.get(path).text, path
