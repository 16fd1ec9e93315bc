"""Files of the whole site: theme, icons, manifest, robots."""

from __future__ import annotations

from functools import lru_cache

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    json,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from queue_app.adapters.app_icon import draw_icon
from queue_app.adapters.language import INDONESIAN
from queue_app.db import db
from queue_app.models import SiteLogo
from queue_app.web.access.rules import public

from .assets import IMMUTABLE
from .head import site

bp = Blueprint("site", __name__)
A_DAY = "public, max-age=86400"
A_MOMENT = "public, max-age=5"  # for an address of before a change, or of another process that has not heard of it yet
# What telephones and desktops ask for: name, side in pixels, and how it is drawn. Apple rounds the corners itself.
ICONS = {
    "192.png": (192, {}),
    "512.png": (512, {}),
    "maskable-512.png": (512, {"maskable": True}),
    "apple-180.png": (180, {"corners": False}),
}


def _cached(content: str | bytes, content_type: str, cache: str = A_DAY) -> Response:
    response = Response(content, content_type=content_type, headers={"Cache-Control": cache})
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/theme.css")
@public
def theme() -> Response:
    cache = IMMUTABLE if "v" in request.args else A_DAY
    return _cached(site().theme, "text/css; charset=utf-8", cache)


@bp.get("/logo.png")
@public
def logo() -> Response:
    row = db.session().get(SiteLogo, 1)
    if row is None:
        abort(404)
    return _cached(row.picture, "image/png", IMMUTABLE if request.args.get("v") == row.version else A_MOMENT)


@bp.get("/icon.svg")
@public
def icon() -> Response:
    return _cached(render_template("icon.svg"), "image/svg+xml")


@bp.get("/icons/<name>")
@public
def icon_picture(name: str) -> Response:
    if name not in ICONS:
        abort(404)
    head = site()
    return _cached(_picture(name, head.letter, head.brand_colour), "image/png")


@lru_cache(maxsize=len(ICONS))
def _picture(name: str, letter: str, colour: str) -> bytes:
    size, manner = ICONS[name]
    return draw_icon(letter, colour, size, **manner)


@bp.get("/favicon.ico")
@public
def favicon() -> AnyResponse:
    return redirect(url_for("site.icon"), 301)


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    head = site()
    pictures = [
        {"src": url_for("site.icon_picture", name=name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": use}
        for name, size, use in (("192.png", 192, "any"), ("512.png", 512, "any"), ("maskable-512.png", 512, "maskable"))
    ]
    content = {
        "id": "/",
        "name": f"{head.title} {head.subtitle}".strip(),
        "short_name": head.title,
        "lang": INDONESIAN,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": head.brand_colour,
        "icons": [*pictures, {"src": url_for("site.icon"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return _cached(json.dumps(content), "application/manifest+json")


@bp.get("/hall-sw.js")
@public
def hall_worker() -> Response:
    """The service worker of desk, counters and displays, from the top of the site as `/sw.js` is."""
    return make_response(current_app.view_functions["static"](version="", filename="hall-sw.js"))


@bp.get("/robots.txt")
@public
def robots() -> Response:
    return _cached(
        "User-agent: *\nDisallow: /t/\nDisallow: /petugas/\nDisallow: /kiosk/\n", "text/plain; charset=utf-8"
    )
