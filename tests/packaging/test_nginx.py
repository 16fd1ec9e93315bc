"""The shipped nginx configuration, with a real nginx before the real server."""

import http.client
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from queue_app.adapters.key_file import load_keyring
from tests.conftest import unavailable
from tests.harness.certificates import certify
from tests.harness.ports import free_port
from tests.harness.serving import Served, eventually, serving
from tests.harness.source import ROOT

pytestmark = pytest.mark.slow

SHIPPED = ROOT / "scripts" / "deploy" / "nginx.conf"
TOKEN = "SECRETSECRETSECRETSECRETSECRETSECR"
PAGES = (f"/t/{TOKEN}", f"//t/{TOKEN}/tiket.pdf?x={TOKEN}", f"/%74/{TOKEN}", f"/petugas/admin-pertama/{TOKEN}",
         f"/petugas/undangan/{TOKEN}", f"/petugas/kata-sandi-baru/{TOKEN}", f"/api/v1/bookings/{TOKEN}")  # fmt: skip
TRUSTING = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
TRUSTING.check_hostname, TRUSTING.verify_mode = False, ssl.CERT_NONE


@dataclass(frozen=True)
class Proxied:
    """nginx on ``port`` (TLS), its logs in ``folder``, and what is behind it."""

    port: int
    folder: Path
    served: Served | None = None

    def connect(self) -> ssl.SSLSocket:
        return TRUSTING.wrap_socket(socket.create_connection(("127.0.0.1", self.port), timeout=30))

    def get(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=TRUSTING)
        connection.request(method, path, headers={"Host": "antrean.example", **headers})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def get_plain(self, path: str) -> http.client.HTTPResponse:
        (port,) = re.findall(r"listen 127\.0\.0\.1:(\d+);", (self.folder / "site").read_text())
        connection = http.client.HTTPConnection("127.0.0.1", int(port))
        connection.request("GET", path, headers={"Host": "antrean.example"})
        answer = connection.getresponse()
        connection.close()
        return answer

    def logs(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))


@pytest.fixture(scope="module")
def nginx() -> str:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        unavailable("nginx is not installed (apt-get install nginx-light)")
    return str(found)


