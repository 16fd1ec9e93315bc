"""The environment of the templates, and pieces of pages that are made once for all who get the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, MutableMapping
from typing import Any

from flask import Flask, current_app, request
from flask.templating import Environment

from .language import current_language
from .short_cache import ShortCache

PIECES = "pieces"  # in `app.extensions`
LIFE, MOST = 60.0, 512  # seconds and number: old ones are not wrong, and only in the way


class Templates(Environment):
    """Flask's, with the globals of all templates in one plain dictionary.

    Jinja compares a template's globals with its importer's at each import; over its chain of mappings, which lets a
    template have some of its own, that took a quarter of the time of a page with many components.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def prepare_pieces(app: Flask) -> None:
    app.extensions[PIECES] = ShortCache[Hashable, str](LIFE, MOST)
    app.jinja_env.globals["kept"] = kept


def kept(key: Hashable | None, caller: Callable[[], str]) -> str:
    """For ``{% call kept((…)) %}``: the block as it was made for the same ``key`` in the same language.

    The key holds everything that the block is made of, so nothing that is kept can be out of date. It must hold
    nobody's details, and nothing that opens a ticket; None for a block that is made anew, because it does.
    """
    if key is None:
        return caller()
    pieces: ShortCache[Hashable, str] = current_app.extensions[PIECES]
    whose, now = (key, current_language(), request.script_root), time.monotonic()
    piece = pieces.get(whose, now)
    return piece if piece is not None else pieces.put(whose, caller(), now)
