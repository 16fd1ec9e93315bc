"""the places that an hour is to have, beside those that it has"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: SQLite cannot make a table anew while others point to it. Hours that the schedule dropped before
    # this migration count as planned until a schedule or quota is set again: nothing here says which they are.
    op.execute(
        "ALTER TABLE slot ADD COLUMN planned INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_slot_planned_within_capacity "
        "CHECK (planned >= 0 AND planned <= capacity)"
    )
    op.execute("UPDATE slot SET planned = capacity")


def downgrade() -> None:
    op.execute("ALTER TABLE slot DROP COLUMN planned")
