"""Whether people reach this program at its public address, and whether it sees of them what is so."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from queue_app.adapters.doctors_question import PATH, QUESTION, is_answer, new_question
from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.domain.clock import SystemClock

from .findings import Finding, Verdict, good, look, wrong

PATIENCE = 5  # seconds for each step
LARGEST = 4096  # bytes of an answer
STRANGER = "192.0.2.77"  # an address that nobody has (RFC 5737)
SOON = timedelta(days=14)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ALONE = {"127.0.0.1", "localhost", "[::1]", "::1"}
PROXIES = "QUEUE_APP_TRUSTED_PROXIES"
OTHER = "See what listens there, whether the program was restarted after its update, and whether its keys are these."
HEADERS = "See scripts/deploy/nginx.conf for what a proxy has to set."


@dataclass(frozen=True)
class Answer:
    """``seen``: what this very program told; None where it was not it that answered."""

    status: int
    location: str | None
    seen: dict[str, Any] | None
    expires: datetime | None  # of the certificate


def address(settings: Settings, keyring: FileKeyring) -> Iterator[Finding]:
    """The way that people come, and the program without anybody in front of it."""
    findings = list(_public(settings, keyring))
    yield from findings
    # Where the address leads to another machine of the installation, this one need not serve.
    alone = any(finding.verdict is Verdict.WRONG for finding in findings)
    yield from _local(settings, keyring, wrong if alone else look)


def _local(settings: Settings, keyring: FileKeyring, trouble: Callable[[str, str, str], Finding]) -> Iterator[Finding]:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    where = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    try:
        answer = ask(where, keyring)
    except (OSError, http.client.HTTPException) as fault:
        yield trouble("web", f"Nobody serves at {where}: {_said(fault)}.", "systemctl status queue-app-web; start it.")
        return
    if answer.seen is None:
        yield trouble("web", f"Another program, version or installation serves at {where} ({answer.status}).", OTHER)
    else:
        yield good("web", f"The program serves at {where}.")


def _public(settings: Settings, keyring: FileKeyring) -> Iterator[Finding]:
    where = settings.public_url
    yield from _by_its_look(where)
    try:
        answer, claimed = ask(where, keyring), ask(where, keyring, claims=STRANGER)
    except ssl.SSLCertVerificationError as fault:
        yield wrong("address", f"The certificate of {where} is not valid: {fault.verify_message}.", "Renew it.")
        return
    except (OSError, http.client.HTTPException) as fault:
        yield wrong("address", f"{where} is not reached from here: {_said(fault)}.", "See the proxy, DNS and firewall.")
        return
    yield from _certificate(where, answer)
    if answer.seen is None:
        yield wrong("address", f"{where} does not lead to this program: {_instead(answer)}.", OTHER)
        return
    faults = list(_differences(settings, answer.seen, claimed.seen or {}))
    yield from faults
    if not faults:
        by = {0: "no proxy", 1: "one proxy"}.get(settings.trusted_proxies, f"{settings.trusted_proxies} proxies")
        yield good("address", f"{where} leads here through {by}, and people are seen as they are.")


def _by_its_look(where: str) -> Iterator[Finding]:
    if (urlsplit(where).hostname or "") in ALONE:
        sentence = f"QUEUE_APP_PUBLIC_URL is {where}: links in messages and on tickets open on this machine only."
        yield look("address", sentence, "Set it to the address that citizens type.")
    elif not where.startswith("https://"):
        sentence = f"{where} is not encrypted: passwords can be read on the way, and pages do not work offline."
        yield look("address", sentence, "Set up TLS (scripts/deploy/nginx.conf), and an address with https://.")


def ask(where: str, keyring: FileKeyring, *, claims: str = "") -> Answer:
    """Raises OSError, http.client.HTTPException. ``claims``: an address that the request says to come from."""
    parts, question = urlsplit(where), new_question(keyring.cookie_key)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    headers = {QUESTION: question, "Accept": "application/json", "Connection": "close"}
    try:
        connection.request("GET", PATH, headers=headers | ({"X-Forwarded-For": claims} if claims else {}))
        expires = _expires(connection.sock)
        answer = connection.getresponse()
        told = _read(answer.read(LARGEST))
        seen = told if is_answer(keyring.cookie_key, question, told.get("proof")) else None
        return Answer(answer.status, answer.headers.get("Location"), seen, expires)
    finally:
        connection.close()


def _differences(settings: Settings, seen: dict[str, Any], claimed: dict[str, Any]) -> Iterator[Finding]:
    parts, trusted, through = urlsplit(settings.public_url), settings.trusted_proxies, seen["forwarded"]
    if through > trusted:
        sentence = f"{through} proxies stand in front, and {PROXIES} is {trusted}: many people count as one address."
        yield wrong("address", sentence, f"{PROXIES}={through}, if all of them are yours.")
    elif through < trusted:
        sentence = f"{PROXIES} is {trusted}, and {through} write down who asks: anybody may claim to be somebody else."
        yield wrong("address", sentence, f"{PROXIES}={through}, or let the proxy set X-Forwarded-For. {HEADERS}")
    elif claimed.get("address") == STRANGER:
        sentence = "The proxy hands on what clients say of their own address."
        yield wrong("address", sentence, f"Let it set X-Forwarded-For anew. {HEADERS}")
    if seen["scheme"] != parts.scheme:
        sentence = f"A request by {parts.scheme} is seen as one by {seen['scheme']}."
        yield wrong("address", sentence, f"X-Forwarded-Proto and {PROXIES} have to fit. {HEADERS}")
    if str(seen["host"]).lower() != _host(parts.scheme, parts.netloc):
        sentence = f"A request for {parts.netloc} is seen as one for {seen['host']}."
        yield wrong("address", sentence, f"Host or X-Forwarded-Host has to be handed on. {HEADERS}")


def _host(scheme: str, netloc: str) -> str:
    return netloc.lower().removesuffix(":443" if scheme == "https" else ":80")


def _certificate(where: str, answer: Answer) -> Iterator[Finding]:
    if answer.expires is None:
        return
    left = answer.expires - SystemClock().now()
    if left < SOON:
        yield look("address", f"The certificate of {where} ends in {left.days} days.", "See why it was not renewed.")
    else:
        yield good("address", f"The certificate of {where} is valid for {left.days} days.")


def _expires(connection: Any) -> datetime | None:
    if not isinstance(connection, ssl.SSLSocket):
        return None
    certificate = connection.getpeercert() or {}
    until = certificate.get("notAfter")
    return EPOCH + timedelta(seconds=ssl.cert_time_to_seconds(until)) if isinstance(until, str) else None


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _instead(answer: Answer) -> str:
    if 300 <= answer.status < 400 and answer.location:
        target = urlsplit(answer.location)
        return f"it sends people on to {target.scheme}://{target.hostname}" if target.hostname else "it sends people on"
    return f"something else answers there ({answer.status})"


def _said(fault: Exception) -> str:
    match fault:
        case socket.gaierror():
            return "the name is not found"
        case ConnectionRefusedError():
            return "nobody listens there"
        case TimeoutError():
            return f"no answer within {PATIENCE} seconds"
        case ssl.SSLError():
            return "it speaks no TLS there"
        case _:
            return type(fault).__name__
