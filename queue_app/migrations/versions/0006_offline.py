"""what was done while the line to the server was cut"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "offline_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=30), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "act IN ('scan', 'call', 'recall', 'skip', 'start', 'finish', 'hold')",
            name=op.f("ck_offline_entry_offline_act"),
        ),
        sa.CheckConstraint("settled_at IS NULL OR note IS NOT NULL", name=op.f("ck_offline_entry_note")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_offline_entry_office_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_offline_entry_staff_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_offline_entry_ticket_id")),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_offline_entry_counter_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["staff.id"], name=op.f("fk_offline_entry_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offline_entry")),
        sa.UniqueConstraint("nonce", name=op.f("uq_offline_entry_nonce")),
    )
    op.create_index(
        "ix_offline_entry_open",
        "offline_entry",
        ["office_id"],
        sqlite_where=sa.text("conflict AND settled_at IS NULL"),
        postgresql_where=sa.text("conflict AND settled_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("offline_entry")
