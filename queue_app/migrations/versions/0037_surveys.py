"""the satisfaction survey, the coverage of recording, refused attempts, and who came again"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

ELEMENTS = (
    *("requirements", "procedure", "speed", "cost", "product", "competence", "conduct", "complaints"),
    "facilities",
)
KINDS = (
    *("confirmation", "rescheduled", "cancelled", "code_again", "day_closed", "sent_home", "day_opened", "hour_cut"),
    *("data_code", "breach", "reminder_day_before", "reminder_same_day"),
)
COUNTING = {"sqlite_autoincrement": True}


def upgrade() -> None:
    op.create_table(
        "survey_answer",
        sa.Column("key", sa.String(), nullable=False),
        *_whose("survey_answer"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", _words("survey_channel", "link", "kiosk"), nullable=False),
        *(sa.Column(one, sa.Integer(), nullable=False) for one in ELEMENTS),
        *(sa.CheckConstraint(f"{one} BETWEEN 1 AND 4", name=op.f(f"ck_survey_answer_{one}")) for one in ELEMENTS),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_survey_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_answer_office_id_day", "survey_answer", ["office_id", "day"])
    op.create_table(
        "survey_remark",
        sa.Column("key", sa.String(), nullable=False),
        *_whose("survey_remark"),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_survey_remark")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_remark_office_id_month", "survey_remark", ["office_id", "month"])
    op.create_table(
        "survey_mark",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_survey_mark_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_survey_mark")),
    )
    op.create_table(
        "coverage",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("obliged", sa.Integer(), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.CheckConstraint("obliged >= 0", name=op.f("ck_coverage_obliged")),
        sa.CheckConstraint("recorded BETWEEN 0 AND obliged", name=op.f("ck_coverage_recorded")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_coverage_office_id")),
        sa.PrimaryKeyConstraint("office_id", "code", name=op.f("pk_coverage")),
    )
    reasons = ("slot_full", "not_open_yet", "booking_closed", "day_closed")
    op.create_table(
        "day_refusal",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("reason", _words("refusal_reason", *reasons), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_day_refusal_office_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_day_refusal_service_id")),
        sa.PrimaryKeyConstraint("office_id", "day", "service_id", "reason", name=op.f("pk_day_refusal")),
    )
    # Plain ALTER TABLE on both databases: SQLite would otherwise copy a table that others refer to.
    op.add_column("day_figures", sa.Column("again", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("office", sa.Column("survey_by_message", sa.Boolean(), nullable=False, server_default=sa.true()))
    _set_kinds((*KINDS, "survey"))


def downgrade() -> None:
    op.execute("DELETE FROM outbox_message WHERE kind = 'survey'")
    _set_kinds(KINDS)
    op.drop_column("office", "survey_by_message")
    op.drop_column("day_figures", "again")
    for name in ("day_refusal", "coverage", "survey_mark", "survey_remark", "survey_answer"):
        op.drop_table(name)


def _whose(table: str) -> list[sa.Column[int] | sa.ForeignKeyConstraint]:
    owners = ("office", "service")
    return [
        *(sa.Column(f"{one}_id", sa.Integer(), nullable=False) for one in owners),
        *(sa.ForeignKeyConstraint([f"{one}_id"], [f"{one}.id"], name=op.f(f"fk_{table}_{one}_id")) for one in owners),
    ]


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _set_kinds(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("outbox_message", table_kwargs=COUNTING) as batch:
        batch.drop_constraint(op.f("ck_outbox_message_message_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_outbox_message_message_kind"), sa.column("kind").in_(kinds))
