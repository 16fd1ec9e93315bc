"""What every page stands on: languages, headers, static files, health, the site's own files."""

import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import text
from sqlalchemy.orm import Session

from queue_app import create_app
from queue_app.adapters.key_file import KeyringMissing
from queue_app.config import Settings
from queue_app.web.access.rules import safe_next
from queue_app.web.site.headers import content_security_policy


def test_pages_are_indonesian_until_somebody_asks_for_english(client: FlaskClient) -> None:
    page = client.get("/no-such-page")
    assert page.status_code == 404
    assert '<html lang="id"' in page.text
    assert "Halaman tidak ditemukan" in page.text
    english = client.get("/no-such-page?lang=en")
    assert '<html lang="en"' in english.text
    assert "Page not found" in english.text
    assert "lang=en" in english.headers["Set-Cookie"]
    assert "Page not found" in client.get("/no-such-page").text
    assert "Halaman tidak" in client.get("/no-such-page?lang=id").text


@pytest.mark.parametrize("asked", ["xx", "", "en'", "ID"])
def test_an_unknown_language_changes_nothing(client: FlaskClient, asked: str) -> None:
    page = client.get("/no-such-page", query_string={"lang": asked})
    assert '<html lang="id"' in page.text
    assert "Set-Cookie" not in page.headers


