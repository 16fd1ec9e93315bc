"""attempts are counted for all processes together"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt_count",
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("counted", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("full_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rule", "counted", name=op.f("pk_attempt_count")),
    )
    op.create_index(op.f("ix_attempt_count_account"), "attempt_count", ["account"])
    op.create_index(op.f("ix_attempt_count_full_at"), "attempt_count", ["full_at"])


def downgrade() -> None:
    op.drop_table("attempt_count")
