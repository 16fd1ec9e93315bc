"""A provider of OpenID Connect, as its client meets it: authorization code with PKCE, state and nonce.

Authlib asks and joserfc judges; here stands what they leave open: which claims must be there, whose they must be, by
which clock, and that nobody waits long for a provider that is away.
"""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from queue_app.domain.openid import LONGEST_SUBJECT, Begun, Identity, IdentityRefused, OpenIdSettings, ProviderAway

WITHIN = (3.0, 5.0)  # seconds: to connect, and for each answer
AWAY = 10.0  # seconds for which a provider that did not answer is not asked again
KEPT = 3600.0  # seconds for which its metadata counts
SKEW = timedelta(minutes=2)  # by which its clock may differ from ours
# Signed with a key that only the provider has: "none" and shared secrets are not among them.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass
class Provider:
    settings: OpenIdSettings
    _metadata: dict[str, Any] = field(default_factory=dict)
    _keys: KeySet | None = None
    _known_until: float = 0.0
    _away_until: float = 0.0

    def begin(self, comes_back_to: str) -> Begun:
        """Raises ProviderAway."""
        with self._client(comes_back_to) as client:
            nonce, verifier = generate_token(32), generate_token(64)
            address, state = client.create_authorization_url(
                self.metadata()["authorization_endpoint"], nonce=nonce, code_verifier=verifier
            )
        return Begun(address, state, nonce, verifier)

    def finish(self, begun: Begun, code: str, comes_back_to: str, *, now: datetime) -> Identity:
        """Exchange the code that the browser brought. Raises IdentityRefused, ProviderAway."""
        endpoint = self.metadata()["token_endpoint"]
        try:
            with self._client(comes_back_to) as client:
                token = client.fetch_token(
                    endpoint, code=code, code_verifier=begun.verifier, timeout=WITHIN, verify=_authorities()
                )
        except AuthlibBaseError as refusal:
            raise IdentityRefused(f"token: {refusal.error}") from None
        except (requests.RequestException, ValueError, TypeError) as fault:
            raise self._away(fault) from None
        id_token = token.get("id_token") if isinstance(token, dict) else None  # the library takes any JSON for one
        claims = self._claims(str(id_token or ""), begun.nonce, now)
        named = claims.get(self.settings.account_claim)
        means = {claims.get("acr"), *(one for one in _listed(claims.get("amr")))}
        return Identity(
            issuer=self.settings.issuer,
            subject=claims["sub"],
            named=named if isinstance(named, str) else "",
            second_factor=bool(means & self.settings.second_factor),
        )

    def metadata(self) -> dict[str, Any]:
        """Asked for at the first need, and kept for KEPT. Raises ProviderAway."""
        if self._known_until > time.monotonic():
            return self._metadata
        if self._away_until > time.monotonic():
            raise ProviderAway("it did not answer a moment ago")
        found = self._get(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.settings.issuer:
            raise ProviderAway("its metadata is that of another issuer")
        if not all(str(found.get(name, "")).startswith("https://") for name in NEEDED):
            raise ProviderAway("its metadata lacks an address, or one is not https")
        self._metadata, self._known_until, self._keys = found, time.monotonic() + KEPT, None
        return found

    def _claims(self, id_token: str, nonce: str, now: datetime) -> dict[str, Any]:
        expected: dict[str, Any] = {
            "iss": {"essential": True, "value": self.settings.issuer},
            "aud": {"essential": True, "value": self.settings.client_id},
            "nonce": {"essential": True, "value": nonce},
            "azp": {"value": self.settings.client_id},
            **{name: {"essential": True} for name in ("sub", "exp", "iat")},
        }
        try:
            claims = self._decoded(id_token)
            jwt.JWTClaimsRegistry(now=int(now.timestamp()), leeway=int(SKEW.total_seconds()), **expected).validate(
                claims
            )
        except (JoseError, ValueError) as fault:
            raise IdentityRefused(f"ID token: {getattr(fault, 'error', type(fault).__name__)}") from None
        if not 1 <= len(claims["sub"]) <= LONGEST_SUBJECT:
            raise IdentityRefused("ID token: sub")
        return claims

    def _decoded(self, id_token: str) -> dict[str, Any]:
        """Its keys are asked for once more where the one that signed is not among those that are known."""
        try:
            return jwt.decode(id_token, self._key_set(), algorithms=ALGORITHMS).claims
        except InvalidKeyIdError:
            self._keys = None
            return jwt.decode(id_token, self._key_set(), algorithms=ALGORITHMS).claims

    def _key_set(self) -> KeySet:
        if self._keys is None:
            found = self._get(self.metadata()["jwks_uri"])
            if not isinstance(found.get("keys"), list):
                raise ProviderAway("its keys are none")
            self._keys = KeySet.import_key_set(found)  # type: ignore[arg-type]  # it says itself what is wrong with it
        return self._keys

    def _get(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(address, timeout=WITHIN, verify=_authorities(), allow_redirects=False)
            if answer.status_code != requests.codes.ok or not isinstance(found := answer.json(), dict):
                raise ValueError(answer.status_code)
        except (requests.RequestException, ValueError) as fault:
            raise self._away(fault) from None
        return found

    def _away(self, fault: Exception) -> ProviderAway:
        self._away_until = time.monotonic() + AWAY
        return ProviderAway(f"it does not answer as a provider does: {type(fault).__name__}")

    def _client(self, comes_back_to: str) -> OAuth2Session:
        client = OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret,
            scope="openid profile email",
            redirect_uri=comes_back_to,
            code_challenge_method="S256",
            token_endpoint_auth_method=self._way_to_log_in(),
        )
        client.max_redirects = 0
        return client

    def _way_to_log_in(self) -> str:
        """Of the client itself at the token endpoint; what a provider says nothing of is as the standard has it."""
        ways = self.metadata().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"


def _authorities() -> str | bool:
    """Those of this machine, among which the operator's own may be; else the ones that come with the library."""
    return ssl.get_default_verify_paths().cafile or True


def _listed(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
