"""What the apps of all tests share, because each test has an app of its own and making these anew takes longest."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from werkzeug.routing import Rule

from queue_app.db import db
from queue_app.web.site import assets


class Templates(FileSystemBytecodeCache):
    """Compiled once for all workers, and read once by each of them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._read: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        known = (bucket.key, bucket.checksum)
        if known not in self._read:
            super().load_bytecode(bucket)
            if bucket.code is None:
                return
            self._read[known] = bucket.code
        bucket.code = self._read[known]


class Reuse:
    """Give each new app to `prepare` before it is used. `folder` is shared by all workers."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._templates = Templates(folder)
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
    """What Werkzeug makes of a route's address knows nothing of the app: the next one may have the same."""
    compile_anew: Callable[[Rule], None] = Rule.compile
    known: dict[Any, Rule] = {}

    def compile_rule(rule: Rule) -> None:
        if rule.defaults or rule.subdomain or rule.host:
            compile_anew(rule)
            return
        first = known.setdefault((rule.rule, rule.is_leaf, rule.merge_slashes), rule)
        if first is rule:
            compile_anew(rule)
            return
        rule._parts, rule._trace, rule._converters = first._parts, first._trace, first._converters
        rule.arguments |= first.arguments
        rule._build = first._build.__func__.__get__(rule)
        rule._build_unknown = first._build_unknown.__func__.__get__(rule)

    Rule.compile = compile_rule  # type: ignore[method-assign]


def read_static_files_once() -> None:
    """Each app names its static files by a hash over all of them, and they stay the same for the run."""
    assets._version = cache(assets._version)
