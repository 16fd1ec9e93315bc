"""Staff with passwords, with and without a second factor; and a provider by which they log in."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from queue_app.domain.openid import OpenIdSettings
from queue_app.domain.roles import Role
from queue_app.models import Staff
from tests.harness.factories import make_staff
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import World
from tests.harness.openid_provider import CLIENT_ID, CLIENT_SECRET, FakeProvider, providing


@pytest.fixture
def boss(world: World) -> Staff:
    """The administrator of one office, enrolled."""
    who = {"username": "kepala", "keyring": world.keyring}
    staff = make_staff(world.session, world.here, Role.ADMINISTRATOR, now=MONDAY_MORNING, **who)
    world.session.commit()
    return staff


@pytest.fixture
def newcomer(world: World) -> Staff:
    """An auditor who has not enrolled yet."""
    staff = make_staff(world.session, world.here, Role.AUDITOR, now=MONDAY_MORNING, username="rina")
    world.session.commit()
    return staff


@pytest.fixture
def siti(world: World) -> Staff:
    """Of the front desk."""
    staff = make_staff(world.session, world.here, Role.DESK, now=MONDAY_MORNING, username="siti")
    world.session.commit()
    return staff


@pytest.fixture
def set_provider(app: Flask) -> Callable[..., None]:
    """``set_provider(issuer, password_log_in=False)``: as the operator's settings would."""

    def set_provider(issuer: str, **more: object) -> None:
        labels = {"id": "Masuk dengan akun Sragen", "en": "Log in with Sragen"}
        second = frozenset({"mfa", "urn:kuat"})
        openid = OpenIdSettings(issuer, CLIENT_ID, CLIENT_SECRET, labels, second_factor=second)
        app.extensions["settings"] = dataclasses.replace(app.extensions["settings"], openid=openid, **more)

    return set_provider


@pytest.fixture
def provider(
    set_provider: Callable[..., None], tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeProvider]:
    with providing(tmp_path, clock.now) as one:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        set_provider(one.issuer)
        yield one