@pytest.fixture(scope="module")
def proxied(nginx: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("nginx")
    settings = {"QUEUE_APP_TRUSTED_PROXIES": "1", "QUEUE_APP_PUBLIC_URL": "https://antrean.example"}
    with (
        serving(folder / "data", folder / "output", **settings, QUEUE_APP_WORKERS="1") as served,
        _before(served.port, nginx, folder) as port,
    ):
        yield Proxied(port, folder, served)


def test_the_application_is_told_who_asks_and_how(nginx: str, tmp_path: Path) -> None:
    """Whatever clients claim about themselves. What is behind nginx here gives back the head that reached it."""
    with socket.create_server(("127.0.0.1", 0)) as echo, _before(echo.getsockname()[1], nginx, tmp_path) as port:
        client = Proxied(port, tmp_path).connect()
        lies = b"X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: http\r\nX_Forwarded_For: 203.0.113.9\r\n"
        client.sendall(b"GET /a%2Fb HTTP/1.1\r\nHost: antrean.example\r\n" + lies + b"\r\n")
        inside, _ = echo.accept()
        head = inside.recv(65536).decode()
        inside.close()
        client.close()
    assert "GET /a%2Fb HTTP/1.1" in head
    assert "X-Forwarded-For: 127.0.0.1\r\n" in head
    assert "X-Forwarded-Proto: https\r\n" in head
    assert "Host: antrean.example\r\n" in head
    assert "203.0.113.9" not in head


def test_a_page_arrives(proxied: Proxied) -> None:
    answer = proxied.get("/?lang=en")
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"]
    assert answer.headers["Server"] == "nginx"
    assert "Secure" in answer.headers["Set-Cookie"]
    identity = proxied.get("/tiket-saya", **{"X-Request-Id": "of-a-stranger"}).headers["X-Request-Id"]
    assert eventually(lambda: f" {identity}\n" in proxied.logs()), "not the one that nginx gave"


def test_people_are_led_to_https_and_programs_are_not(proxied: Proxied) -> None:
    answers = [proxied.get_plain(path) for path in ("/sragen?lang=en", "/api/v1/offices")]
    assert [answer.status for answer in answers] == [301, 400]
    assert answers[0].headers["Location"] == "https://antrean.example/sragen?lang=en"
    assert answers[1].headers["Content-Type"] == "application/problem+json"


def test_slow_bodies_never_reach_the_application(proxied: Proxied) -> None:
    head = b"POST /petugas/masuk HTTP/1.1\r\nHost: antrean.example\r\nContent-Length: 5000\r\n\r\nusername=b"
    senders = [proxied.connect() for _ in range(100)]  # more than a worker lets read by itself
    try:
        for sender in senders:
            sender.sendall(head)
        assert proxied.get("/").status == 200
        with proxied.connect() as connection:
            connection.sendall(head.replace(b"5000", b"10"))
            assert b" 400 " in connection.recv(100), "refused for want of a token: the application was reached"
    finally:
        for sender in senders:
            sender.close()
    with proxied.connect() as connection:
        connection.sendall(head.replace(b"5000", b"100000000"))
        assert b" 413 " in connection.recv(100)


def test_the_logs_hold_no_secret(proxied: Proxied) -> None:
    for path in PAGES:
        proxied.get(path, Referer=f"https://antrean.example/t/{TOKEN}")
    # A line is written after its answer has gone: the last one may be a moment late.
    assert eventually(lambda: proxied.logs().count("GET /t/-") >= 3 and "GET /api/bookings/-" in proxied.logs())
    assert TOKEN not in proxied.logs()


def test_while_the_application_is_away_there_is_a_page_that_says_so(proxied: Proxied) -> None:
    """Last, because it ends what the others need. It asks again by itself, but sends no form twice."""
    assert proxied.served
    proxied.served.process.terminate()
    proxied.served.process.wait(timeout=20)
    answer = proxied.get(f"/t/{TOKEN}")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "10"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert TOKEN not in proxied.logs()
    assert [proxied.get(path).headers["Refresh"] for path in ("/", "/display/sragen")] == ["10", "10"]
    to_the_start = "10; url=/kiosk/sragen?lang=id"
    for method in ("GET", "POST"):
        assert proxied.get("/kiosk/sragen/nomor/ktp-rekam", method=method).headers["Refresh"] == to_the_start
    assert proxied.get("/bookings", method="POST").headers["Refresh"] is None


def test_browsers_come_back_from_a_restart_by_themselves(nginx: str, tmp_path: Path, browser: Browser) -> None:
    """A kiosk and a display that met nginx's page, and a kept ticket. No TLS: browsers would keep nothing."""
    data = tmp_path / "data"
    behind = free_port()
    with _before(behind, nginx, tmp_path, tls=False) as port, browser.new_context() as hall:
        site = f"http://127.0.0.1:{port}"
        settings = {"QUEUE_APP_TRUSTED_PROXIES": "1", "QUEUE_APP_PUBLIC_URL": site, "QUEUE_APP_WORKERS": "1"}
        with serving(data, tmp_path / "first", "--demo-if-empty", PORT=str(behind), **settings):
            ticket = _open_ticket(hall.new_page(), site, data)
        waiting = [hall.new_page(), hall.new_page()]
        kiosk, display = waiting
        for page, path in zip(waiting, ("/kiosk/sragen/bantuan", "/display/sragen"), strict=True):
            assert page.goto(f"{site}{path}").status == 503  # type: ignore[union-attr]
        ticket.reload()
        expect(ticket.locator("[data-offline]")).to_be_visible()
        expect(ticket.locator(".ticket__qr svg")).to_be_visible()
        with serving(data, tmp_path / "second", PORT=str(behind), **settings):
            kiosk.wait_for_url(f"{site}/kiosk/sragen**", timeout=25_000)
            display.locator("[data-clock]").wait_for(timeout=25_000)
            kiosk.locator(".kiosk").wait_for(timeout=25_000)
            ticket.reload()
            expect(ticket.locator("[data-offline]")).to_be_hidden()


def _open_ticket(page: Page, site: str, data: Path) -> Page:
    """Somebody's of the demo, opened until the device keeps it."""
    with closing(sqlite3.connect(data / "queue.db")) as database:
        (ticket_id,) = database.execute("SELECT max(id) FROM ticket WHERE state = 'booked'").fetchone()
    page.goto(f"{site}/t/{load_keyring(data / 'keys.json').ticket_token(ticket_id)}")
    kept = "async (address) => Boolean(await caches.match(address))"
    for address in (page.url, page.locator("script").last.get_attribute("src")):
        assert eventually(partial(page.evaluate, kept, address))
    return page


@contextmanager
def _before(behind: int, nginx: str, folder: Path, *, tls: bool = True) -> Iterator[int]:
    """nginx before the port ``behind``; gives its own port, which speaks TLS."""
    plain, port = free_port(), free_port()
    configuration = _adapt(folder, behind, plain, port, " ssl http2" if tls else "")
    checked = subprocess.run([nginx, "-t", "-c", configuration], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen([nginx, "-c", configuration, "-g", "daemon off;"])
    try:
        assert eventually(lambda: _accepts(port))
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def _adapt(folder: Path, behind: int, plain: int, port: int, tls: str) -> str:
    """The shipped file with other ports and paths, in the frame that Debian's nginx.conf gives it."""
    certify(folder / "cert.pem", folder / "key.pem")
    text = SHIPPED.read_text()
    for shipped, here in (
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
        ("listen [::]:80;", ""),
        ("listen [::]:443 ssl http2;", ""),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port}{tls};"),
        ("/etc/ssl/certs/antrean.example.pem", str(folder / "cert.pem")),
        ("/etc/ssl/private/antrean.example.key", str(folder / "key.pem")),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    (folder / "site").write_text(text)
    places = "".join(
        f"{name}_temp_path {folder}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"worker_processes 1; pid {folder}/pid; error_log {folder}/main.log crit;\n"
        f"events {{ worker_connections 1024; }}\nhttp {{ {places}\ninclude {folder}/site; }}\n"
    )
    return str(configuration)


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
