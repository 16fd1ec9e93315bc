"""the clock that jobs go by, no-shows taken back, when devices were heard of, and times that were set right"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

DOUBTS = ("jumped", "unseen", "database")


def upgrade() -> None:
    op.create_table(
        "clock_trust",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("steady", sa.Double(), nullable=False),
        sa.Column("boot", sa.String(), nullable=False),
        sa.Column("doubt", sa.String(30), nullable=True),
        sa.Column("told", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(sa.column("doubt").in_(DOUBTS), name=op.f("ck_clock_trust_clock_doubt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_trust")),
    )
    op.create_table(
        "hall_device",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("silent_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("silent_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_hall_device")),
    )
    op.add_column("offline_entry", sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("offline_entry", sa.Column("digest", sa.LargeBinary(), nullable=True))
    op.add_column("ticket", sa.Column("open_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE ticket DROP COLUMN open_until")
    for column in ("digest", "claimed_at"):
        op.execute(f"ALTER TABLE offline_entry DROP COLUMN {column}")
    op.drop_table("hall_device")
    op.drop_table("clock_trust")
