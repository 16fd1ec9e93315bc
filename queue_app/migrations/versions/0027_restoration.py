"""backups, restorations, messages that are held, scans of lost tickets, and ids that never come back"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None

STATES = ("queued", "sending", "sent", "failed", "overtaken")
RESULTS = (
    *("checked_in", "late", "already", "too_early", "wrong_day", "wrong_office"),
    *("cancelled", "rescheduled", "day_closed", "unknown"),
)
STANDING = sa.text("result IN ('checked_in', 'late') AND undone_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "backup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
    )
    op.create_table(
        "restoration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("backup_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_by", sa.String(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["staff.id"], name=op.f("fk_restoration_acknowledged_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restoration")),
    )
    _set_states((*STATES, "held"))
    _set_results((*RESULTS, "lost"))
    if op.get_bind().dialect.name == "sqlite":
        _never_give_an_id_twice(op.get_bind())


def downgrade() -> None:
    """Ids go on never coming back: that harms nobody."""
    op.execute("UPDATE outbox_message SET state = 'overtaken' WHERE state = 'held'")
    _set_states(STATES)
    op.execute("UPDATE check_in SET result = 'unknown' WHERE result = 'lost'")
    _set_results(RESULTS)
    op.drop_table("restoration")
    op.drop_table("backup")


def _set_states(states: tuple[str, ...]) -> None:
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_constraint(op.f("ck_outbox_message_message_state"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_message_message_state"), sa.column("state").in_(states))


def _set_results(results: tuple[str, ...]) -> None:
    # As in 0016: SQLite loses the condition of a partial index when it makes the table anew.
    op.drop_index("uq_check_in_admitted_ticket", table_name="check_in")
    with op.batch_alter_table("check_in") as batch:
        batch.drop_constraint(op.f("ck_check_in_scan_result"), type_="check")
        batch.create_check_constraint(op.f("ck_check_in_scan_result"), sa.column("result").in_(results))
    op.create_index(
        "uq_check_in_admitted_ticket",
        "check_in",
        ["ticket_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def _never_give_an_id_twice(connection: sa.Connection) -> None:
    """SQLite gives the largest id plus one, unless the table counts: only then can a restored one go on far ahead.

    Each table is made anew word for word, with its indexes; `env.py` has switched foreign keys off for that. The one
    row of `clock_trust` has a given id.
    """
    made = (
        "SELECT name, sql FROM sqlite_master"
        " WHERE type = 'table' AND sql LIKE '%PRIMARY KEY (id)%' AND name <> 'clock_trust'"
    )
    for name, statement in connection.execute(sa.text(made)).all():
        of_table = {"name": name}
        indexes = connection.execute(
            sa.text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"),
            of_table,
        ).scalars()
        indexes = list(indexes)
        anew = re.sub(r'^CREATE TABLE\s+"?\w+"?', f'CREATE TABLE "{name}_anew"', statement)
        connection.exec_driver_sql(anew.replace("PRIMARY KEY (id)", "PRIMARY KEY (id AUTOINCREMENT)"))
        connection.exec_driver_sql(f'INSERT INTO "{name}_anew" SELECT * FROM "{name}"')
        connection.exec_driver_sql(f'DROP TABLE "{name}"')
        connection.exec_driver_sql(f'ALTER TABLE "{name}_anew" RENAME TO "{name}"')
        for index in indexes:
            connection.exec_driver_sql(index)
