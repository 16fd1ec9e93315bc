"""Invitations: made and withdrawn on the page of staff, accepted behind their link."""

import re
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Staff, StaffInvitation
from tests.harness.factories import PASSWORD
from tests.harness.fakes import FixedClock
from tests.harness.office import Visitor, World, refusals

INVITE = "/admin/petugas/undang"


def invite(administrator: Visitor, world: World, **changes: object) -> str:
    """The path of the link."""
    values = {"name": "Rina Ayu", "roles": ["desk", "counter"], "offices": [world.here.id, world.there.id], **changes}
    answer = administrator.post(INVITE, values)
    assert answer.status_code == 303, refusals(answer)
    return shown_at(administrator, answer.location)


def shown_at(administrator: Visitor, location: str) -> str:
    link = re.search(r'id="one-time-link" value="([^"]+)"', administrator.get(location).text)
    assert link
    return urlsplit(link.group(1)).path


def accept(visitor: Visitor, link: str, **changes: str) -> object:
    return visitor.post(link, {"username": "rina", "password": PASSWORD, "repeat": PASSWORD, **changes})


@pytest.fixture
def stranger(administrator: Visitor) -> Visitor:
    return Visitor(administrator.client.application.test_client())


def test_whoever_opens_the_link_chooses_name_and_password_and_is_in(
    administrator: Visitor, stranger: Visitor, world: World
) -> None:
    link = invite(administrator, world)
    page = stranger.get(link)
    assert "Rina Ayu" in page.text
    assert "Loket: memanggil dan melayani" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert accept(stranger, link).location == "/petugas/"
    assert stranger.get("/meja/pindai").status_code == 200
    made = world.afresh().scalars(select(Staff).where(Staff.username == "rina")).one()
    assert {(one.office_id, one.role) for one in made.assignments} == {
        (office.id, role) for office in (world.here, world.there) for role in (Role.DESK, Role.COUNTER)
    }
    assert "Rina Ayu" in administrator.get("/admin/petugas").text
    actions = world.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert {"invitation.made", "staff.created"} <= set(actions)


def test_only_a_hash_of_the_link_is_stored_and_it_is_shown_once(administrator: Visitor, world: World) -> None:
    token = invite(administrator, world).rsplit("/", 1)[1]
    row = world.afresh().scalars(select(StaffInvitation)).one()
    assert (len(row.token_hash), token.encode() in row.token_hash) == (32, False)
    page = administrator.get(f"/admin/petugas/undangan/{row.id}").text
    assert token not in page
    assert "Buat tautan baru" in page


def test_a_link_is_good_once(administrator: Visitor, stranger: Visitor, world: World) -> None:
    link = invite(administrator, world)
    accept(stranger, link)
    for answer in (stranger.get(link), accept(stranger, link, username="kedua")):
        assert answer.status_code == 410
        assert "sudah dipakai satu kali" in answer.text
    assert world.afresh().scalars(select(Staff.username).where(Staff.username == "kedua")).all() == []


def test_a_link_is_good_for_three_days(
    administrator: Visitor, stranger: Visitor, world: World, clock: FixedClock
) -> None:
    link = invite(administrator, world)
    clock.advance(hours=72)
    assert stranger.get(link).status_code == 200
    clock.advance(seconds=1)
    for answer in (stranger.get(link), accept(stranger, link)):
        assert answer.status_code == 410
        assert "berlaku 72 jam" in answer.text


def test_a_clock_that_was_ahead_lengthens_nothing(
    administrator: Visitor, stranger: Visitor, world: World, clock: FixedClock
) -> None:
    link = invite(administrator, world)
    clock.advance(hours=-73)
    assert stranger.get(link).status_code == 410


def test_an_open_invitation_is_withdrawn(administrator: Visitor, stranger: Visitor, world: World) -> None:
    link = invite(administrator, world)
    listed = administrator.get("/admin/petugas").text
    assert "Undangan yang belum dipakai" in listed
    (path,) = re.findall(r'action="([^"]+/cabut)"', listed)
    assert administrator.post(path).status_code == 303
    assert administrator.post(path).status_code == 404
    answer = accept(stranger, link)
    assert (answer.status_code, "dicabut" in answer.text) == (410, True)
    assert "Undangan yang belum dipakai" not in administrator.get("/admin/petugas").text


def test_a_renewed_invitation_has_another_link(
    administrator: Visitor, stranger: Visitor, world: World, clock: FixedClock
) -> None:
    old = invite(administrator, world)
    clock.advance(hours=80)
    administrator.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there), now=clock.now())
    listed = administrator.get("/admin/petugas").text
    assert "kedaluwarsa" in listed
    (path,) = re.findall(r'action="([^"]+/perbarui)"', listed)
    new = shown_at(administrator, administrator.post(path).location)
    answer = stranger.get(old)
    assert (answer.status_code, "tidak dikenal" in answer.text) == (404, True)
    assert accept(stranger, new).status_code == 303


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"name": "12"}, {"roles": []}, {"roles": ["king"]}, {"offices": []}, {"offices": [99]}]
)
def test_an_invitation_is_checked(administrator: Visitor, world: World, changes: dict[str, object]) -> None:
    values = {"name": "Rina", "roles": ["desk"], "offices": [world.here.id], **changes}
    answer = administrator.post(INVITE, values)
    assert answer.status_code == 422
    assert len(refusals(answer)) == 1
    assert world.afresh().scalars(select(StaffInvitation)).all() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "elevenchars", "repeat": "elevenchars"},
        {"repeat": "something-else-entirely"},
        {"username": "a"},
        {"username": "administrator.sragen.2"},
    ],
)
def test_what_is_chosen_is_checked_and_uses_nothing_up(
    administrator: Visitor, stranger: Visitor, world: World, changes: dict[str, str]
) -> None:
    link = invite(administrator, world)
    answer = accept(stranger, link, **changes)
    assert answer.status_code == 422
    assert len(refusals(answer)) == 1
    assert "elevenchars" not in answer.text
    assert accept(stranger, link).status_code == 303


def test_nobody_is_invited_to_an_office_one_does_not_answer_for(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))
    invite(visitor, world)
    (path,) = re.findall(r'action="([^"]+/cabut)"', visitor.get("/admin/petugas").text)
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    page = visitor.get(INVITE).text
    assert world.here.name in page
    assert world.there.name not in page
    values = {"name": "Rina", "roles": ["desk"], "offices": [world.there.id]}
    assert visitor.post(INVITE, values).status_code == 422
    assert path not in visitor.get("/admin/petugas").text
    assert visitor.post(path).status_code == 404


def test_invitations_end_with_the_account_that_made_them(
    administrator: Visitor, stranger: Visitor, world: World
) -> None:
    other = Visitor(administrator.client.application.test_client())
    colleague = world.staff(Role.ADMINISTRATOR)
    link = invite(other.sign_in(world, colleague), world, offices=[world.here.id])
    administrator.post(f"/admin/petugas/{colleague.id}/nonaktifkan", {"reason": "Pindah tugas"})
    answer = accept(stranger, link)
    assert (answer.status_code, "dicabut" in answer.text) == (410, True)


@pytest.mark.parametrize("token", ["x", "%20", "A" * 300, "%C3%A9"])
def test_a_bent_link_is_answered_in_words(visitor: Visitor, world: World, token: str) -> None:
    for path in (f"/petugas/undangan/{token}", f"/petugas/kata-sandi-baru/{token}"):
        answer = visitor.get(path)
        assert (answer.status_code, "tidak dikenal" in answer.text) == (404, True)
