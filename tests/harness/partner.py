"""A partner's server: real TLS on a real port, which answers as the test says and keeps what it was sent."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.harness import tls

Behaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Sent:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Partner:
    """``script``: how the next requests are answered, one after the other; afterwards 200."""

    port: int
    script: list[Behaviour] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}/antrean?dari=dukcapil"


def answers(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        with contextlib.suppress(OSError):  # whoever asked has read enough
            handler.wfile.write(body)

    return answer


def says_nothing(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def dribbles_head(handler: BaseHTTPRequestHandler) -> None:
    """A letter now and then: no single wait is ever long."""
    with contextlib.suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100):
            handler.wfile.write(b"X-A: b\r\n")
            time.sleep(0.1)


def dribbles_body(handler: BaseHTTPRequestHandler) -> None:
    with contextlib.suppress(OSError):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"a")
            time.sleep(0.1)


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


@contextlib.contextmanager
def listening(folder: Path) -> Iterator[Partner]:
    """Certified for 127.0.0.1 by ``server.pem`` in the folder."""
    server_side, _client_side = tls.contexts(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            partner.sent.append(Sent(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            (partner.script.pop(0) if partner.script else answers(200))(self)

        def log_message(self, *_of_request: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def finish_request(self, request: object, client_address: object) -> None:
            with contextlib.suppress(OSError):  # a client that trusts nobody, or that had enough
                super().finish_request(server_side.wrap_socket(request, server_side=True), client_address)  # type: ignore[arg-type]  # socketserver calls a socket by many names

    with Server(("127.0.0.1", 0), Handler) as server:
        partner = Partner(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
        thread.start()
        yield partner
        server.shutdown()
        thread.join(5)


@pytest.fixture
def partner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Partner]:
    """Trusted by this process, as an authority of the operator's would be."""
    with listening(tmp_path) as one:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        yield one
