"""Logging in by a provider of OpenID Connect: how it is set up, what it says of somebody, and how it may fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_SUBJECT = 255  # characters, as OpenID Connect says


@dataclass(frozen=True, repr=False)
class OpenIdSettings:
    """``labels``: of the provider, by language. ``second_factor``: values of `acr` or `amr` that stand for one."""

    issuer: str
    client_id: str
    client_secret: str
    labels: Mapping[str, str]
    account_claim: str = "preferred_username"
    second_factor: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Begun:
    """What has to be known again when the browser comes back. ``address``: where it is sent."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who somebody is to the provider. ``named``: what the provider calls the account, "" where it says nothing."""

    issuer: str
    subject: str
    named: str
    second_factor: bool


class ProviderAway(Exception):
    """It does not answer, or not as a provider does. The text says so in a few words, without what it answered."""


class IdentityRefused(Exception):
    """What the browser or the provider brought proves nobody. The text says which claim or step, and no value."""
