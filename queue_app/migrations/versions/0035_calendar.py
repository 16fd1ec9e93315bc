"""changes of many days' quotas, how many places one person may move, and releases between shares"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def _one_of(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=30)


def upgrade() -> None:
    op.add_column("office", sa.Column("quota_alone", sa.Integer(), nullable=False, server_default="500"))
    op.create_table(
        "quota_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("share", _one_of("share", "public", "assisted", "priority"), nullable=False),
        sa.Column("unit", _one_of("quota_unit", "places", "percent"), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("services", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_quota_change_range")),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_quota_change_undone")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_quota_change_office_id")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_quota_change_made_by")),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_quota_change_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_change")),
        sqlite_autoincrement=True,  # an id is never given twice (0027)
    )
    op.create_index("ix_quota_change_office_id_id", "quota_change", ["office_id", "id"])
    op.create_table(
        "quota_change_slot",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("was_by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["quota_change.id"], name=op.f("fk_quota_change_slot_change_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_quota_change_slot_slot_id")),
        sa.PrimaryKeyConstraint("change_id", "slot_id", name=op.f("pk_quota_change_slot")),
    )
    shares = ("public", "assisted", "priority")
    op.create_table(
        "share_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_service_id", sa.Integer(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("source", _one_of("source", *shares), nullable=False),
        sa.Column("target", _one_of("target", *shares), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("days_before >= 0", name=op.f("ck_share_release_days_before")),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_share_release_percent")),
        sa.CheckConstraint("source <> target", name=op.f("ck_share_release_shares")),
        sa.ForeignKeyConstraint(
            ["office_service_id"], ["office_service.id"], name=op.f("fk_share_release_office_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_release")),
        sa.UniqueConstraint(
            "office_service_id",
            "days_before",
            "at",
            "source",
            "target",
            name=op.f("uq_share_release_office_service_id_days_before_at_source_target"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "released_slot",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"], ["share_release.id"], name=op.f("fk_released_slot_release_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_released_slot_slot_id")),
        sa.PrimaryKeyConstraint("release_id", "slot_id", name=op.f("pk_released_slot")),
    )
    op.create_index("ix_released_slot_slot_id", "released_slot", ["slot_id"])


def downgrade() -> None:
    op.drop_table("released_slot")
    op.drop_table("share_release")
    op.drop_table("quota_change_slot")
    op.drop_table("quota_change")
    op.drop_column("office", "quota_alone")
