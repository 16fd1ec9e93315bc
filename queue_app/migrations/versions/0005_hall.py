"""counters, lines, the steps of a visit, disruptions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RULES = {
    "regular_per_priority": 2,
    "appointments_per_walk_in": 3,
    "calls_before_skip": 3,
    "skip_back": 5,
    "skips_before_absent": 1,
    "more_time_back": 5,
    "nearly": 3,
}
OUTCOMES = (
    "done",
    "failed_iris",
    "failed_fingerprint",
    "failed_data",
    "failed_device",
    "failed_network",
    "refused",
)
MESSAGES = ("confirmation", "rescheduled", "cancelled", "reminder_day_before", "reminder_same_day")
STEPS = (
    "call",
    "recall",
    "skip",
    "absent",
    "hold",
    "resume",
    "transfer",
    "start",
    "finish",
    "more_time",
    "undo",
)


def upgrade() -> None:
    for name, value in RULES.items():
        op.execute(f"ALTER TABLE office ADD COLUMN {name} INTEGER DEFAULT {value} NOT NULL")
    _make_counters()
    _make_lines()
    _widen_visits()
    _make_steps()
    _make_disruptions()
    _set_message_kinds((*MESSAGES, "sent_home"))


def _set_message_kinds(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_constraint(op.f("ck_outbox_message_message_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_message_message_kind"), sa.column("kind").in_(kinds))


def _make_counters() -> None:
    op.create_table(
        "counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_reason", sa.String(), nullable=True),
        sa.CheckConstraint("number BETWEEN 1 AND 99", name=op.f("ck_counter_number")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_counter_office_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_counter_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
    )
    op.create_index("uq_counter_office_id_number", "counter", ["office_id", "number"], unique=True)
    op.create_index(
        "uq_counter_staff_id",
        "counter",
        ["staff_id"],
        unique=True,
        sqlite_where=sa.text("staff_id IS NOT NULL"),
        postgresql_where=sa.text("staff_id IS NOT NULL"),
    )
    op.create_table(
        "counter_service",
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name=op.f("fk_counter_service_counter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_counter_service_service_id")),
        sa.PrimaryKeyConstraint("counter_id", "service_id", name=op.f("pk_counter_service")),
    )


def _make_lines() -> None:
    op.create_table(
        "line",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("appointments_since_walk_in", sa.Integer(), nullable=False),
        sa.Column("regular_since_priority", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_line_office_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_line_service_id")),
        sa.PrimaryKeyConstraint("office_id", "service_id", "day", name=op.f("pk_line")),
    )


def _widen_visits() -> None:
    """Nobody points to this table, so SQLite can make it anew."""
    op.drop_index("ix_visit_office_id_day", table_name="visit")
    op.execute("ALTER TABLE visit RENAME TO visit_before")
    if op.get_bind().dialect.name == "postgresql":
        for kind in ("pk_visit", "fk_visit_ticket_id", "fk_visit_office_id", "ck_visit_visit_state"):
            op.execute(f"ALTER TABLE visit_before DROP CONSTRAINT {kind}")
    op.create_table(
        "visit",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.Integer(), nullable=False),
        sa.Column("had_more_time", sa.Boolean(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=30), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'called', 'in_service', 'held', 'served', 'absent')",
            name=op.f("ck_visit_visit_state"),
        ),
        sa.CheckConstraint(sa.column("outcome").in_(OUTCOMES), name=op.f("ck_visit_outcome")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_visit_ticket_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_visit_office_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_visit_service_id")),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_visit_counter_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_visit")),
    )
    # A call that was open at that moment has no counter: those people wait again.
    op.execute(
        """
        INSERT INTO visit (ticket_id, office_id, service_id, day, state, since, arrived_at, window_at, late,
                           calls, skips, not_before, had_more_time)
        SELECT visit_before.ticket_id, visit_before.office_id, ticket.service_id, visit_before.day,
               CASE WHEN visit_before.state IN ('called', 'in_service') THEN 'waiting' ELSE visit_before.state END,
               visit_before.since, visit_before.since, ticket.starts_at, FALSE, 0, 0, 0, FALSE
        FROM visit_before JOIN ticket ON ticket.id = visit_before.ticket_id
        """
    )
    op.drop_table("visit_before")
    op.create_index("ix_visit_office_id_day", "visit", ["office_id", "day"])
    op.create_index(
        "uq_visit_open_counter_id",
        "visit",
        ["counter_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('called', 'in_service')"),
        postgresql_where=sa.text("state IN ('called', 'in_service')"),
    )


def _make_steps() -> None:
    op.create_table(
        "visit_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(sa.column("kind").in_(STEPS), name=op.f("ck_visit_step_step_kind")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_visit_step_ticket_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_visit_step_office_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_visit_step_service_id")),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_visit_step_counter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_step")),
        sa.UniqueConstraint("nonce", name=op.f("uq_visit_step_nonce")),
    )
    op.create_index("ix_visit_step_ticket_id", "visit_step", ["ticket_id"])
    op.create_index("ix_visit_step_office_id_day", "visit_step", ["office_id", "day"])


def _make_disruptions() -> None:
    op.create_table(
        "disruption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("expected_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("closed_day", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('central_server', 'device', 'blank_cards', 'power')", name=op.f("ck_disruption_disruption_kind")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_disruption_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disruption")),
    )
    op.create_index(
        "uq_disruption_open_office_id",
        "disruption",
        ["office_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM outbox_message WHERE kind = 'sent_home'")
    _set_message_kinds(MESSAGES)
    for table in ("disruption", "visit_step"):
        op.drop_table(table)
    op.drop_index("uq_visit_open_counter_id", table_name="visit")
    with op.batch_alter_table("visit") as batch:
        batch.drop_constraint(op.f("ck_visit_outcome"), type_="check")
        batch.drop_constraint(op.f("fk_visit_service_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_visit_counter_id"), type_="foreignkey")
        for column in (
            "service_id",
            "arrived_at",
            "window_at",
            "late",
            "counter_id",
            "calls",
            "skips",
            "not_before",
            "had_more_time",
            "called_at",
            "started_at",
            "ended_at",
            "outcome",
        ):
            batch.drop_column(column)
    for table in ("line", "counter_service", "counter"):
        op.drop_table(table)
    for name in RULES:
        op.execute(f"ALTER TABLE office DROP COLUMN {name}")
