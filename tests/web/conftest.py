"""Two offices and visitors that are logged in; and views that exist only in tests: one of each kind of trouble."""

import pytest
from flask import Flask, abort, flash, jsonify, redirect, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain import account_errors, errors, typing_errors
from queue_app.domain.roles import Permission, Role
from queue_app.web.access.rules import public, requires
from tests.harness.at_counters import Officer, officer_at, open_counter
from tests.harness.beginnings import Beginnings
from tests.harness.office import Visitor, World, begin_world


@pytest.fixture
def shell(app: Flask) -> Flask:
    """The app with probe views; 500s become pages, as in production."""

    @public
    def refuse(code: str) -> str:
        kinds = {
            kind.code: kind
            for kind in (vars(errors) | vars(typing_errors) | vars(account_errors)).values()
            if isinstance(kind, type) and issubclass(kind, errors.DomainError)
        }
        raise kinds[code]()

    @public
    def stop(status: int) -> str:
        if status == 429:
            raise TooManyRequests(retry_after=60)
        abort(status)

    @public
    def break_down() -> str:
        raise RuntimeError("3314990101900001 must never be shown")

    @public
    def lose_database() -> str:
        raise OperationalError("SELECT 1", {"nik": "3314990101900001"}, Exception("gone"))

    @public
    def post() -> Response | str:
        if request.method == "POST":
            flash("Tersimpan.", "success")
            return redirect("/probe/post")
        return "form"

    @requires(Permission.EDIT_QUOTA)
    def staff_only() -> Response:
        return jsonify(ok=True)

    for path, view in {
        "/probe/refuse/<code>": refuse,
        "/probe/stop/<int:status>": stop,
        "/probe/break-down": break_down,
        "/probe/lose-database": lose_database,
        "/probe/staff-only": staff_only,
    }.items():
        app.add_url_rule(path, endpoint=f"probe.{view.__name__}", view_func=view)
    app.add_url_rule("/probe/post", endpoint="probe.post", view_func=post, methods=["GET", "POST"])
    app.add_url_rule("/probe/unmarked", endpoint="probe.unmarked", view_func=lambda: "open door")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def world(session: Session, keyring: FileKeyring, beginnings: Beginnings) -> World:
    return begin_world(session, keyring, beginnings)


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client)


@pytest.fixture
def desk(visitor: Visitor, world: World) -> Visitor:
    return visitor.sign_in(world, world.staff(Role.DESK))


@pytest.fixture
def administrator(visitor: Visitor, world: World) -> Visitor:
    """Of both offices."""
    return visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))


@pytest.fixture
def officer(world: World, visitor: Visitor) -> Officer:
    """At counter 1."""
    return officer_at(world, visitor, open_counter(world))
