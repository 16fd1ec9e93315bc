"""the order of an office's services, and what offices say in their own words"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

KINDS = (
    *("confirmation", "rescheduled", "cancelled", "code_again", "day_closed", "sent_home", "day_opened", "hour_cut"),
    *("data_code", "breach", "reminder_day_before", "reminder_same_day", "survey"),
)


def upgrade() -> None:
    # Plain ALTER TABLE on both databases: SQLite would otherwise copy a table that others refer to.
    op.add_column("office_service", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE office_service SET position = "
        "(SELECT service.position FROM service WHERE service.id = office_service.service_id)"
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("text_id", sa.String(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "info", "important", name="announcement_level", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("on_pages", sa.Boolean(), nullable=False),
        sa.Column("on_display", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_announcement_times")),
        sa.CheckConstraint("on_pages OR on_display", name=op.f("ck_announcement_somewhere")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_announcement_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sqlite_autoincrement=True,  # an id is never given twice (0027)
    )
    op.create_index(op.f("ix_announcement_office_id"), "announcement", ["office_id"])
    op.create_index(op.f("ix_announcement_ends_at"), "announcement", ["ends_at"])
    op.create_table(
        "message_text",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="message_text_kind", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_message_text_office_id_office")),
        sa.PrimaryKeyConstraint("office_id", "kind", "language", name=op.f("pk_message_text")),
    )


def downgrade() -> None:
    op.drop_table("message_text")
    op.drop_table("announcement")
    op.drop_column("office_service", "position")
