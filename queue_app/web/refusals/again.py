"""Refusals after which a browser asks again by itself: nobody stands beside a kiosk or a display to reload it.

By a header, because a page that came without its scripts would wait for ever. `scripts/deploy/nginx.conf` says the same
while the program is away.
"""

from __future__ import annotations

import re

HEADER = "Refresh"
AFTER = 15  # seconds: longer than a kiosk's own way back, which speaks of it
AWAY = frozenset({502, 503, 504})
_KIOSK = re.compile(r"/kiosk/[0-9a-z-]+")


def asks_again(method: str, path: str, status: int) -> str:
    """The value of the header; "" for an answer that stands.

    A kiosk goes to its start, in Indonesian. Elsewhere only what was asked for by an address is asked for again: a form
    is sent by a person.
    """
    if status < 429:
        return ""
    if start := _KIOSK.match(path):
        return f"{AFTER}; url={start[0]}?lang=id"
    if method not in {"GET", "HEAD"}:
        return ""
    return str(AFTER) if path.startswith("/display/") or status in AWAY else ""
