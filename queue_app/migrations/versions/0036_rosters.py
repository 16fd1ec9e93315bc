"""the roster of an office, and its recording kits"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

PRESENT = sa.text("NOT absent")


def upgrade() -> None:
    op.create_table(
        "roster_shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("absent", sa.Boolean(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_roster_shift_times")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_roster_shift_office_id")),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_roster_shift_counter_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_roster_shift_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_shift")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_roster_shift_office_id_day", "roster_shift", ["office_id", "day"])
    op.create_index("ix_roster_shift_staff_id_day", "roster_shift", ["staff_id", "day"])
    for whose in ("staff_id", "counter_id"):
        op.create_index(
            f"uq_roster_shift_{whose}_day_starts_at",
            "roster_shift",
            [whose, "day", "starts_at"],
            unique=True,
            sqlite_where=PRESENT,
            postgresql_where=PRESENT,
        )
    # Plain ALTER TABLE on both databases: SQLite would otherwise copy a table that others refer to.
    op.add_column("office", sa.Column("recording_kits", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("office", "recording_kits")
    op.drop_table("roster_shift")
