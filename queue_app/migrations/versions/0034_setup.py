"""the site's own head, and the standard of service of what an office gives"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TEXTS = ("steps_id", "steps_en", "legal_basis")


def upgrade() -> None:
    op.create_table(
        "site",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("subtitle", sa.String(), nullable=False),
        sa.Column("brand_colour", sa.String(), nullable=False),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_site_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    # Plain ALTER TABLE on both databases: SQLite would otherwise copy a table that others refer to.
    for name in TEXTS:
        op.add_column("office_service", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("office_service", sa.Column("minutes", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("office_service", "minutes")
    for name in reversed(TEXTS):
        op.drop_column("office_service", name)
    op.drop_table("site")
