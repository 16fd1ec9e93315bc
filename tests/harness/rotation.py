"""Rotate the keys of an app's installation from inside, as the command does."""

from __future__ import annotations

from flask import Flask

from queue_app.adapters.key_file import load_key_file, replace_key_file
from queue_app.adapters.keyring import FileKeyring
from queue_app.db import unit_of_work
from queue_app.jobs import keys
from queue_app.services.records.key_checks import adopt_keys

ALL = ("data", "person_index", "ticket", "cookie")


def adopt(app: Flask) -> FileKeyring:
    """Let the database know its keys, as every installation that was ever started does."""
    keyring: FileKeyring = app.extensions["keyring"]
    with app.app_context(), unit_of_work() as session:
        adopt_keys(session, keyring, file=app.extensions["settings"].keys_file)
    return keyring


def add_keys(app: Flask, *wanted: str) -> None:
    path = app.extensions["settings"].keys_file
    replace_key_file(path, load_key_file(path).with_new(wanted or ALL))


def rotate(app: Flask, *wanted: str) -> FileKeyring:
    """All keys, or those wanted; the keys in force afterwards."""
    add_keys(app, *wanted)
    with app.app_context():
        keys.change_to(load_key_file(app.extensions["settings"].keys_file))
        keys.settle()
    keyring: FileKeyring = app.extensions["keyring"]
    return keyring
