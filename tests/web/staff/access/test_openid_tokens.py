"""What the provider and the browser bring has to prove who somebody is: each bent piece is refused."""

from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from queue_app.models import Staff
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.by_provider import LINK, LOG_IN, TO_PROVIDER, come_back, is_in, link, way_back
from tests.harness.factories import PASSWORD
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import Visitor, World
from tests.harness.openid_provider import CLIENT_ID, CLIENT_SECRET, FakeProvider

HOUR = 3600
NOW = int(MONDAY_MORNING.timestamp())
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": None},
        {"aud": [CLIENT_ID, "b"], "azp": "b"},
        {"iss": "https://evil.example"},
        {"exp": NOW - HOUR},
        {"exp": None},
        {"iat": NOW + HOUR},
        {"sub": None},
        {"sub": ""},
        {"sub": "a" * 256},
    ],
    ids=str,
)
def test_an_id_token_that_proves_nothing(
    visitor: Visitor, world: World, siti: Staff, provider: FakeProvider, claims: dict[str, object]
) -> None:
    link(world, siti, provider)
    provider.claims = claims
    answer = come_back(visitor, provider)
    assert answer.status_code == 422
    assert "tidak berhasil" in answer.text
    assert not is_in(visitor)


@pytest.mark.parametrize(
    "signs",
    [
        lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, OTHER_KEY),
        lambda claims: jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(CLIENT_SECRET * 2)),
        lambda claims: (
            "eyJhbGciOiJub25lIn0." + jwt.encode({"alg": "RS256", "kid": "one"}, claims, OTHER_KEY).split(".")[1] + "."
        ),
        lambda claims: "no.token",
        lambda claims: "",
    ],
    ids=["another-key", "a-shared-secret", "no-signature", "nonsense", "nothing"],
)
def test_a_signature_that_is_not_the_providers(
    visitor: Visitor, world: World, siti: Staff, provider: FakeProvider, signs: object
) -> None:
    link(world, siti, provider)
    provider.signs = signs  # type: ignore[assignment]  # lambdas of the list above
    assert come_back(visitor, provider).status_code == 422
    assert not is_in(visitor)


def test_a_key_that_was_changed_is_asked_for_again(
    visitor: Visitor, world: World, siti: Staff, provider: FakeProvider
) -> None:
    link(world, siti, provider)
    assert come_back(visitor, provider).status_code == 303
    visitor.client.delete_cookie(STAFF_COOKIE)
    provider.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert come_back(visitor, provider).status_code == 303
    assert provider.asked.count("/keys") == 2


@pytest.mark.parametrize(("ahead", "comes_in"), [(-90, True), (90, True), (-600, False), (600, False)])
def test_clocks_may_differ_by_two_minutes(
    visitor: Visitor, world: World, siti: Staff, provider: FakeProvider, ahead: int, comes_in: bool
) -> None:
    link(world, siti, provider)
    provider.clock_ahead = timedelta(seconds=ahead)
    come_back(visitor, provider)
    assert is_in(visitor) is comes_in


def test_a_state_is_good_once_and_only_in_the_browser_that_began(
    visitor: Visitor, world: World, siti: Staff, provider: FakeProvider
) -> None:
    link(world, siti, provider)
    back = way_back(visitor, provider)
    assert Visitor(world_client(visitor)).get(back).status_code == 422
    assert visitor.get(back).status_code == 303
    visitor.client.delete_cookie(STAFF_COOKIE)
    assert visitor.get(back).status_code == 422
    assert not is_in(visitor)


def world_client(visitor: Visitor) -> object:
    return visitor.client.application.test_client()


@pytest.mark.parametrize("bent", ["state=other&code=a", "code=a", "", "error=access_denied", "state=%00&code=%F0"])
def test_what_the_browser_brings_may_be_bent(visitor: Visitor, provider: FakeProvider, bent: str) -> None:
    way_back(visitor, provider)
    assert visitor.get(f"{LOG_IN}/openid/kembali?{bent}").status_code == 422


def test_a_provider_that_denies_or_forgets_the_code(visitor: Visitor, provider: FakeProvider) -> None:
    provider.denies = True
    assert come_back(visitor, provider).status_code == 422
    provider.denies = False
    back = way_back(visitor, provider)
    provider.codes.clear()
    answer = visitor.get(back)
    assert answer.status_code == 422
    assert "rahasia" not in answer.text


def test_a_beginning_is_good_for_ten_minutes(
    visitor: Visitor, world: World, siti: Staff, provider: FakeProvider, clock: FixedClock
) -> None:
    link(world, siti, provider)
    back = way_back(visitor, provider)
    clock.advance(minutes=11)
    assert visitor.get(back).status_code == 422
    page = come_back(visitor, provider)
    assert page.status_code == 303


@pytest.mark.parametrize("kept", ["", "bent", "YWJj"])
def test_a_bent_identity_links_nothing(visitor: Visitor, siti: Staff, kept: str) -> None:
    answer = visitor.post(LINK, {"identity": kept, "username": "siti", "password": PASSWORD})
    assert answer.status_code == 422
    assert not is_in(visitor)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
@pytest.mark.parametrize("said", [[], {}, None, 1, "a", {"keys": None}, {"keys": [1]}], ids=str)
def test_a_provider_that_talks_nonsense_lets_nobody_in_and_breaks_nothing(
    visitor: Visitor, world: World, siti: Staff, provider: FakeProvider, path: str, said: object
) -> None:
    link(world, siti, provider)
    provider.says[path] = said
    answer = visitor.get(TO_PROVIDER)
    if answer.status_code == 303:
        answer = come_back(visitor, provider)
    assert answer.status_code in (422, 503)
    assert not is_in(visitor)
