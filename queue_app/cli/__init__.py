"""The `queue-app` command: one module for each group of commands."""

from __future__ import annotations

from . import (
    backup,
    changes,
    check,
    clock,
    doctor,
    figures,
    no_shows,
    offices,
    restore,
    rotate_keys,
    serve,
    setup,
    staff,
)
from .api_keys import add_api_key_commands
from .group import explained, main
from .printing import add_print_bridge
from .setup import create_app_with_migrations

__all__ = [
    "backup",
    "changes",
    "check",
    "clock",
    "create_app_with_migrations",
    "doctor",
    "figures",
    "main",
    "no_shows",
    "offices",
    "restore",
    "rotate_keys",
    "serve",
    "setup",
    "staff",
]

add_api_key_commands(main, explained)
add_print_bridge(main)
