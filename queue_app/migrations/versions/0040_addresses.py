"""former addresses of offices, and the picture in the head of the pages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_address",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_former_address_office_id_office")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_address")),
    )
    op.create_index(op.f("ix_former_address_office_id"), "former_address", ["office_id"])
    op.create_table(
        "site_logo",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_site_logo_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_logo")),
    )


def downgrade() -> None:
    op.drop_table("site_logo")
    op.drop_table("former_address")
