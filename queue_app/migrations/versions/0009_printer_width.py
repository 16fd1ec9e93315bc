"""how many characters a printer puts on a line, beside the width of its paper"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not as a batch: print jobs and kiosks point at the table, and SQLite would have to drop it.
    op.execute(
        "ALTER TABLE printer ADD COLUMN columns INTEGER DEFAULT 48 NOT NULL "
        "CONSTRAINT ck_printer_columns CHECK (columns IN (32, 42, 48))"
    )
    op.execute("UPDATE printer SET columns = 32 WHERE width = '58'")


def downgrade() -> None:
    op.drop_column("printer", "columns")
