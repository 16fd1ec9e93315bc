"""figures of finished days"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_count",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column(
            "breakdown",
            sa.Enum(
                "channel",
                "priority",
                "outcome",
                "lead",
                "wait",
                "service_time",
                name="breakdown",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_day_count_office_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_day_count_service_id")),
        sa.PrimaryKeyConstraint("office_id", "day", "service_id", "breakdown", "word", name=op.f("pk_day_count")),
    )
    op.create_table(
        "day_figures",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("public_quota", sa.Integer(), nullable=False),
        sa.Column("kept_quota", sa.Integer(), nullable=False),
        sa.Column("closed_places", sa.Integer(), nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("walk_ins", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("unsettled", sa.Integer(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("wait_seconds", sa.Integer(), nullable=False),
        sa.Column("service_times", sa.Integer(), nullable=False),
        sa.Column("service_seconds", sa.Integer(), nullable=False),
        sa.Column("first_full_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sold_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_day_figures_office_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_day_figures_service_id")),
        sa.PrimaryKeyConstraint("office_id", "day", "service_id", name=op.f("pk_day_figures")),
    )
    with op.batch_alter_table("day_figures") as batch_op:
        batch_op.create_index(
            "ix_day_figures_unsettled",
            ["office_id", "day"],
            unique=False,
            sqlite_where=sa.text("unsettled > 0"),
            postgresql_where=sa.text("unsettled > 0"),
        )
    op.create_table(
        "day_work",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_day_work_office_id")),
        sa.PrimaryKeyConstraint("office_id", "day", "counter_id", "staff_id", name=op.f("pk_day_work")),
    )


def downgrade() -> None:
    op.drop_table("day_work")
    op.drop_table("day_figures")
    op.drop_table("day_count")
