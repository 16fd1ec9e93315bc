"""A proxy in front of the program, as careful or careless as a test wants it."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from flask import Flask
from werkzeug.serving import make_server

DROPPED = {"host", "connection", "x-forwarded-for"}


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """The program itself; gives its port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    with _running(server):
        yield server.port


@contextmanager
def proxy(
    behind: int, *, sets: dict[str, str], keeps_claims: bool = False, tls: ssl.SSLContext | None = None
) -> Iterator[int]:
    """``sets``: headers of its own; ``keeps_claims``: believes what a client says of its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in DROPPED}
            claims = self.headers.get("X-Forwarded-For") if keeps_claims else None
            own = sets | ({"X-Forwarded-For": claims} if claims else {})
            inside = http.client.HTTPConnection("127.0.0.1", behind, timeout=20)
            inside.request("GET", self.path, headers={"Host": self.headers["Host"], **headers, **own})
            answer = inside.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {"connection", "transfer-encoding"}:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    with _running(server):
        yield server.server_address[1]


@contextmanager
def answering(status: int, headers: dict[str, str]) -> Iterator[int]:
    """Another program."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with _running(server):
        yield server.server_address[1]


@contextmanager
def _running(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)