def test_the_language_link_leaves_personal_data_behind(shell: Flask) -> None:
    @shell.errorhandler(418)
    def show(_error: Exception) -> str:
        from queue_app.web.site.language import other_language_url

        return other_language_url()

    client = shell.test_client()
    kept = client.get("/probe/stop/418?day=2026-11-25&nik=3314990101900001&name=Siti")
    assert kept.text == "/probe/stop/418?day=2026-11-25&lang=en"


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for path in ("/no-such-page", "/healthz", "/theme.css", "/icon.svg"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none';")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers
    assert client.get("/no-such-page").headers["Cache-Control"] == "no-store"
    assert client.get("/t/ABC").headers["Referrer-Policy"] == "no-referrer"
    assert "script-src 'self' 'wasm-unsafe-eval'" in content_security_policy(script_src="'self' 'wasm-unsafe-eval'")


def test_behind_https_cookies_are_secure_and_http_is_left_for_good(settings: Settings) -> None:
    app = create_app(replace(settings, public_url="https://antrean.example", trusted_proxies=1))
    answer = app.test_client().get("/healthz?lang=en", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" in answer.headers["Set-Cookie"]
    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")


def test_static_files_are_immutable_under_their_hash_and_small(client: FlaskClient) -> None:
    compressed = {"Accept-Encoding": "gzip"}
    page = client.get("/no-such-page", headers=compressed)
    urls = set(re.findall(r'(?:href|src)="(/[^"?]+\.[a-z]+(?:\?v=[0-9a-f]+)?)"', client.get("/no-such-page").text))
    assert len(urls) >= 6
    total = len(page.data)
    for url in urls:
        answer = client.get(url, headers=compressed)
        assert answer.status_code == 200, url
        total += len(answer.data)
        again = client.get(url, headers={**compressed, "If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304, url
        if url.startswith("/static/"):
            assert "immutable" in answer.headers["Cache-Control"]
    assert total < 35_000  # leaves 15 KB of the 50 for what a page has of its own


def test_static_files_of_another_version_are_served_but_not_kept(client: FlaskClient) -> None:
    answer = client.get("/static/000000000000/css/app.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


# The last two are longer than a name or a path may be on this machine.
@pytest.mark.parametrize(
    "path",
    [
        *("../queue_app/config.py", "nothing.css", "css", "%2e%2e/setup.cfg", "css/./app.css", "js/../css/app.css"),
        *("%00", "x" * 300, "x/" * 3000),
    ],
    ids=lambda path: path[:10],
)
def test_nothing_but_static_files_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/000000000000/{path}").status_code == 404


def test_stylesheets_point_to_nothing_that_is_missing(app: Flask) -> None:
    for path in (Path(__file__).parents[3] / "static").rglob("*.css"):
        assert "url(" not in path.read_text(encoding="utf-8").replace("url(data:", "")


def test_the_brand_colour_is_a_setting(settings: Settings) -> None:
    app = create_app(replace(settings, brand_colour="#7a1f5c"))
    theme = app.test_client().get("/theme.css")
    assert theme.text == ":root{--govuk-brand-colour:#7a1f5c;--govuk-link-colour:#7a1f5c}\n"
    assert theme.content_type.startswith("text/css")
    with pytest.raises(ValueError, match="brand colour"):
        create_app(replace(settings, brand_colour="red;}"))


def test_manifest_icon_and_robots(client: FlaskClient) -> None:
    manifest = json.loads(client.get("/manifest.webmanifest").text)
    assert manifest["name"] == "Antrean Dukcapil"
    for icon in manifest["icons"]:
        answer = client.get(icon["src"])
        assert answer.mimetype == icon["type"]
        if icon["type"] == "image/png":
            side = int(icon["sizes"].split("x")[0])
            assert Image.open(BytesIO(answer.data)).size == (side, side)
            assert len(answer.data) < 25_000
    wanted = {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    assert wanted <= {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    touch = re.search('rel="apple-touch-icon" href="([^"]+)"', client.get("/bantuan").text)
    assert touch
    apple = Image.open(BytesIO(client.get(touch[1]).data))
    assert (apple.size, apple.mode) == ((180, 180), "RGB")  # iOS paints what is clear black
    assert client.get("/icons/1024.png").status_code == 404
    assert client.get("/favicon.ico").status_code == 301
    assert "Disallow: /t/" in client.get("/robots.txt").text


def test_the_icon_is_the_offices(settings: Settings) -> None:
    app = create_app(replace(settings, brand_colour="#7a1f5c", office_title="Sapa Warga"))
    picture = Image.open(BytesIO(app.test_client().get("/icons/192.png").data)).convert("RGBA")
    assert picture.getpixel((96, 10)) == (0x7A, 0x1F, 0x5C, 255)
    assert picture.getpixel((0, 0))[3] == 0  # a round corner
    maskable = Image.open(BytesIO(app.test_client().get("/icons/maskable-512.png").data))
    white = [(x, y) for x in range(512) for y in range(512) if maskable.getpixel((x, y)) == (255, 255, 255)]
    assert len(white) > 5_000
    # What is drawn stands within the circle that every launcher leaves.
    assert all((x - 256) ** 2 + (y - 256) ** 2 < (0.4 * 512) ** 2 for x, y in white)


def test_ready_means_a_database_with_every_migration(client: FlaskClient, session: Session) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
    (version,) = session.execute(text("DELETE FROM alembic_version RETURNING version_num")).one()
    session.commit()
    answer = client.get("/readyz")
    session.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})  # for the next test
    session.commit()
    assert (answer.status_code, answer.json) == (503, {"status": "unavailable", "missing": "migrations"})
    assert client.get("/healthz").status_code == 200


def test_without_a_database_the_process_lives_but_is_not_ready(settings: Settings, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/no/such/folder/queue.db"
    client = create_app(replace(settings, database_url=url)).test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "unavailable", "missing": "database"})


def test_without_keys_nothing_starts(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(KeyringMissing, match="queue-app init"):
        create_app(replace(settings, instance=tmp_path / "elsewhere"))


@pytest.mark.parametrize("target", ["/desk/arrivals?day=2026-11-23", "/"])
def test_going_on_inside_the_site_is_safe(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target", [None, "", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "x"]
)
def test_going_on_elsewhere_is_not(target: str | None) -> None:
    assert safe_next(target) is None


def test_a_file_under_another_condition_is_refused_in_words(client: FlaskClient) -> None:
    page = client.get("/").text
    address = re.search(r'"(/static/[^"]+\.css)"', page)
    assert address is not None
    answer = client.get(address[1], headers={"If-Match": '"another"'})
    assert (answer.status_code, answer.mimetype) == (412, "text/html")
