"""closures of only those hours that the schedule has dropped"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place, as in 0008.
    op.execute("ALTER TABLE closure ADD COLUMN only_dropped BOOLEAN DEFAULT FALSE NOT NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE closure DROP COLUMN only_dropped")
