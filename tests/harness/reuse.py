"""What the apps of all tests share, because each test has an app of its own and making these anew takes longest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from queue_app.db import db


class Reuse:
    """Give each new app to `prepare` before it is used. `folder` is shared by all workers."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._templates = FileSystemBytecodeCache(str(folder))
        self._engines: dict[str, Engine] = {}

    def prepare(self, app: Flask) -> None:
        app.jinja_env.bytecode_cache = self._templates
        with app.app_context():
            self._share_statements(db.engine)

    def _share_statements(self, engine: Engine) -> None:
        """Compiled statements are found by their dialect, so engines of the same kind share that as well."""
        first = self._engines.setdefault(engine.dialect.name, engine)
        if first is engine:
            with engine.connect():  # a dialect learns from its first connection what all the others need
                return
        engine.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache


def compile_routes_once() -> None:
    """Werkzeug writes two functions for each route, which know nothing of the app: the next one may have the same."""
    compile_anew: Callable[..., Any] = Rule._compile_builder
    known: dict[Any, Any] = {}

    def compile_builder(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults or rule.subdomain or rule.host:
            return compile_anew(rule, append_unknown)
        key = (tuple(rule._trace), append_unknown)
        if key not in known:
            known[key] = compile_anew(rule, append_unknown)
        return known[key]

    Rule._compile_builder = compile_builder  # type: ignore[method-assign]
