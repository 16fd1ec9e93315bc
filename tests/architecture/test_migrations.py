"""The migrations build exactly what the models say, on both databases, and can be taken back."""

import re
from datetime import date

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import CheckConstraint, inspect, select, text
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.migrating import newest, with_migrations
from queue_app.models import Base, Holiday, HolidayYear, ServiceDay, Slot
from queue_app.queries.records.key_checks import misfits
from queue_app.services.calendar import holidays
from tests.harness.factories import TESTER, make_offering
from tests.harness.fakes import FixedClock
from tests.harness.rotation import adopt
from tests.harness.source import PACKAGE


def test_migrations_match_the_models(session: Session) -> None:
    context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def test_checks_and_conditions_match_the_models_too(session: Session) -> None:
    """What the comparison does not look at: CHECK constraints, among them the words of each StrEnum, and WHERE."""
    stored = inspect(session.connection())
    dialect = session.get_bind().dialect
    for table in Base.metadata.sorted_tables:
        names = dialect.identifier_preparer.format_constraint
        wanted = {
            names(check): signs_of(check.sqltext.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
            for check in table.constraints
            if isinstance(check, CheckConstraint)
        }
        found = {check["name"]: signs_of(check["sqltext"]) for check in stored.get_check_constraints(table.name)}
        assert found == wanted, table.name
        conditions = {index.name: signs_of(index.dialect_options[dialect.name]["where"]) for index in table.indexes}
        for index in stored.get_indexes(table.name):
            if index["name"] in conditions:
                condition = index.get("dialect_options", {}).get(f"{dialect.name}_where")
                assert signs_of(condition) == conditions.pop(index["name"]), index["name"]
        assert not conditions


def signs_of(condition: object) -> set[str]:
    """The words and numbers that a condition names: databases keep it in spellings of their own."""
    return set(re.findall(r"'[^']*'|\b\d+\b", str(condition if condition is not None else "")))


def test_there_is_one_line_of_migrations() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(PACKAGE / "migrations"))
    script = ScriptDirectory.from_config(config)
    assert len(script.get_heads()) == 1
    assert set(script.get_heads()) == newest()
    assert [revision.down_revision for revision in script.walk_revisions()][-1] is None


def test_all_the_way_down_and_up_again(app: Flask) -> None:
    with with_migrations(app).app_context():
        before = schema()
        assert before
        try:
            flask_migrate.downgrade(revision="base")
            assert schema() == {"alembic_version": {"version_num"}}
        finally:
            flask_migrate.upgrade()  # other tests use this database after us
        assert schema() == before
        flask_migrate.upgrade()
        db.session.execute(text("SELECT * FROM ticket"))
        db.session.rollback()


def test_a_database_that_knows_each_key_knows_them_together(app: Flask) -> None:
    keyring = adopt(app)
    with with_migrations(app).app_context():
        db.session.remove()
        try:
            flask_migrate.downgrade(revision="0028")
        finally:
            flask_migrate.upgrade()
        assert misfits(db.session(), keyring) == ()
        db.session.rollback()


def test_years_that_the_old_list_had_by_decree_count_as_decided(app: Flask) -> None:
    """The estimates of other years become proposals, and lose the mark that stood in their names."""
    day = "INSERT INTO holiday (date, name_id, name_en) VALUES (:date, :id, :en)"
    rows = [
        {"date": date(2027, 3, 9), "id": "Cuti Bersama Hari Raya Idul Fitri", "en": "Joint Holiday"},
        {"date": date(2027, 3, 10), "id": "Hari Raya Idul Fitri (perkiraan)", "en": "Eid al-Fitr (estimated)"},
        {"date": date(2028, 1, 1), "id": "Tahun Baru Masehi", "en": "New Year's Day"},
        {"date": date(2028, 1, 26), "id": "Tahun Baru Imlek (perkiraan)", "en": "Lunar New Year (estimated)"},
    ]
    with with_migrations(app).app_context():
        try:
            flask_migrate.downgrade(revision="0008")
            with db.engine.begin() as connection:
                connection.execute(text(day), rows)
        finally:
            flask_migrate.upgrade()
        session = db.session()
        found = {row.date: row for row in session.scalars(select(Holiday))}
        assert [(row.name_id, row.status, row.estimated) for _, row in sorted(found.items())] == [
            ("Cuti Bersama Hari Raya Idul Fitri", "confirmed", False),
            ("Hari Raya Idul Fitri", "confirmed", False),
            ("Tahun Baru Masehi", "proposed", False),
            ("Tahun Baru Imlek", "proposed", True),
        ]
        assert [(row.year, row.confirmed_by) for row in session.scalars(select(HolidayYear))] == [
            (2027, "system:migration")
        ]


def test_back_before_local_holidays_only_those_for_all_are_left(
    app: Flask, session: Session, clock: FixedClock
) -> None:
    """And the days that one has turned stay as they are until somebody opens them."""
    offering = make_offering(session, now=clock.now(), weekdays=tuple(range(7)))
    day = session.scalars(select(ServiceDay.day).limit(1)).one()
    told = {"actor": TESTER, "now": clock.now(), "today": day, "reason": "Perda", "name_en": ""}
    holidays.add_holiday(session, day, office_id=offering.office_id, name_id="Hari jadi kota", **told)
    holidays.add_holiday(session, date(2027, 1, 1), name_id="Tahun Baru", **told)
    holidays.delete_holiday(session, date(2027, 1, 1), reason="Salah", actor=TESTER, now=clock.now(), today=day)
    holidays.add_holiday(session, date(2027, 5, 1), office_id=offering.office_id, name_id="Kirab", **told)
    holidays.add_holiday(session, date(2027, 5, 1), name_id="Hari Buruh", **told)
    session.commit()
    with with_migrations(app).app_context():
        try:
            flask_migrate.downgrade(revision="0040")
            names = db.session.execute(text("SELECT name_id FROM holiday ORDER BY date")).scalars().all()
            db.session.rollback()
        finally:
            flask_migrate.upgrade()
        assert names == ["Tahun Baru", "Hari Buruh"]
        found = db.session.scalars(select(Holiday).order_by(Holiday.date)).all()
        assert [(row.name_id, row.office_id, row.status) for row in found] == [
            ("Tahun Baru", None, "dismissed"),
            ("Hari Buruh", None, "confirmed"),
        ]
        turned = db.session.scalars(select(ServiceDay).where(ServiceDay.day == day)).one()
        assert (turned.status, turned.reason_id) == ("holiday", "Hari jadi kota")


def test_what_there_was_is_what_was_planned(app: Flask, session: Session, clock: FixedClock) -> None:
    make_offering(session, now=clock.now(), capacity=3)
    session.commit()
    with with_migrations(app).app_context():
        try:
            flask_migrate.downgrade(revision="0006")
        finally:
            flask_migrate.upgrade()
        assert set(db.session().execute(select(Slot.planned, Slot.capacity)).all()) == {(3, 3)}


def schema() -> dict[str, set[str]]:
    db.session.rollback()
    with db.engine.connect() as connection:
        stored = inspect(connection)
        return {table: {column["name"] for column in stored.get_columns(table)} for table in stored.get_table_names()}
