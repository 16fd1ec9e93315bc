"""A provider of OpenID Connect on a real port: discovery, keys, authorization with PKCE, signed ID tokens.

It is strict where the standard is, and says wrong things where a test wants it to.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.harness import tls

CLIENT_ID, CLIENT_SECRET = "antrean", "rahasia-klien-4711"


@dataclass
class FakeProvider:
    """``claims`` overwrite those of the next tokens, None leaves one out; ``clock_ahead`` is how wrong its clock is."""

    port: int
    now: Callable[[], datetime]
    subject: str = "8f1c-siti"
    claims: dict[str, Any] = field(default_factory=dict)
    clock_ahead: timedelta = timedelta()
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    shown_keys: list[RSAKey] = field(default_factory=list)
    signs: Callable[[dict[str, Any]], str] | None = None
    denies: bool = False
    says: dict[str, Any] = field(default_factory=dict)  # JSON in the place of an answer, by its path
    asked: list[str] = field(default_factory=list)  # paths
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"https://127.0.0.1:{self.port}/realm"

    def metadata(self) -> dict[str, Any]:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.issuer, **{name: f"{self.issuer}/{end}" for name, end in ends.items()}}

    def authorize(self, query: str) -> str:
        """Somebody has logged in there: where their browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(query, strict_parsing=True).items()}
        assert asked["client_id"] == CLIENT_ID
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert "openid" in asked["scope"].split()
        if self.denies:
            back = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            back = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """None for a code that is unknown or used, or of another client, browser or way back."""
        asked = self.codes.pop(sent.get("code", ""), None)
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        if asked is None or asked["redirect_uri"] != sent.get("redirect_uri"):
            return None
        if asked["code_challenge"] != base64.urlsafe_b64encode(verifier).rstrip(b"=").decode():
            return None
        now = int((self.now() + self.clock_ahead).timestamp())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"], "preferred_username": "siti", **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        sign = self.signs or (lambda what: jwt.encode({"alg": "RS256", "kid": self.key.kid}, what, self.key))
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": sign(claims)}

    def keys(self) -> dict[str, Any]:
        return KeySet(self.shown_keys or [self.key]).as_dict(private=False)


@contextlib.contextmanager
def providing(folder: Path, now: Callable[[], datetime]) -> Iterator[FakeProvider]:
    """Certified for 127.0.0.1 by ``server.pem`` in the folder."""
    server_side, _client_side = tls.contexts(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, query = urlsplit(self.path).path.removeprefix("/realm"), urlsplit(self.path).query
            provider.asked.append(path)
            if path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.end_headers()
                return
            found = {"/.well-known/openid-configuration": provider.metadata, "/keys": provider.keys}.get(path)
            self.answer(200 if found else 404, found() if found else {})

        def do_POST(self) -> None:
            provider.asked.append("/token")
            sent = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
            right = self.headers["Authorization"] == f"Basic {known}"
            token = provider.token(sent) if right else None
            error = {"error": "invalid_grant" if right else "invalid_client", "error_description": "rahasia"}
            self.answer(200 if token else 400, token or error)

        def answer(self, status: int, body: Any) -> None:
            path = urlsplit(self.path).path.removeprefix("/realm")
            status, body = (200, provider.says[path]) if path in provider.says else (status, body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_of_request: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def finish_request(self, request: Any, client_address: Any) -> None:
            with contextlib.suppress(OSError):  # a client that trusts nobody
                super().finish_request(server_side.wrap_socket(request, server_side=True), client_address)

    with Server(("127.0.0.1", 0), Handler) as server:
        provider = FakeProvider(server.server_address[1], now)
        thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
        thread.start()
        yield provider
        server.shutdown()
        thread.join(5)
