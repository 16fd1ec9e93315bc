"""The head of all pages, and the first of everything."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Role
from queue_app.domain.setup import InvalidSetup
from queue_app.domain.setup_plan import SitePlan
from queue_app.models import AuditEntry, Office, Site
from queue_app.services.setup.founding import found
from queue_app.services.setup.offices import NewOffice
from queue_app.services.setup.site import update_site
from tests.harness.factories import PASSWORD, TESTER, make_office
from tests.harness.fakes import MONDAY_MORNING

HEAD = SitePlan("Antrean Dukcapil", "Kota Jayapura", "#0f4c5c")
OFFICE = NewOffice("Disdukcapil Kota Jayapura", "Asia/Jayapura")
WHO = {"username": "kepala", "name": "Ibu Kepala", "password": PASSWORD, "now": MONDAY_MORNING}


def test_on_an_empty_installation_the_first_administrator_brings_the_first_office(session: Session) -> None:
    staff = found(session, OFFICE, HEAD, **WHO)
    (assignment,) = staff.assignments
    office = session.scalars(select(Office)).one()
    assert (assignment.role, assignment.office_id, office.time_zone) == (
        Role.ADMINISTRATOR,
        office.id,
        "Asia/Jayapura",
    )
    assert session.get_one(Site, 1).subtitle == "Kota Jayapura"


def test_it_happens_once(session: Session) -> None:
    found(session, OFFICE, HEAD, **WHO)
    with pytest.raises(NotFound):
        found(session, NewOffice("Lain", "Asia/Jakarta"), HEAD, **{**WHO, "username": "kedua"})


def test_a_head_that_a_file_has_set_does_not_stand_in_the_way(session: Session) -> None:
    make_office(session)
    update_site(session, HEAD, actor=TESTER, now=MONDAY_MORNING)
    assert found(session, None, HEAD, **WHO).username == "kepala"


def test_title_and_colour_are_changed_and_told_to_the_audit(session: Session) -> None:
    assert update_site(session, HEAD, actor=TESTER, now=MONDAY_MORNING) is False  # stored as it is
    assert update_site(session, SitePlan("  Sapa  Warga ", "", "#7A1F5C"), actor=TESTER, now=MONDAY_MORNING)
    site = session.get_one(Site, 1)
    assert (site.title, site.subtitle, site.brand_colour) == ("Sapa Warga", "", "#7a1f5c")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "site.updated")).one()
    assert entry.before["title"] == "Antrean Dukcapil"


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (SitePlan("", "", "#0f4c5c"), "title"),
        (SitePlan("Antrean", "081234567890", "#0f4c5c"), "personal"),
        (SitePlan("x" * 81, "", "#0f4c5c"), "title"),
        (SitePlan("x", "y" * 81, "#0f4c5c"), "title"),
        (SitePlan("x", "", "teal"), "colour"),
        (SitePlan("x", "", "#ffb703"), "colour"),
    ],
)
def test_a_head_that_nobody_could_read_is_refused(session: Session, plan: SitePlan, why: str) -> None:
    with pytest.raises(InvalidSetup) as refused:
        update_site(session, plan, actor=TESTER, now=MONDAY_MORNING)
    assert refused.value.details["reason"] == why
