"""A browser of the staff on its way to a provider of identities and back."""

from __future__ import annotations

from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from queue_app.models import ProviderAccount, Staff
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import Visitor, World
from tests.harness.openid_provider import FakeProvider

LOG_IN = "/petugas/masuk"
TO_PROVIDER, LINK = f"{LOG_IN}/openid", f"{LOG_IN}/openid/hubungkan"


def link(world: World, staff: Staff, provider: FakeProvider) -> None:
    world.session.add(
        ProviderAccount(staff_id=staff.id, issuer=provider.issuer, subject=provider.subject, linked_at=MONDAY_MORNING)
    )
    world.session.commit()


def way_back(visitor: Visitor, provider: FakeProvider, query: str = "") -> str:
    """Where the browser is sent after it was at the provider, as a path of this site."""
    there = visitor.get(TO_PROVIDER + query)
    assert there.status_code == 303, there.text
    back = urlsplit(provider.authorize(urlsplit(there.location).query))
    return f"{back.path}?{back.query}"


def come_back(visitor: Visitor, provider: FakeProvider, query: str = "") -> TestResponse:
    return visitor.get(way_back(visitor, provider, query))


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/petugas/").status_code == 200
