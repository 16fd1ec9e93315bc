"""Logging in by a provider of identities, a real one over TLS, by whoever it says that somebody is."""

import re

from sqlalchemy import select
from werkzeug.test import TestResponse

from queue_app.models import AuditEntry, ProviderAccount, Staff, StaffSession
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.by_provider import LINK, LOG_IN, come_back, is_in, link
from tests.harness.factories import PASSWORD, time_code
from tests.harness.fakes import FixedClock
from tests.harness.office import Visitor, World, refusals
from tests.harness.openid_provider import FakeProvider


def test_who_is_linked_is_in_as_by_password(
    visitor: Visitor, world: World, siti: Staff, provider: FakeProvider
) -> None:
    link(world, siti, provider)
    answer = come_back(visitor, provider, "?next=/meja/kedatangan")
    assert (answer.status_code, answer.location) == (303, "/meja/kedatangan")
    assert is_in(visitor)
    row = world.afresh().scalars(select(StaffSession)).one()
    assert (row.staff_id, row.vouched) == (siti.id, False)
    said = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.logged_in")).one()
    assert said.after == {"means": "provider"}
    assert "perangkat ini" in visitor.get("/petugas/akun").text
    visitor.post("/petugas/keluar")
    assert not is_in(visitor)


def test_the_log_in_page_asks_nobody(visitor: Visitor, provider: FakeProvider) -> None:
    page = visitor.get(LOG_IN).text
    assert "Masuk dengan akun Sragen" in page
    assert 'name="password"' in page
    assert provider.asked == []


def linking(visitor: Visitor, page: TestResponse, **typed: str) -> TestResponse:
    kept = re.search(r'name="identity" value="([^"]+)"', page.text).group(1)
    return visitor.post(LINK, {"identity": kept, "username": "siti", "password": PASSWORD, **typed})


def test_the_first_time_the_account_shows_its_password(
    visitor: Visitor, world: World, siti: Staff, provider: FakeProvider
) -> None:
    page = come_back(visitor, provider)
    assert page.status_code == 200
    assert 'value="siti"' in page.text  # as the provider calls them
    assert not is_in(visitor)
    wrong = linking(visitor, page, password="salah sekali ini")
    assert wrong.status_code == 403
    assert 'name="identity"' in wrong.text
    assert world.afresh().scalars(select(ProviderAccount)).all() == []
    assert linking(visitor, wrong).status_code == 303
    assert is_in(visitor)
    row = world.afresh().scalars(select(ProviderAccount)).one()
    assert (row.staff_id, row.issuer, row.subject) == (siti.id, provider.issuer, provider.subject)
    visitor.client.delete_cookie(STAFF_COOKIE)
    assert come_back(visitor, provider).location == "/petugas/"
    assert (
        world.afresh()
        .scalars(select(AuditEntry.action).where(AuditEntry.action == "staff.provider_linked").order_by(AuditEntry.id))
        .all()
    )


def test_the_same_name_at_the_provider_opens_nothing_by_itself(
    visitor: Visitor, world: World, siti: Staff, provider: FakeProvider
) -> None:
    link(world, siti, provider)
    provider.subject = "somebody-else"
    provider.claims = {"preferred_username": "siti", "email": "siti@sragen.example", "email_verified": False}
    page = come_back(visitor, provider)
    assert "Hubungkan akun" in page.text
    assert not is_in(visitor)
    refused = linking(visitor, page)
    assert (refused.status_code, len(refusals(refused))) == (409, 1)  # siti is linked with another one
    assert not is_in(visitor)


def test_an_account_with_a_code_is_linked_by_its_code_too(
    visitor: Visitor, boss: Staff, clock: FixedClock, provider: FakeProvider
) -> None:
    page = come_back(visitor, provider)
    without = linking(visitor, page, username="kepala")
    assert without.status_code == 422
    assert linking(visitor, without, username="kepala", time_code=time_code(clock.now())).status_code == 303
    assert is_in(visitor)


def test_the_own_code_is_asked_for_unless_the_provider_has_asked(
    visitor: Visitor, world: World, boss: Staff, clock: FixedClock, provider: FakeProvider
) -> None:
    link(world, boss, provider)
    page = come_back(visitor, provider, "?next=/admin/petugas")
    assert page.status_code == 200
    assert not is_in(visitor)
    proof = re.search(r'name="proof" value="([^"]+)"', page.text).group(1)
    typed = {"proof": proof, "time_code": time_code(clock.now())}
    assert visitor.post(f"{LOG_IN}/kode?next=/admin/petugas", typed).location == "/admin/petugas"
    assert is_in(visitor)
    visitor.client.delete_cookie(STAFF_COOKIE)
    provider.claims = {"amr": ["pwd", "mfa"]}
    assert come_back(visitor, provider).status_code == 303
    assert is_in(visitor)


def test_who_must_have_a_code_may_have_it_at_the_provider(
    visitor: Visitor, world: World, newcomer: Staff, provider: FakeProvider
) -> None:
    link(world, newcomer, provider)
    assert come_back(visitor, provider).status_code == 303
    assert visitor.get("/admin/jejak").status_code != 200  # has to enrol one here
    visitor.client.delete_cookie(STAFF_COOKIE)
    provider.claims = {"acr": "urn:kuat"}
    assert come_back(visitor, provider).status_code == 303
    assert visitor.get("/admin/jejak").status_code == 200


def test_a_deactivated_account_stays_out(visitor: Visitor, world: World, siti: Staff, provider: FakeProvider) -> None:
    link(world, siti, provider)
    siti.active = False
    world.session.commit()
    answer = come_back(visitor, provider)
    assert answer.status_code == 403
    assert "dinonaktifkan" in answer.text
    assert not is_in(visitor)


def test_the_link_is_cut_by_its_owner(visitor: Visitor, world: World, siti: Staff, provider: FakeProvider) -> None:
    link(world, siti, provider)
    come_back(visitor, provider)
    assert "Terhubung sejak" in visitor.get("/petugas/akun").text
    assert visitor.post("/petugas/akun/openid", {"present": "salah sekali ini"}).status_code == 403
    assert visitor.post("/petugas/akun/openid", {"present": PASSWORD}).status_code == 303
    assert world.afresh().scalars(select(ProviderAccount)).all() == []
    assert "Belum terhubung" in visitor.get("/petugas/akun").text
